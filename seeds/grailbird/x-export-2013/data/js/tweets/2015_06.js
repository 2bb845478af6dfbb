Grailbird.data.tweets_2015_06 = 
 [
 {
  "source": "web",
  "retweeted_status": {
   "source": "web",
   "entities": {
    "user_mentions": [],
    "media": [],
    "hashtags": [],
    "urls": []
   },
   "geo": {},
   "id_str": "605180120479989761",
   "text": "Fog on the upper road, all of it, all the way to the bridge",
   "id": 605180120479989761,
   "created_at": "2015-06-01 01:12:39 +0000",
   "user": {
    "name": "Bea Weir",
    "screen_name": "beaweir",
    "id_str": "302",
    "id": 302,
    "protected": false,
    "verified": false
   }
  },
  "entities": {
   "user_mentions": [],
   "media": [],
   "hashtags": [],
   "urls": []
  },
  "geo": {},
  "id_str": "605190120479989762",
  "text": "RT @beaweir: Fog on the upper road, all of it, all the way to the bridge",
  "id": 605190120479989762,
  "created_at": "2015-06-01 01:52:23 +0000",
  "user": {
   "name": "Wick Lantern",
   "screen_name": "wicklantern",
   "id_str": "301",
   "id": 301,
   "protected": false,
   "verified": false
  }
 },
 {
  "source": "web",
  "entities": {
   "user_mentions": [],
   "media": [],
   "hashtags": [],
   "urls": []
  },
  "geo": {},
  "id_str": "605200120479989763",
  "text": "Walked it anyway.",
  "id": 605200120479989763,
  "created_at": "2015-06-01 02:32:07 +0000",
  "in_reply_to_status_id_str": "605180120479989761",
  "user": {
   "name": "Wick Lantern",
   "screen_name": "wicklantern",
   "id_str": "301",
   "id": 301,
   "protected": false,
   "verified": false
  }
 }
]
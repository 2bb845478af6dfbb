Grailbird.data.tweets_2010_05 = 
 [
 {
  "source": "web",
  "entities": {
   "user_mentions": [],
   "media": [],
   "hashtags": [],
   "urls": []
  },
  "geo": {},
  "id_str": "21990011",
  "text": "trying this &amp; seeing who is here",
  "id": 21990011,
  "created_at": "2010-05-02 00:00:00 +0000",
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
  "id_str": "21990012",
  "text": "@beaweir hello there",
  "id": 21990012,
  "created_at": "2010-05-03 00:00:00 +0000",
  "in_reply_to_screen_name": "beaweir",
  "in_reply_to_user_id": 302,
  "in_reply_to_status_id_str": "21990002",
  "in_reply_to_status_id": 21990002,
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
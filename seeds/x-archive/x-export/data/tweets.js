window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1750000000000000000"
          ],
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/t1de",
            "expanded_url": "https://example.org/tova/tables",
            "display_url": "example.org/tova/tables",
            "indices": [
              "76",
              "93"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "93"
      ],
      "favorite_count": "3",
      "retweet_count": "1",
      "id_str": "1750000000000000000",
      "id": "1750000000000000000",
      "truncated": false,
      "created_at": "Wed Jan 24 03:31:19 +0000 2024",
      "full_text": "The spring tide came 12 cm above the table &amp; nobody drowned. A thread \ud83e\uddf5 https://t.co/t1de",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1750252000000000000"
          ],
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [
          {
            "text": "SpringTide",
            "indices": [
              "78",
              "89"
            ]
          }
        ],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "89"
      ],
      "favorite_count": "3",
      "retweet_count": "1",
      "id_str": "1750252000000000000",
      "id": "1750252000000000000",
      "truncated": false,
      "created_at": "Wed Jan 24 03:32:19 +0000 2024",
      "full_text": "First the moon, then the wind, then what the sluice keeper had for breakfast. #SpringTide",
      "lang": "en",
      "in_reply_to_status_id_str": "1750000000000000000",
      "in_reply_to_user_id_str": "61",
      "in_reply_to_screen_name": "tova_dykes"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1750504000000000000"
          ],
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "269"
      ],
      "favorite_count": "3",
      "retweet_count": "1",
      "id_str": "1750504000000000000",
      "id": "1750504000000000000",
      "truncated": false,
      "created_at": "Wed Jan 24 03:33:19 +0000 2024",
      "full_text": "Second, the wind. It leans on the water for a night, and the water leans on the dyke, and the dyke leans on us. It leans on the water for a night, and the water leans on the dyke, and the dyke leans on us. It leans on the water for a night, and the w\u2026 https://t.co/l0ng",
      "lang": "en",
      "in_reply_to_status_id_str": "1750252000000000000",
      "in_reply_to_user_id_str": "61",
      "in_reply_to_screen_name": "tova_dykes"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1752268000000000000"
          ],
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "urls": [],
        "user_mentions": [
          {
            "name": "Odo Mills",
            "screen_name": "odo_mills",
            "indices": [
              "3",
              "13"
            ],
            "id_str": "88",
            "id": "88"
          }
        ]
      },
      "display_text_range": [
        "0",
        "118"
      ],
      "favorite_count": "3",
      "retweet_count": "1",
      "id_str": "1752268000000000000",
      "id": "1752268000000000000",
      "truncated": false,
      "created_at": "Wed Jan 24 03:40:19 +0000 2024",
      "full_text": "RT @odo_mills: The old mill at Farrow turns again, after forty years, a storm and two lawsuits &amp; the miller is ni\u2026",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1755040000000000000",
            "1755040000209715200"
          ],
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "30"
      ],
      "favorite_count": "3",
      "retweet_count": "1",
      "id_str": "1755040000209715200",
      "id": "1755040000209715200",
      "truncated": false,
      "created_at": "Wed Jan 24 03:51:19 +0000 2024",
      "full_text": "Low water at six. Bring boots.",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1755040000000000000",
            "1755040000209715200"
          ],
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "29"
      ],
      "favorite_count": "3",
      "retweet_count": "1",
      "id_str": "1755040000000000000",
      "id": "1755040000000000000",
      "truncated": false,
      "created_at": "Wed Jan 24 03:51:19 +0000 2024",
      "full_text": "Low water at six. Bring bots.",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1756300000000000000"
          ],
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [],
        "media": [
          {
            "expanded_url": "https://twitter.com/tova_dykes/status/1756300000000000000/photo/1",
            "indices": [
              "19",
              "41"
            ],
            "url": "https://t.co/pictures00",
            "media_url_https": "https://pbs.twimg.com/media/GTide1.jpg",
            "id_str": "9",
            "type": "photo",
            "display_url": "pic.twitter.com/pictures00"
          }
        ]
      },
      "display_text_range": [
        "0",
        "42"
      ],
      "favorite_count": "3",
      "retweet_count": "1",
      "id_str": "1756300000000000000",
      "id": "1756300000000000000",
      "truncated": false,
      "created_at": "Wed Jan 24 03:56:19 +0000 2024",
      "full_text": "What the tide left https://t.co/pictures00",
      "lang": "en",
      "extended_entities": {
        "media": [
          {
            "expanded_url": "https://twitter.com/tova_dykes/status/1756300000000000000/photo/1",
            "indices": [
              "19",
              "41"
            ],
            "url": "https://t.co/pictures00",
            "media_url_https": "https://pbs.twimg.com/media/GTide1.jpg",
            "id_str": "9",
            "type": "photo",
            "display_url": "pic.twitter.com/pictures00"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1757056000000000000"
          ],
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/qu0te",
            "expanded_url": "https://twitter.com/odo_mills/status/1750756000000000000",
            "display_url": "twitter.com/odo_mills/status/1750756000000000000",
            "indices": [
              "16",
              "34"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "34"
      ],
      "favorite_count": "3",
      "retweet_count": "1",
      "id_str": "1757056000000000000",
      "id": "1757056000000000000",
      "truncated": false,
      "created_at": "Wed Jan 24 03:59:19 +0000 2024",
      "full_text": "Read this first https://t.co/qu0te",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1756804000000000000"
          ],
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "urls": [],
        "user_mentions": [
          {
            "name": "Odo Mills",
            "screen_name": "odo_mills",
            "indices": [
              "0",
              "10"
            ],
            "id_str": "88",
            "id": "88"
          }
        ]
      },
      "display_text_range": [
        "0",
        "50"
      ],
      "favorite_count": "3",
      "retweet_count": "1",
      "id_str": "1756804000000000000",
      "id": "1756804000000000000",
      "truncated": false,
      "created_at": "Wed Jan 24 03:58:19 +0000 2024",
      "full_text": "@odo_mills Only if the miller is nice to the ducks",
      "lang": "en",
      "in_reply_to_status_id_str": "1756552000000000000",
      "in_reply_to_user_id_str": "88",
      "in_reply_to_screen_name": "odo_mills"
    }
  }
]
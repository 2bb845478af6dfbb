window.YTD.like.part0 = [
  {
    "like": {
      "tweetId": "1748740000000000000",
      "fullText": "Mud is the best archive",
      "expandedUrl": "https://twitter.com/i/web/status/1"
    }
  }
]
window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "991",
      "updatedAt": "2024-01-24T03:33:19.000Z",
      "createdAt": "2024-01-24T03:33:19.000Z",
      "lifecycle": {
        "value": "Live",
        "name": "Live"
      },
      "core": {
        "styletags": [],
        "urls": [],
        "text": "Second, the wind. It leans on the water for a night, and the water leans on the dyke, and the dyke leans on us. It leans on the water for a night, and the water leans on the dyke, and the dyke leans on us. It leans on the water for a night, and the water leans on the dyke, and the dyke leans on us. It leans on the water for a night, and the water leans on the dyke, and the dyke leans on us. Measured & kept.",
        "mentions": [],
        "cashtags": [],
        "hashtags": []
      }
    }
  }
]
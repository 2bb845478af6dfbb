window.YTD.profile.part0 = [
  {
    "profile": {
      "description": {
        "bio": "Dyke warden & tide tables. Mud is data",
        "website": "https://example.org/tova",
        "location": "Zeeburg"
      }
    }
  }
]
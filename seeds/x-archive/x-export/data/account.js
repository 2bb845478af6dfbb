window.YTD.account.part0 = [
  {
    "account": {
      "username": "tova_dykes",
      "accountId": "61",
      "accountDisplayName": "Tova Dykes",
      "createdAt": "2009-05-01T08:00:00.000Z"
    }
  }
]
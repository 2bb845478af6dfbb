var user_details =  {
 "screen_name": "wicklantern",
 "location": "Fen End",
 "full_name": "Wick Lantern",
 "bio": "Keeper of small lights",
 "id": "301",
 "created_at": "2009-04-06 01:38:20 +0000"
}
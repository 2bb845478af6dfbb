"""What is known about post text on any platform: encodings, markup, mentions, tags and links."""

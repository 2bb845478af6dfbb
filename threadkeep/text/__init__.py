"""Text of posts: entities, HTML, mojibake, control characters."""

-- threadkeep archive, schema 2: what schema 1 did not hold of a post.

ALTER TABLE posts ADD COLUMN poll TEXT NOT NULL DEFAULT '[]';  -- JSON: the options of its poll, text and votes
ALTER TABLE links ADD COLUMN description TEXT;  -- of a card, below its title

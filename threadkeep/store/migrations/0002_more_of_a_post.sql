-- threadkeep archive, schema 2: what schema 1 did not hold of a post.

ALTER TABLE posts ADD COLUMN poll TEXT NOT NULL DEFAULT '[]';  -- JSON: the options of its poll, text and votes
ALTER TABLE links ADD COLUMN description TEXT;  -- of a card, below its title
ALTER TABLE posts ADD COLUMN edited TEXT;     -- JSON: when the version shown was written, of an edited post
ALTER TABLE sources ADD COLUMN exported TEXT; -- when the network made the export, 2024-05-01T12:00:00.000000Z

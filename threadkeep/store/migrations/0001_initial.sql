-- threadkeep archive, schema 1. Every time is UTC, every length counts Unicode code points, NULL means unknown.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,         -- 'revision': counted up by every change; 'token': random, made with the archive
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sources (                      -- the dumps, each kept as it came in sources/
    id INTEGER NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,            -- of the dump's bytes; also its name in sources/
    path TEXT NOT NULL,                     -- where it was read from, '-' for standard input
    bytes INTEGER NOT NULL,
    encoding TEXT,                          -- of its text, as found
    format TEXT NOT NULL,                   -- the parser that read it
    parser_version INTEGER NOT NULL,        -- that parser's VERSION then
    options TEXT NOT NULL,                  -- JSON: what the person importing told: author, owner, posts, split, starts
    owner TEXT,                             -- handle of the account that made the dump
    imported TEXT NOT NULL,                 -- when it was first imported, 2024-05-01T12:00:00.000000Z
    entries INTEGER NOT NULL,               -- what its last reading gave: records, skipped and problems together
    skipped TEXT NOT NULL,                  -- JSON: reason -> how many
    to_check INTEGER NOT NULL               -- boundaries between posts that a person should look at
);

CREATE TABLE accounts (
    id INTEGER NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,                 -- x, bluesky, mastodon, web, text
    ref TEXT NOT NULL,                      -- native id; '~' and the handle where a dump shows none
    handle TEXT,                            -- without @
    name TEXT,
    bio TEXT,
    url TEXT,
    followers INTEGER,                      -- the three counts as a dump states them
    following INTEGER,
    posts INTEGER,
    UNIQUE (platform, ref)
);
CREATE INDEX accounts_by_handle ON accounts (handle COLLATE NOCASE);

CREATE TABLE posts (
    id INTEGER NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- native id; '~' and a fingerprint of author and text where a dump shows none
    author INTEGER REFERENCES accounts (id),
    title TEXT,                             -- of an article, a publication, a project
    text TEXT NOT NULL,
    created TEXT,                           -- 2024-05-01T12:00:00.000000Z, the first moment of what is known
    precision TEXT,                         -- how much of created is known: second, day, month, year
    origin TEXT,                            -- stated by the dump, or derived from an id
    url TEXT,
    reply_to TEXT,                          -- ref of the post it answers, on the same platform, held or not
    root TEXT,                              -- ref of the first post of its conversation, where a dump states it
    above INTEGER REFERENCES posts (id) ON DELETE SET NULL,  -- derived: the held post it hangs below in its thread
    thread INTEGER NOT NULL,                -- derived: posts.id of its thread's first held post; its own where it stands alone
    language TEXT,                          -- BCP 47
    warning TEXT,                           -- content warning
    visibility TEXT,                        -- public, unlisted, followers, direct
    counts TEXT NOT NULL,                   -- JSON: replies, reposts, likes, quotes, views
    edits TEXT NOT NULL,                    -- JSON: earlier versions
    inferred TEXT NOT NULL,                 -- JSON: what was concluded rather than read: split, thread, author, created
    words TEXT,                             -- letters of the text, by which a post without a native id is known again
    revision INTEGER NOT NULL,              -- the archive's revision when it last changed; feeds the index
    UNIQUE (platform, ref)
);
CREATE INDEX posts_by_revision ON posts (revision);
CREATE INDEX posts_by_thread ON posts (thread);
CREATE INDEX posts_by_author ON posts (author, words);
CREATE INDEX posts_cut ON posts (author) WHERE words LIKE '%…' AND ref LIKE '~%';
CREATE INDEX posts_private ON posts (id) WHERE visibility IN ('followers', 'direct');
CREATE INDEX posts_by_above ON posts (above) WHERE above IS NOT NULL;
CREATE INDEX posts_by_reply_to ON posts (platform, reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX posts_by_root ON posts (platform, root) WHERE root IS NOT NULL;
CREATE INDEX posts_by_url ON posts (url) WHERE url IS NOT NULL;

CREATE TABLE circles (                      -- derived: posts that hang below nothing, to open a circle of replies
    post INTEGER NOT NULL PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE
);

CREATE TABLE links (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,              -- order within the post, from 0
    url TEXT,
    text TEXT,                              -- as it reads in the post
    title TEXT,                             -- of a card
    start INTEGER,                          -- code points of posts.text; NULL for a card below it
    "end" INTEGER,
    PRIMARY KEY (post, position)
) WITHOUT ROWID;

CREATE TABLE media (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,                     -- image, video, gif, audio
    url TEXT,
    file TEXT,                              -- name of our copy in media/
    alt TEXT,                               -- description for those who cannot see it
    PRIMARY KEY (post, position)
) WITHOUT ROWID;

CREATE TABLE tags (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    tag TEXT NOT NULL,                      -- without #, as written
    PRIMARY KEY (post, position)
) WITHOUT ROWID;

CREATE TABLE mentions (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    handle TEXT NOT NULL,                   -- without @
    PRIMARY KEY (post, position)
) WITHOUT ROWID;

CREATE TABLE quotes (
    post INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- the quoted post, held or not
    PRIMARY KEY (post, position)
) WITHOUT ROWID;

CREATE TABLE reposts (
    id INTEGER NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts (id),
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- the post passed on, held or not
    created TEXT,
    precision TEXT,
    origin TEXT,
    UNIQUE (account, platform, ref)
);
CREATE INDEX reposts_by_post ON reposts (platform, ref);

CREATE TABLE pins (
    id INTEGER NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts (id),
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- the pinned post, held or not
    UNIQUE (account, platform, ref)
);
CREATE INDEX pins_by_post ON pins (platform, ref);

CREATE TABLE gaps (                         -- posts known to be missing
    id INTEGER NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- the missing post
    reason TEXT NOT NULL,                   -- not found, blocked, deleted
    UNIQUE (platform, ref)
);

CREATE TABLE aliases (                      -- other refs of a record: '~' ids of what is now known by its native id
    kind TEXT NOT NULL CHECK (kind IN ('account', 'post')),
    platform TEXT NOT NULL,
    ref TEXT NOT NULL,                      -- as a dump had it
    record INTEGER NOT NULL,                -- id in the table of that kind
    PRIMARY KEY (kind, platform, ref)
) WITHOUT ROWID;
CREATE INDEX aliases_by_record ON aliases (kind, record);

CREATE TABLE captures (                     -- which dump showed which record, and where
    kind TEXT NOT NULL CHECK (kind IN ('account', 'post', 'repost', 'pin', 'gap')),
    record INTEGER NOT NULL,                -- id in the table of that kind
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    locator TEXT NOT NULL,                  -- where in the dump: 'line 12', 'tweets.js 812'
    payload TEXT,                           -- JSON: what this dump showed, where it differs from the record as merged
    origins TEXT,                           -- JSON: the dumps an earlier archive had it from, for what came by its export
    PRIMARY KEY (kind, record, source)
) WITHOUT ROWID;
CREATE INDEX captures_by_source ON captures (source);

CREATE TABLE problems (                     -- entries that could not be read
    id INTEGER NOT NULL PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    locator TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL                       -- the entry itself, cut at 4,000 characters; the whole stands in the kept dump
);
CREATE INDEX problems_by_source ON problems (source);

CREATE TABLE removed (                      -- posts that are no more, for the index to forget
    post INTEGER NOT NULL PRIMARY KEY,      -- what posts.id was; never given again
    revision INTEGER NOT NULL               -- the archive's revision that removed it
);
CREATE INDEX removed_by_revision ON removed (revision);

"""What a backup says of itself to whoever finds it, with or without threadkeep."""

README = """\
A BACKUP OF A THREADKEEP ARCHIVE
================================

This folder holds posts and threads that somebody saved from social networks, and
everything they were read from. No special program is needed to read it: only one
that shows text, one that unpacks gzip and zip, and, if you like, one that opens
SQLite databases.

    2026-05-01T120000Z/     the archive as it was at that moment (UTC); there may
                            be several such folders, the last by name is the newest
        records.jsonl       every account, post, repost and pin, and every gap
        sources.jsonl       every dump that they were read from
        threadkeep.db       the same and more, as an SQLite 3 database
        config.toml, searches.toml
                            settings, where there were any
        manifest.json       every file of this state, with its size and SHA-256
        SHA256SUMS          the same for the program sha256sum
        README.txt          this text
    sources/                the dumps as they came
    media/                  pictures, videos and sounds that came with them

Reading it
----------
records.jsonl is text in UTF-8. Every line is one record in JSON (RFC 8259):
"type" says what it is. A post has its "author", its "text", when it was "created"
(UTC, as far as "precision" says), the post it answers ("reply_to"), the first
post of its "thread", its "links", its "media", and the dumps that showed it
("sources"). null means: not known. Posts with "visibility" "followers" or
"direct" were not written for everyone; please treat them so.

sources/ holds each dump under its SHA-256, the first two letters being a folder:
.gz is the dump packed with gzip, .zip and .tar.gz are as they came (or a folder
packed into a zip). sources.jsonl says, a line each, what every one was called,
when it was imported, and as what. media/ holds files under their SHA-256, each
with its usual ending; "file" in a record's "media" names them.

threadkeep.db explains itself: its tables have a comment at every column
(sqlite3 threadkeep.db .schema).

Checking it
-----------
In this folder, with the name of a state:

    sha256sum --check --quiet 2026-05-01T120000Z/SHA256SUMS

or, with threadkeep: threadkeep verify THIS-FOLDER

Bringing it back
----------------
    threadkeep --archive NEW-FOLDER restore THIS-FOLDER

Without threadkeep nothing needs to be brought back: all of it is readable here.
"""

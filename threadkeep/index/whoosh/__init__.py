"""The default engine: Whoosh's files with postings, term dictionary and scoring of our own."""

"""The default engine: an index in Whoosh's files, with postings, matching and ranking of our own.

Whoosh keeps the folder: segments, generations, locks, deletions, the term dictionary, columns. It does not store or
score postings here. Its own run through one Python object a posting and cannot say how many hits there are without
scoring them all; ``codec`` and ``postings`` keep a word's postings in one piece that the standard library's C code
reads.
"""

from threadkeep.index.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]

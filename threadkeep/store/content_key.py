"""Candidates for what a post without a native id is: posts by the same author with the same letters.

    "Frost again. https://t.co/x"  pasted         letters "frostagain", links do not count
    "Frost again. example.com/…"   from a page    the same letters: perhaps the same post

Whether it is that post, ``identity`` decides, by all that is shown; ids decide wherever both have one.
"""

import hashlib
import re
import unicodedata

from threadkeep.records import Post
from threadkeep.store.visible_text import LETTERS_OF_A_CUT_TEXT

KEPT_LETTERS = 96
"""How many letters of a text stand in the key as they are; the rest counts through a hash."""

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*", re.I)
_NO_LETTERS = re.compile(r"[\W_]+")
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_LEADING_MENTIONS = re.compile(r"(?:\s*@[\w.-]+)+\s+")


def content_key(post: Post) -> str | None:
    """The key by which ``post`` is known again; ``None`` where its text is too little to tell.

    ``letters#hash`` of a whole text, ``letters…`` of a cut one. Case, punctuation, white space and mentions before a
    reply do not count.
    """
    text = post.text
    if mentions := _LEADING_MENTIONS.match(text):
        text = text[mentions.end() :]
    may_link = _may_link(text)
    without_links = _letters(_without_links(text) if may_link else text)
    if "truncated" in post.inferred:
        return without_links[:KEPT_LETTERS] + "…" if len(without_links) >= LETTERS_OF_A_CUT_TEXT else None
    letters = without_links or _letters(text)
    if not letters:
        return None
    return f"{letters[:KEPT_LETTERS]}#{hashlib.sha256(letters.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _may_link(text: str) -> bool:
    return "/" in text or ("." in text and "www." in text.lower())


def _without_links(text: str) -> str:
    """Word by word: no link goes on behind a blank, and most words need no look."""
    return " ".join([_LINK.sub(" ", word) if _may_link(word) else word for word in text.split()])


def _letters(text: str) -> str:
    if text.isascii():
        return text.lower().encode("ascii").translate(None, _NO_ASCII_LETTERS).decode("ascii")
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


_SHARED_WORDS = 0.4
"""Two renderings of one text share more of their words than this, two texts fewer."""


def contradicts(one: Post, other: Post) -> bool:
    """Whether one source shows two posts under one id: another author, or other words that are not said to be an edit.

    A cut text, one with its poll or its mentions, and one with other links or markup are the same words.
    """
    authors = one.author, other.author
    if authors[0] and authors[1] and authors[0] != authors[1] and authors[0].is_native == authors[1].is_native:
        return True
    if one.edited or other.edited or one.text in _versions(other) or other.text in _versions(one):
        return False
    first, second = (_without_links(_LEADING_MENTIONS.sub("", post.text, count=1)) for post in (one, other))
    letters = _letters(first), _letters(second)
    if letters[0].startswith(letters[1]) or letters[1].startswith(letters[0]):
        return False
    words = set(first.casefold().split()), set(second.casefold().split())
    return len(words[0] & words[1]) < _SHARED_WORDS * min(len(words[0]), len(words[1]))


def _versions(post: Post) -> set[str]:
    return {edit.text for edit in post.edits}

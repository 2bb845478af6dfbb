"""Title a post that has none: its first line, cut at the end of a sentence or word.

"We try X.\\nIt works."  -> "We try X."
"Look! https://t.co/a1" -> "Look!"
"" with a picture       -> the picture's description
"""

import re
import unicodedata
from itertools import chain

from threadkeep.exporters._markdown_escape import one_line
from threadkeep.records import Account, StoredPost

LONGEST = 80
"""The most characters of a derived title."""

_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？]")
_SHORTEST = 20


def title_of(stored: StoredPost) -> str:
    """Return the post's own title, or one derived from its content: one line, never empty."""
    post = stored.post
    if post.title and (title := one_line(post.title)):
        return title
    lines = [one_line(row) for row in post.text.split("\n")]
    worded = map(_without_links_at_end, lines)
    alts = (one_line(media.alt or "") for media in post.media)
    cards = (one_line(link.title or link.text or "") for link in post.links)
    for words in chain(worded, alts, cards, lines):
        if words:
            return _shortened(words)
    name = name_of(stored.author)
    return f"Post by {name}" if name else "Untitled post"


def _without_links_at_end(line: str) -> str:
    """Drop links at the end: they say nothing in a title or a file name."""
    words = line.split(" ")
    while words and words[-1].startswith(("https://", "http://")):
        words.pop()
    return " ".join(words)


def name_of(account: Account | None) -> str | None:
    """Return the account's name, or else its handle."""
    if account is None:
        return None
    return one_line(account.name or "") or one_line(account.handle or "") or None


def _shortened(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    sentence = _SENTENCE_END.search(words, _SHORTEST, LONGEST)
    if sentence:
        return words[: sentence.end()]
    end = words.rfind(" ", LONGEST // 2, LONGEST)
    if end < 0:
        end = LONGEST - 1
        # Do not cut before a combining mark or inside a sequence with a joiner.
        while end > 1 and (unicodedata.category(words[end])[0] == "M" or "\u200d" in words[end - 1 : end + 1]):
            end -= 1
    return f"{words[:end].rstrip(' ,;:–—-')}…"

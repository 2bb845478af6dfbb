"""What to call a post that has no title: its first line, cut where a sentence or a word ends.

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
"""How many characters a title made here has at most."""

_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？]")
_SHORTEST = 20


def title_of(stored: StoredPost) -> str:
    """The post's own title whole, or one made of what the post shows; never empty, always one line."""
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
    """Links say nothing to a reader at the end of a title, and less in the name of a file."""
    words = line.split(" ")
    while words and words[-1].startswith(("https://", "http://")):
        words.pop()
    return " ".join(words)


def name_of(account: Account | None) -> str | None:
    """What to call someone: the name, else the handle."""
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
        # Neither a mark nor what a joiner ties on may lose the letter before it.
        while end > 1 and (unicodedata.category(words[end])[0] == "M" or "\u200d" in words[end - 1 : end + 1]):
            end -= 1
    return f"{words[:end].rstrip(' ,;:–—-')}…"

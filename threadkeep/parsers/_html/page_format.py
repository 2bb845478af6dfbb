"""The skeleton of a page parser, and what the posts of saved pages have in common, whichever site they are of.

_PAGES = PageFormat(signs, marks, lay_out)       recognizes and entries are its methods; lay_out gives the entries
with_thread(post, above, first)                  the post as an answer to ``above`` in the thread of ``first``, inferred
cut_short(post)                                  the post with "truncated" among what is inferred
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from threadkeep.errors import DumpError
from threadkeep.parsers._html.cutter import Block, Head, Marks, cut, head_of, looked_at, read_page
from threadkeep.parsers.entry import Entry
from threadkeep.records import Account, Post, Ref
from threadkeep.sources.source import Source

PROFILE = "profile"
"""The locator of a profile's header, which is not a post."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page cut into blocks: its markup, what its head says, and the blocks in its order."""

    text: str
    head: Head
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PageFormat:
    """A format of saved pages: the signs it is recognized by, the marks of its blocks, and what their order says.

    ``lay_out`` gives the entries of a page: the header of a profile under the locator ``PROFILE``, and the posts.
    """

    signs: tuple[re.Pattern[str], ...]
    marks: Marks
    lay_out: Callable[[SavedPage], Iterator[Entry]]

    def recognizes(self, source: Source) -> bool:
        """Whether the source is a page that has every one of the signs in it."""
        page = looked_at(source)
        return bool(page) and all(sign.search(page) for sign in self.signs)

    def entries(self, source: Source) -> Iterator[Entry]:
        """The header and the posts of the page. Raises DumpError where there is no post."""
        text = read_page(source)
        is_empty = True
        for entry in self.lay_out(SavedPage(text, head_of(text), tuple(cut(text, self.marks)))):
            is_empty = is_empty and entry.locator == PROFILE
            yield entry
        if is_empty:
            raise DumpError(
                f"{source.name}: there is no post on the page",
                "save it as a complete page once the posts can be seen",
            )


@dataclass(slots=True)
class Accounts:
    """The accounts a page has shown so far, so that each becomes one record."""

    given: set[Ref] = field(default_factory=set)

    def new(self, *accounts: Account | None) -> Iterator[Account]:
        """Those of ``accounts`` that were not given before."""
        for account in accounts:
            if account is not None and account.ref not in self.given:
                self.given.add(account.ref)
                yield account


def with_thread(post: Post, reply_to: Ref | None, root: Ref | None) -> Post:
    """``post`` in the conversation it stands in on the page, which is inferred."""
    root = None if root == post.ref else root
    if reply_to is None and root is None:
        return post
    return replace(post, reply_to=reply_to, root=root, inferred=tuple(sorted({*post.inferred, "thread"})))


def cut_short(post: Post) -> Post:
    """``post``, of whose text the page shows the beginning only."""
    return replace(post, inferred=tuple(sorted({*post.inferred, "truncated"})))


def mentioning(post: Post, handles: Iterable[str]) -> Post:
    """``post`` with the handles of those it answers before those in its text."""
    known: dict[str, str] = {}
    for handle in (*handles, *post.mentions):
        known.setdefault(handle.casefold(), handle)
    return replace(post, mentions=tuple(known.values()))

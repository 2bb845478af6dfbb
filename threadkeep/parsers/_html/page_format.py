"""What the posts of saved pages have in common, whichever site they are of: threads, cut texts, whom they name.

with_thread(post, above, first)   -> the post as an answer to ``above`` in the thread of ``first``, as concluded
cut_short(post)                   -> the post with "truncated" among what was concluded
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from threadkeep.records import Account, Post, Ref


@dataclass(slots=True)
class Accounts:
    """The accounts a page has shown so far, so that each is given once."""

    given: set[Ref] = field(default_factory=set)

    def new(self, *accounts: Account | None) -> Iterator[Account]:
        """Those of ``accounts`` that were not given before."""
        for account in accounts:
            if account is not None and account.ref not in self.given:
                self.given.add(account.ref)
                yield account


def with_thread(post: Post, reply_to: Ref | None, root: Ref | None) -> Post:
    """``post`` in the conversation it stands in on the page, which is a conclusion."""
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

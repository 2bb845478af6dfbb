"""Conclude from a copied page which posts hang together: a quote from its nesting, a thread from its announcement.

    newest first            oldest first
    Glazing, at last.       How I fire a kiln 🧵
    First, I dry it.        First, I dry it.
    How I fire a kiln 🧵    Glazing, at last.

Pages do not say what answers what. An author's own run of posts is taken for a thread where its first post announces
one; posts that came later and have nothing to do with it are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from threadkeep.parsers.bluesky._paste_body import Body
from threadkeep.parsers.bluesky._paste_headers import Head
from threadkeep.parsers.bluesky._thread_cues import announces, goes_on, number_of, opens_as_next, starts_anew, stems_of
from threadkeep.records import Ref

_AGE = re.compile(r"(\d{1,3})\s?(s|m|h|d|w|mo|y)\b", re.I)
_HOURS = {"s": 1 / 3600, "m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0, "mo": 720.0, "y": 8640.0}


@dataclass(slots=True)
class Item:
    """A post on its page: what stands above it, its parts, its identity, and what was concluded about it."""

    head: Head
    body: Body
    ref: Ref
    author: Ref | None
    locator: str
    raw: str
    repeated: bool = False
    quotes: list[Ref] = field(default_factory=list)
    quoted: bool = False
    reply_to: Ref | None = None
    root: Ref | None = None
    split: bool = False

    @property
    def inferred(self) -> tuple[str, ...]:
        """What of the post was concluded rather than read, in the words of ``Post.inferred``."""
        concluded = {
            "split": self.split,
            "thread": self.reply_to is not None or self.root is not None,
            "truncated": self.body.truncated,
        }
        return tuple(name for name, holds in concluded.items() if holds)


def nest_quotes(items: Sequence[Item], owner: Ref | None, *, profile: bool) -> None:
    """Hang quoted posts under those that quote them, and give what stands below both to the outer one.

    On a profile, whoever is neither its owner nor reposted is quoted, unless the owner's next post says it answers
    them. On the page of one post, what stands between that post and its date is quoted.
    """
    answered: set[Ref] = set()
    if profile:
        for upper, lower in pairwise(items):
            if lower.author == owner and upper.author != owner and _answers(lower, upper):
                lower.reply_to = upper.ref
                answered.add(upper.ref)
    for outer, inner in pairwise(items):
        if outer.quoted or inner.ref in answered:
            continue
        if _is_quoted(outer, inner, owner) if profile else _is_within(outer, inner):
            outer.quotes.append(inner.ref)
            inner.quoted = True
            _give_below(inner, outer)


def _answers(post: Item, above: Item) -> bool:
    named = (post.body.replied or post.head.replied or "").lstrip("@").casefold()
    return named in {name.casefold() for name in (above.head.name, above.head.handle, "a post") if name}


def _is_quoted(outer: Item, inner: Item, owner: Ref | None) -> bool:
    if inner.author in (None, owner) or inner.head.reposter or inner.head.pinned or outer.body.counted:
        return False
    return outer.author == owner or outer.head.reposter is not None


def _is_within(outer: Item, inner: Item) -> bool:
    return not outer.head.timed and inner.head.timed and inner.body.of_page and not outer.body.of_page


def _give_below(inner: Item, outer: Item) -> None:
    below = inner.body
    outer.body = replace(
        outer.body,
        counts=outer.body.counts | below.counts,
        created=outer.body.created or below.created,
        counted=below.counted,
        of_page=below.of_page,
    )
    inner.body = replace(below, counts={}, created=None, counted=False, of_page=False)


def infer_threads(items: Sequence[Item], owner: Ref | None, *, profile: bool) -> None:
    """Set what each post answers, and the root of its thread, as far as the page gives that away."""
    if not profile and sum(item.body.of_page for item in items) == 1:
        _set_conversation(items)
        return
    # A pinned post stands on top whatever its age, so its place says nothing.
    placed = [item for item in items if not (item.quoted or item.head.pinned)]
    found: dict[Ref, tuple[Ref, Ref]] = {}
    for run in _runs(placed, owner if profile else None):
        newest_first = _is_newest_first(run, profile=profile)
        for thread in _threads(run[::-1] if newest_first else run, trimmed=profile):
            for upper, lower in pairwise(thread):
                found.setdefault(lower.ref, (upper.ref, thread[0].ref))
    for item in items:
        if item.ref in found and item.reply_to is None:
            item.reply_to, item.root = found[item.ref]


def _set_conversation(items: Sequence[Item]) -> None:
    """The page of one post: its author's run from the top is a thread, and what others say hangs below its root."""
    root = items[0]
    last: Item | None = root
    seen = {root.ref}
    for item in items[1:]:
        if item.quoted or item.ref in seen:
            continue
        seen.add(item.ref)
        if last is not None and item.author == root.author and item.author is not None:
            item.reply_to, last = last.ref, item
        else:
            last = None
        item.root = root.ref


def _runs(items: Sequence[Item], owner: Ref | None) -> Iterator[list[Item]]:
    """Posts of one author in a row, each once; a repost, another's post, or an answer to another ends the row."""
    run: list[Item] = []
    for item in items:
        alone = item.author is None or item.head.reposter is not None or _answers_another(item)
        if alone or (run and run[-1].author != item.author) or (owner is not None and item.author != owner):
            yield run
            run = []
        if not alone and item.author == (owner or item.author) and all(item.ref != other.ref for other in run[-50:]):
            run.append(item)
    yield run


def _answers_another(item: Item) -> bool:
    return bool(item.body.replied or item.head.replied) and not _answers_own(item)


def _answers_own(item: Item) -> bool:
    """Whether the page says that a post answers one of its own author."""
    named = (item.body.replied or item.head.replied or "").lstrip("@").casefold()
    return bool(named) and named in {(item.head.name or "").casefold(), (item.head.handle or "").casefold()}


def _is_newest_first(run: Sequence[Item], *, profile: bool) -> bool:
    """The order of a run: its numbers say it, else what opens it; profiles show the newest first."""
    numbers = [number[0] for item in run if (number := number_of(item.body.text))]
    rising = sum(upper < lower for upper, lower in pairwise(numbers))
    falling = sum(upper > lower for upper, lower in pairwise(numbers))
    if rising != falling:
        return falling > rising
    if not run or not announces(run[0].body.text) or announces(run[-1].body.text):
        return True
    # A thread on top of the page, or the newest of many posts: only the words of what follows can tell.
    following = run[1:]
    going_on = sum(opens_as_next(item.body.text) for item in following)
    return profile and going_on * 2 < len(following)


def _threads(run: Sequence[Item], *, trimmed: bool) -> Iterator[list[Item]]:
    """The threads in a run, oldest first. ``trimmed``: without the posts at the end that have nothing to do with it."""
    thread: list[Item] = []
    pending: list[Item] = []
    stems: set[str] = set()
    before: Item | None = None
    for item in run:
        text = item.body.text
        own = stems_of(text)
        shared = len(own & stems)
        if announces(text):
            yield thread
            thread, pending, stems = [item], [], own
        elif not thread and before is not None and _answers_own(item):
            thread, pending, stems = [before, item], [], stems_of(before.body.text) | own
        elif thread and (_is_complete(thread) or _is_apart(thread[0], item) or (trimmed and starts_anew(text, shared))):
            yield thread
            thread, pending = [], []
        elif thread:
            pending.append(item)
            if not trimmed or _answers_own(item) or goes_on(text, shared, adjacent=len(pending) == 1):
                thread += pending
                stems |= own
                pending = []
        before = item
    yield thread


def _is_complete(thread: Sequence[Item]) -> bool:
    number = number_of(thread[0].body.text)
    return number is not None and number[1] is not None and len(thread) >= number[1]


def _is_apart(root: Item, item: Item) -> bool:
    """Whether the times beside two posts rule out that they were written as one thread."""
    if root.head.when is None or item.head.when is None or root.head.when == item.head.when:
        return False
    ages = [_AGE.fullmatch(when) for when in (root.head.when, item.head.when)]
    if ages[0] is None or ages[1] is None:
        return True
    hours = [int(age[1]) * _HOURS[age[2].lower()] for age in ages if age]
    unit = max(_HOURS[age[2].lower()] for age in ages if age)
    return abs(hours[0] - hours[1]) > max(unit, 1.0)

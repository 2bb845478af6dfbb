"""Infer from a copied page which posts belong together: a quote by its nesting, a thread by its announcement.

    newest first            oldest first
    Glazing, at last.       How I fire a kiln 🧵
    First, I dry it.        First, I dry it.
    How I fire a kiln 🧵    Glazing, at last.

Pages do not say what answers what. A run of posts by one author is a thread if its first post announces one; later
posts on another subject are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from threadkeep.parsers.bluesky._paste_body import PostBody
from threadkeep.parsers.bluesky._paste_region import PostHeader
from threadkeep.parsers.bluesky._thread_cues import (
    announces_thread,
    continues_thread,
    opens_as_continuation,
    starts_new_topic,
    thread_number,
    word_stems,
)
from threadkeep.records import Ref

_AGE = re.compile(r"(\d{1,3})\s?(s|m|h|d|w|mo|y)\b", re.I)
_HOURS = {"s": 1 / 3600, "m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0, "mo": 720.0, "y": 8640.0}


@dataclass(slots=True)
class PastedPost:
    """A post on its page: its header and body, its identity, and its inferred quotes and thread."""

    header: PostHeader
    body: PostBody
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
        """The parts of the post that were inferred, in the words of ``Post.inferred``."""
        parts = {
            "split": self.split,
            "thread": self.reply_to is not None or self.root is not None,
            "created": self.body.dated_by_copy and self.body.created is not None,
            "truncated": self.body.truncated,
        }
        return tuple(name for name, is_inferred in parts.items() if is_inferred)


def assign_quotes(posts: Sequence[PastedPost], owner: Ref | None, *, profile: bool) -> None:
    """Assign quoted posts to those that quote them, and the counts below both to the outer one.

    On a profile, a post that is neither the owner's nor reposted is quoted, unless the owner's next post says that it
    replies to it. On the page of one post, a post between that one and its date is quoted.
    """
    answered: set[Ref] = set()
    if profile:
        for upper, lower in pairwise(posts):
            if lower.author == owner and upper.author != owner and _answers(lower, upper):
                lower.reply_to = upper.ref
                answered.add(upper.ref)
    for outer, inner in pairwise(posts):
        if outer.quoted or inner.ref in answered:
            continue
        if _is_quoted(outer, inner, owner) if profile else _is_quoted_in_thread_page(outer, inner):
            outer.quotes.append(inner.ref)
            inner.quoted = True
            _move_footer(inner, outer)


def _answers(post: PastedPost, above: PastedPost) -> bool:
    named = (post.body.replied or post.header.replied or "").lstrip("@").casefold()
    return named in {name.casefold() for name in (above.header.name, above.header.handle, "a post") if name}


def _is_quoted(outer: PastedPost, inner: PastedPost, owner: Ref | None) -> bool:
    if inner.author in (None, owner) or inner.header.reposter or inner.header.pinned or outer.body.counted:
        return False
    return outer.author == owner or outer.header.reposter is not None


def _is_quoted_in_thread_page(outer: PastedPost, inner: PastedPost) -> bool:
    return not outer.header.timed and inner.header.timed and inner.body.of_page and not outer.body.of_page


def _move_footer(inner: PastedPost, outer: PastedPost) -> None:
    """Move counts and date from a quoted post to the one that quotes it."""
    below = inner.body
    outer.body = replace(
        outer.body,
        counts=outer.body.counts | below.counts,
        created=outer.body.created or below.created,
        counted=below.counted,
        of_page=below.of_page,
    )
    inner.body = replace(below, counts={}, created=None, counted=False, of_page=False)


def infer_threads(posts: Sequence[PastedPost], owner: Ref | None, *, profile: bool) -> None:
    """Set the parent and the root of each post, as far as the page shows them."""
    if not profile and sum(post.body.of_page for post in posts) == 1:
        _set_conversation(posts)
        return
    # A pinned post stands on top whatever its age, so its place says nothing.
    placed = [post for post in posts if not (post.quoted or post.header.pinned)]
    found: dict[Ref, tuple[Ref, Ref]] = {}
    for run in _author_runs(placed, owner if profile else None):
        newest_first = _is_newest_first(run, profile=profile)
        for thread in _threads(run[::-1] if newest_first else run, trimmed=profile):
            for upper, lower in pairwise(thread):
                found.setdefault(lower.ref, (upper.ref, thread[0].ref))
    for post in posts:
        if post.ref in found and post.reply_to is None:
            post.reply_to, post.root = found[post.ref]


def _set_conversation(posts: Sequence[PastedPost]) -> None:
    """The page of one post: its author's run from the top is a thread, and posts of others belong to its root.

    Below the post of another, its author's post is the answer to that, and what the other says next the answer to it.
    """
    root = posts[0]
    run: PastedPost | None = root
    above: list[PastedPost] = []
    seen = {root.ref}
    for post in posts[1:]:
        if post.quoted or post.ref in seen:
            continue
        seen.add(post.ref)
        post.root = root.ref
        if run is not None and post.author == root.author and post.author is not None:
            post.reply_to, run = run.ref, post
            continue
        run = None
        if above and _answers_above(post, above, root):
            post.reply_to = above[-1].ref
            above.append(post)
        else:
            above = [post]


def _answers_above(post: PastedPost, above: Sequence[PastedPost], root: PastedPost) -> bool:
    """Whether a post stands in the exchange ``above`` it between the root's author and one other person."""
    last = above[-1]
    if post.author is None or last.author is None or post.author == last.author or last.body.counts.get("replies") == 0:
        return False
    return post.author == root.author or (len(above) > 1 and post.author == above[-2].author)


def _author_runs(posts: Sequence[PastedPost], owner: Ref | None) -> Iterator[list[PastedPost]]:
    """Consecutive posts of one author, each once; a repost, another's post, or a reply to another ends the run."""
    run: list[PastedPost] = []
    for post in posts:
        alone = post.author is None or post.header.reposter is not None or _answers_another(post)
        if alone or (run and run[-1].author != post.author) or (owner is not None and post.author != owner):
            yield run
            run = []
        if not alone and post.author == (owner or post.author) and all(post.ref != other.ref for other in run[-50:]):
            run.append(post)
    yield run


def _answers_another(post: PastedPost) -> bool:
    return bool(post.body.replied or post.header.replied) and not _answers_own(post)


def _answers_own(post: PastedPost) -> bool:
    """Whether the page says that a post replies to its own author."""
    named = (post.body.replied or post.header.replied or "").lstrip("@").casefold()
    return bool(named) and named in {(post.header.name or "").casefold(), (post.header.handle or "").casefold()}


def _is_newest_first(run: Sequence[PastedPost], *, profile: bool) -> bool:
    """Whether a run is in descending order: by its numbers, else by its opening; profiles show the newest first."""
    numbers = [number[0] for post in run if (number := thread_number(post.body.text))]
    rising = sum(upper < lower for upper, lower in pairwise(numbers))
    falling = sum(upper > lower for upper, lower in pairwise(numbers))
    if rising != falling:
        return falling > rising
    if not run or not announces_thread(run[0].body.text) or announces_thread(run[-1].body.text):
        return True
    # A thread on top of the page, or the newest of many posts: only the words of the next posts decide.
    following = run[1:]
    continuing = sum(opens_as_continuation(post.body.text) for post in following)
    return profile and continuing * 2 < len(following)


def _threads(run: Sequence[PastedPost], *, trimmed: bool) -> Iterator[list[PastedPost]]:
    """The threads in a run, oldest first. ``trimmed``: without posts on another subject at the end."""
    thread: list[PastedPost] = []
    pending: list[PastedPost] = []
    stems: set[str] = set()
    before: PastedPost | None = None
    for post in run:
        text = post.body.text
        own = word_stems(text)
        shared = len(own & stems)
        if announces_thread(text):
            yield thread
            thread, pending, stems = [post], [], own
        elif not thread and before is not None and _answers_own(post):
            thread, pending, stems = [before, post], [], word_stems(before.body.text) | own
        elif thread and (_is_over(thread, post) or (trimmed and starts_new_topic(text, shared))):
            yield thread
            thread, pending = [], []
        elif thread:
            pending.append(post)
            if not trimmed or _answers_own(post) or continues_thread(text, shared, adjacent=len(pending) == 1):
                thread += pending
                stems |= own
                pending = []
        before = post
    yield thread


def _is_over(thread: Sequence[PastedPost], post: PastedPost) -> bool:
    """Whether a thread ends before ``post``: it has all its numbered posts, or the times are too far apart."""
    return _is_complete(thread) or _times_exclude_thread(thread[0], post)


def _is_complete(thread: Sequence[PastedPost]) -> bool:
    number = thread_number(thread[0].body.text)
    return number is not None and number[1] is not None and len(thread) >= number[1]


def _times_exclude_thread(root: PastedPost, post: PastedPost) -> bool:
    """Whether the times of two posts are too far apart for one thread."""
    if root.header.time is None or post.header.time is None or root.header.time == post.header.time:
        return False
    ages = [_AGE.fullmatch(time) for time in (root.header.time, post.header.time)]
    if ages[0] is None or ages[1] is None:
        return True
    hours = [int(age[1]) * _HOURS[age[2].lower()] for age in ages if age]
    unit = max(_HOURS[age[2].lower()] for age in ages if age)
    return abs(hours[0] - hours[1]) > max(unit, 1.0)

"""One record out of what several dumps showed of it: the union that is better than each.

    cut text + full text         -> full text
    day + second                 -> second
    no alt text + alt text       -> alt text

``merged`` is a function of the *set* of captures: neither their order nor repetition changes it, so the order in which
dumps are imported does not matter. Nothing is overwritten by something poorer.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from itertools import zip_longest
from typing import Any, TypeVar, cast

from threadkeep.records import Account, Gap, Link, Media, Pin, PollOption, Post, Record, Ref, Repost, When

R = TypeVar("R", bound=Record)
T = TypeVar("T")

_PRECISIONS = ("year", "month", "day", "second")


def merged(captures: Sequence[R]) -> R:
    """The record that ``captures``, all of the same thing, add up to. At least one is needed."""
    first = captures[0]
    if len(captures) == 1 or all(capture == first for capture in captures[1:]):
        return first
    if isinstance(first, Post):
        return cast(R, _post(cast(Sequence[Post], captures)))
    if isinstance(first, Account):
        return cast(R, _account(cast(Sequence[Account], captures)))
    if isinstance(first, Gap):
        return cast(R, replace(first, reason=min(cast(Gap, capture).reason for capture in captures)))
    account, post = (max(_known(captures, name), key=_native) for name in ("account", "post"))
    if isinstance(first, Repost):
        return cast(R, Repost(account, post, _best(_known(captures, "created"), _precise)))
    return cast(R, Pin(account, post))


def _account(captures: Sequence[Account]) -> Account:
    """The fullest of each field; where two dumps disagree, the longer word or the larger number.

    The handle is that of a dump which shows the id too, if one does: others may have written it as they liked.
    """
    names = [field.name for field in fields(Account) if field.name != "ref"]
    fullest: dict[str, Any] = {name: _best(_known(captures, name), _full) for name in names}
    with_id = _known([capture for capture in captures if capture.ref.is_native], "handle")
    fullest["handle"] = _best(with_id, _full) or fullest["handle"]
    return Account(ref=max((capture.ref for capture in captures), key=_native), **fullest)


def _post(captures: Sequence[Post]) -> Post:
    fullest = max(captures, key=_fullness)
    same_text = [capture for capture in captures if capture.text == fullest.text]
    replying = [capture for capture in captures if capture.reply_to is not None]
    # A reply that a dump states beats one that was concluded from a paste.
    stated = [capture for capture in replying if "thread" not in capture.inferred] or replying
    created = _best(_known(captures, "created"), _precise)
    return replace(
        fullest,
        ref=max((capture.ref for capture in captures), key=_native),
        author=_best(_known(captures, "author"), _native),
        title=_best(_known(captures, "title"), _full),
        created=created,
        url=_best(_known(captures, "url"), _full),
        reply_to=_best(_known(stated, "reply_to"), _native),
        root=_best(_known(stated or captures, "root"), _native),
        quotes=_richest(capture.quotes for capture in captures),
        links=_links(same_text),
        media=_media([capture.media for capture in captures]),
        poll=_poll([capture.poll for capture in captures]),
        tags=_richest(capture.tags for capture in captures),
        mentions=_richest(capture.mentions for capture in captures),
        language=_best(_known(captures, "language"), _full),
        warning=_best(_known(captures, "warning"), _full),
        visibility=_best(_known(captures, "visibility"), _full),
        counts=_counts(captures),
        edits=max((capture.edits for capture in captures), key=lambda edits: (len(edits), repr(edits))),
        inferred=_inferred(captures, fullest, stated, created),
    )


def _fullness(post: Post) -> tuple[bool, int, str, str]:
    """How much of the text a capture has; the last two only make the choice the same every time."""
    return ("truncated" not in post.inferred, len(post.text), post.text, repr(post))


def _inferred(captures: Sequence[Post], fullest: Post, stated: Sequence[Post], created: When | None) -> tuple[str, ...]:
    """What is still only concluded: a split or an author that one dump states is not; the rest follows its field."""
    everywhere = set.intersection(*(set(capture.inferred) for capture in captures))
    names = everywhere - {"thread", "created", "truncated"}
    names |= {"truncated"} & set(fullest.inferred)
    names |= {"thread"} & {name for capture in stated for name in capture.inferred}
    if created is not None and created.origin == "derived":
        names.add("created")
    return tuple(sorted(names))


def _links(captures: Sequence[Post]) -> tuple[Link, ...]:
    """The links of the captures that have the chosen text, since a link's place counts in that text only."""
    longest = max((capture.links for capture in captures), key=lambda links: (len(links), repr(links)))
    rows = zip_longest(*(capture.links for capture in captures if len(capture.links) == len(longest)))
    return tuple(_union(row, Link) for row in rows)


def _media(captures: Sequence[tuple[Media, ...]]) -> tuple[Media, ...]:
    """The longest list of media, each item completed by what the lists of that length say of it."""
    length = max(len(media) for media in captures)
    rows = zip_longest(*(media for media in captures if len(media) == length))
    return tuple(_union(row, Media) for row in rows)


def _poll(captures: Sequence[tuple[PollOption, ...]]) -> tuple[PollOption, ...]:
    """The longest list of options, each with the most votes that the lists of that length count: votes grow."""
    length = max(len(options) for options in captures)
    rows = zip_longest(*(options for options in captures if len(options) == length))
    return tuple(_union(row, PollOption) for row in rows)


def _union(items: Sequence[T], kind: type[T]) -> T:
    """One item whose every field is the fullest that ``items`` know."""
    return kind(*(_best(_known(items, field.name), _full) for field in fields(cast(Any, kind))))


def _counts(captures: Sequence[Post]) -> dict[str, int]:
    """The largest count of each kind: counts grow, and a dump shows one moment of them."""
    names = sorted({name for capture in captures for name in capture.counts})
    return {name: max(capture.counts.get(name, 0) for capture in captures) for name in names}


def _richest(lists: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return max(lists, key=lambda items: (len(items), repr(items)))


def _known(captures: Iterable[object], name: str) -> list[Any]:
    return [value for capture in captures if (value := getattr(capture, name)) is not None]


def _best(values: Sequence[T], key: Callable[[T], Any]) -> T | None:
    return max(values, key=key, default=None)


def _full(value: str | int) -> tuple[int, str | int]:
    return (len(value), value) if isinstance(value, str) else (value, value)


def _native(ref: Ref) -> tuple[bool, str]:
    return (ref.is_native, str(ref))


def _precise(when: When) -> tuple[int, bool, float]:
    return (_PRECISIONS.index(when.precision), when.origin == "stated", -when.instant.timestamp())

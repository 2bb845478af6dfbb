"""One record out of what several dumps showed of it: the union that is better than each.

    cut text + full text              -> full text
    version of May + version of June  -> that of June, and that of May among its edits
    day + second                      -> second
    no alt text + alt text            -> alt text
    with its id + without             -> what is shown with the id, and the rest only where that is silent

``merged`` is a function of the *set* of captures: neither their order nor repetition changes it, so the order in which
dumps are imported does not matter. Nothing is overwritten by something poorer.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import zip_longest
from typing import Any, TypeVar, cast

from threadkeep.records import Account, Gap, Link, Media, Pin, PollOption, Post, Record, Ref, Repost, When
from threadkeep.store.text_versions import edits_of, newest_first

R = TypeVar("R", bound=Record)
T = TypeVar("T")

_PRECISIONS = ("year", "month", "day", "second")
_FILLED = ("title", "created", "url", "reply_to", "root", "language", "warning", "visibility", "author")
_FILLED_LISTS = ("quotes", "media", "poll", "tags", "mentions", "edits")


def merged(captures: Sequence[R], exported: Sequence[datetime | None] = ()) -> R:
    """The record that ``captures``, all of the same thing, add up to. At least one is needed.

    ``exported`` says when the export that showed each was made, where that is known.
    """
    first = captures[0]
    if len(captures) == 1 or all(capture == first for capture in captures[1:]):
        return first
    if isinstance(first, Post):
        dates = exported or [None] * len(captures)
        return cast(R, _post(list(zip(cast(Sequence[Post], captures), dates, strict=True))))
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


def _post(captures: Sequence[tuple[Post, datetime | None]]) -> Post:
    native = [capture for capture in captures if capture[0].ref.is_native]
    shown = [capture[0] for capture in captures if not capture[0].ref.is_native]
    if not native:
        return _union_of_posts([shown], shown)
    whole = [capture for capture in native if "truncated" not in capture[0].inferred]
    posts = [post for post, _ in native]
    post = _union_of_posts(newest_first(whole) if whole else [posts], posts)
    return _filled(post, _union_of_posts([shown], shown)) if shown else post


def _filled(post: Post, shown: Post) -> Post:
    """``post`` with what is ``shown`` without its id, where ``post`` is silent."""
    found: dict[str, Any] = {
        name: getattr(shown, name)
        for name in (*_FILLED, *_FILLED_LISTS)
        if getattr(post, name) in (None, ()) and getattr(shown, name) not in (None, ())
    }
    if not post.links and shown.links:
        found["links"] = shown.links if shown.text == post.text else _cards(shown)
    if post.media and len(post.media) == len(shown.media):
        pairs = zip(post.media, shown.media, strict=True)
        found["media"] = tuple(
            replace(own, file=own.file or other.file, alt=own.alt or other.alt) for own, other in pairs
        )
    found["counts"] = {**shown.counts, **post.counts}
    inferred = set(post.inferred)
    if "reply_to" in found:
        inferred |= {"thread"} & set(shown.inferred)
    if "created" in found and found["created"].origin == "derived":
        inferred.add("created")
    return replace(post, inferred=tuple(sorted(inferred)), **found)


def _cards(post: Post) -> tuple[Link, ...]:
    return tuple(link for link in post.links if link.start is None)


def _union_of_posts(versions: Sequence[Sequence[Post]], captures: Sequence[Post]) -> Post:
    """What ``captures`` add up to; ``versions`` are those of its text, the newest first."""
    current = versions[0]
    fullest = max(current, key=_fullness)
    same_text = [capture for capture in captures if capture.text == fullest.text]
    edited = max((capture.edited for capture in current if capture.edited), key=_edited, default=None)
    latest = [capture for capture in current if capture.edited == edited]
    silent = captures if edited is None else latest  # what an edit took out stays out
    replying = [capture for capture in captures if capture.reply_to is not None]
    # A reply that a dump states beats one that was concluded from a paste.
    stated = [capture for capture in replying if "thread" not in capture.inferred] or replying
    created = _best(_known(captures, "created"), _precise)

    def told(name: str) -> Any:
        return _best(_known(latest, name) or _known(silent, name), _full)

    def listed(name: str) -> tuple[Any, ...]:
        return _richest(getattr(capture, name) for capture in latest) or _richest(
            getattr(capture, name) for capture in silent
        )

    return replace(
        fullest,
        ref=max((capture.ref for capture in captures), key=_native),
        author=_best(_known(captures, "author"), _native),
        title=told("title"),
        created=created,
        url=_best(_known(captures, "url"), _full),
        reply_to=_best(_known(stated, "reply_to"), _native),
        root=_best(_known(stated or captures, "root"), _native),
        quotes=listed("quotes"),
        links=_links(same_text),
        media=_media(
            [capture.media for capture in latest if capture.media] or [capture.media for capture in silent],
            [capture.media for capture in captures],
        ),
        poll=_poll([capture.poll for capture in latest]) or _poll([capture.poll for capture in silent]),
        tags=listed("tags"),
        mentions=listed("mentions"),
        language=told("language"),
        warning=told("warning"),
        visibility=_best(_known(captures, "visibility"), _full),
        counts=_counts(captures),
        edits=edits_of(fullest, versions[1:], captures),
        inferred=_inferred(captures, fullest, stated, created),
        edited=edited,
    )


def _edited(when: When) -> tuple[datetime, str]:
    return (when.instant, repr(when))


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


def _media(captures: Sequence[tuple[Media, ...]], others: Sequence[tuple[Media, ...]]) -> tuple[Media, ...]:
    """The longest list of media, each item completed by what the lists of that length say of it."""
    length = max(len(media) for media in captures)
    rows = list(zip_longest(*(media for media in captures if len(media) == length)))
    also = list(zip_longest(*(media for media in others if len(media) == length)))
    found = []
    for own, other in zip(rows, also, strict=True):
        first, second = _union(own, Media), _union(other, Media)
        names = [field.name for field in fields(Media)]
        found.append(Media(*(getattr(first, name) or getattr(second, name) for name in names)))
    return tuple(found)


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

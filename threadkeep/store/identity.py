"""Whether what a dump shows of a post without its id is a post that is held with one: all that it shows must agree.

"New entry: example.com/kiln/2"   and "New entry: https://t.co/b" leading to example.com/kiln/2   -> agrees in full
"New entry: t.co/b" and "New entry: example.com/kiln/2"     -> agrees, though the links cannot be compared
"New entry: example.com/kiln/2"   and "New entry: example.com/kiln/1"                             -> another post
"""

from collections.abc import Mapping
from dataclasses import replace

from threadkeep.records import Post
from threadkeep.store.visible_text import MEDIA, SHORT, VisibleText, are_other_targets, is_beginning_of, visible_text


def best_match(shown: Post, candidates: Mapping[int, Post]) -> int | None:
    """The row of the one post among ``candidates`` with which all that is ``shown`` agrees; None if none or several do.

    The one that agrees in full comes before those of which something cannot be compared.
    """
    found: dict[int, int] = {}
    for number, post in candidates.items():
        doubts = agreement(shown, post)
        if doubts is None and any(
            agreement(shown, replace(post, text=edit.text, links=())) == 0 for edit in post.edits
        ):
            doubts = 1
        if doubts is not None:
            found[number] = doubts
    full = [number for number, doubts in found.items() if not doubts] or list(found)
    return full[0] if len(full) == 1 else None


def agreement(shown: Post, native: Post) -> int | None:
    """How far what is ``shown`` of a post without its id agrees with ``native``: None where anything contradicts.

    Else how many of the things shown cannot be compared: 0 is full agreement.
    """
    one, other = visible_text(shown), visible_text(native)
    steps = (_words(shown, one, native, other), _mentions(shown, one, native, other), _rest(shown, native))
    doubts = 0
    for doubt in steps:
        if doubt is None:
            return None
        doubts += doubt
    return doubts


def _words(shown: Post, one: VisibleText, native: Post, other: VisibleText) -> int | None:
    is_cut = "truncated" in shown.inferred
    if is_cut and one.words != other.words:
        return 1 if is_beginning_of(one, other) else None
    if one.stem != other.stem:
        return None
    doubts = 0
    for place in range(max(len(one.targets), len(other.targets))):
        mine = one.targets[place] if place < len(one.targets) else ""
        theirs = other.targets[place] if place < len(other.targets) else ""
        if mine == "" or theirs == "":
            of, holder = (theirs, native) if mine == "" else (mine, native)
            if not (
                of == MEDIA
                or (of.startswith(SHORT) and (holder.media or holder.quotes))
                or _leads_to_a_post(of, holder)
            ):
                return None
            doubts += 1
        elif are_other_targets(mine, theirs):
            return None
        elif mine != theirs:
            doubts += 1
    return doubts


def _leads_to_a_post(target: str, holder: Post) -> bool:
    return bool(holder.quotes) and any(ref.id.rpartition("/")[2] in target for ref in holder.quotes)


def _mentions(shown: Post, one: VisibleText, native: Post, other: VisibleText) -> int | None:
    if one.mentions == other.mentions:
        return 0
    known = {name.casefold().lstrip("@") for name in (native.mentions if one.mentions else shown.mentions)}
    hidden = set(one.mentions or other.mentions)
    if one.mentions and other.mentions:
        return None
    is_reply = (native if one.mentions else shown).reply_to is not None
    return 1 if hidden <= known or (is_reply and not known) else None


def _rest(shown: Post, native: Post) -> int | None:
    doubts = 0
    for mine, theirs in ((shown.title, native.title), (shown.warning, native.warning)):
        if mine and theirs and mine.split() != theirs.split():
            return None
        doubts += bool(mine) != bool(theirs) and bool(mine)
    for ref, same_ref in ((shown.reply_to, native.reply_to), *zip(shown.quotes, native.quotes, strict=False)):
        if ref and same_ref and ref.is_native and same_ref.is_native and ref != same_ref:
            return None
    for picture, same in zip(shown.media, native.media, strict=False):
        if picture.alt and same.alt and picture.alt.split() != same.alt.split():
            return None
    if shown.media and native.media and len(shown.media) > len(native.media):
        return None
    return doubts + bool(shown.media and not native.media) if _may_be_one_time(shown, native) else None


_DAYS = {"second": 1, "day": 1, "month": 31, "year": 366}


def _may_be_one_time(shown: Post, native: Post) -> bool:
    """Whether both dates can be true: pages show the time of day where they were seen, so a day more is let pass."""
    mine, theirs = shown.created, native.created
    if mine is None or theirs is None or "created" in shown.inferred or mine.origin == "derived":
        return True
    apart = (theirs.instant - mine.instant).total_seconds() / 86400
    return -1 - (_DAYS[theirs.precision] - 1) <= apart <= _DAYS[mine.precision] + 1

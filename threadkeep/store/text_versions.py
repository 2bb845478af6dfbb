"""The versions of an edited post: which is the newest, and which are its history.

    text of May, "edited" unknown   +   text of June, edited on 3 June    -> June's, with May's among the edits
    "Tea: https://t.co/a"           +   "Tea: example.com/kiln"           -> one version, written in two ways

A cut text is never a version, and neither is one that differs only in how a source writes it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from threadkeep.records import Edit, Post, When
from threadkeep.store.visible_text import are_one_rendering

_NEVER = datetime.min.replace(tzinfo=UTC)

Version = list[tuple[Post, datetime | None]]
"""Captures whose texts are one, each with the date of its export."""


def newest_first(captures: Sequence[tuple[Post, datetime | None]]) -> list[list[Post]]:
    """The captures by the version that they show, the newest version first.

    The newest is what no other names among its edits; then what was edited last; then what the latest export shows;
    and where nothing tells, the fuller text.
    """
    versions: list[Version] = []
    for capture in sorted(captures, key=_fullest_first, reverse=True):
        for version in versions:
            if all(are_one_rendering(capture[0], other) for other, _ in version):
                version.append(capture)
                break
        else:
            versions.append([capture])
    if len(versions) > 1:
        versions.sort(key=lambda version: _age(version, versions), reverse=True)
    return [[post for post, _ in version] for version in versions]


def _fullest_first(capture: tuple[Post, datetime | None]) -> tuple[int, str, str]:
    post, exported = capture
    return (len(post.text), post.text, f"{post!r} {exported}")


def _age(version: Version, versions: Sequence[Version]) -> tuple[bool, datetime, datetime, int, str]:
    earlier = [
        _is_in_edits_of(version, other) and not _is_in_edits_of(other, version)
        for other in versions
        if other is not version
    ]
    edited = max((post.edited.instant for post, _ in version if post.edited), default=_NEVER)
    exported = max((date for _, date in version if date), default=_NEVER)
    fullest = max((post.text for post, _ in version), key=lambda text: (len(text), text))
    return (not any(earlier), edited, exported, len(fullest), fullest)


def _is_in_edits_of(version: Version, other: Version) -> bool:
    return any(is_version_text(edit.text, version[0][0]) for post, _ in other for edit in post.edits)


def is_version_text(text: str, post: Post) -> bool:
    """Whether ``text`` is that of ``post``, however it is written."""
    return are_one_rendering(replace(post, text=text, links=post.links if text == post.text else ()), post)


def edits_of(current: Post, earlier: Sequence[Sequence[Post]], captures: Sequence[Post]) -> tuple[Edit, ...]:
    """The history of a post whose text is that of ``current``: what its sources name, and what they showed before."""
    found: list[Edit] = []
    named = sorted({edit for capture in captures for edit in capture.edits}, key=_by_time)
    for edit in named:
        same = [other for other in found if is_version_text(edit.text, replace(current, text=other.text, links=()))]
        twin = next(
            (other for other in same if None in (other.created, edit.created) or _moment(other) == _moment(edit)), None
        )
        if twin is None:
            found.append(edit)
        else:
            text = max(twin.text, edit.text, key=lambda text: (len(text), text))
            joined = Edit(text, twin.created or edit.created, twin.id or edit.id)
            found[found.index(twin)] = joined
    for version in earlier:
        post = max(version, key=lambda post: (len(post.text), post.text, repr(post)))
        written = max((capture.edited or capture.created for capture in version), key=_latest, default=None)
        if is_version_text(post.text, current):
            continue
        twin = next((edit for edit in found if is_version_text(edit.text, post)), None)
        if twin is None:
            found.append(Edit(post.text, written))
        elif twin.created is None:
            found[found.index(twin)] = replace(twin, created=written)
    return tuple(sorted(found, key=_by_time))


def _moment(edit: Edit) -> datetime:
    return edit.created.instant if edit.created else _NEVER


def _latest(when: When | None) -> tuple[datetime, str]:
    return (when.instant if when else _NEVER, repr(when))


def _by_time(edit: Edit) -> tuple[datetime, str, str]:
    return (_moment(edit), edit.text, repr(edit))

"""The YAML at the head of a thread's page: what it is, for Obsidian and for programs."""

from datetime import date

import yaml

from threadkeep.exporters import Selection
from threadkeep.exporters._escape import one_line
from threadkeep.exporters._permalinks import url_of
from threadkeep.records import KeptPost, Thread, When
from threadkeep.text.controls import storable

Value = str | int | date | list[str] | None


def front_matter(thread: Thread, title: str, selection: Selection) -> str:
    """The block between two ``---``: always the same keys, null where unknown.

    ``date`` is the day of the first post, a YAML date, or as much of it as is known (``'2024-05'``); ``source`` the
    first post's address, or else the dump it was read from; ``archived`` the day that dump was imported.
    """
    first = thread.posts[0]
    author = first.author
    dump = next(filter(None, map(selection.source, first.sources)), None)
    tags = {tag.casefold(): one_line(tag) for kept in reversed(thread.posts) for tag in reversed(kept.post.tags)}
    return _block(
        {
            "title": title,
            "author": _line(author.name if author else None),
            "handle": _line(author.handle if author else None),
            "platform": _line(first.post.ref.platform),
            "source": url_of(first.post) or (_line(dump.path) if dump else None),
            "date": _day(first),
            "archived": dump.imported.date() if dump else None,
            "tags": list(reversed(tags.values())),
            "thread_id": storable(thread.root.id),
            "post_count": len(thread.posts),
        }
    )


def index_front_matter() -> str:
    """The block of the index, which tells a later export that the file may be written anew."""
    return _block({"title": "Threads", "generator": "threadkeep"})


def date_text(when: When | None) -> str | None:
    """The day, month or year of a moment, as far as it is known: ``2024-05-01``, ``2024-05``, ``2024``."""
    if when is None:
        return None
    length = {"second": 10, "day": 10, "month": 7, "year": 4}[when.precision]
    return when.instant.date().isoformat()[:length]


def _day(kept: KeptPost) -> date | str | None:
    created = kept.post.created
    return created.instant.date() if created and created.precision in ("second", "day") else date_text(created)


def _line(text: str | None) -> str | None:
    return None if text is None else one_line(text)


def _block(values: dict[str, Value]) -> str:
    # The pure Python dumper: libyaml's would write emoji as escapes.
    text: str = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1 << 30)
    return f"---\n{text}---\n"

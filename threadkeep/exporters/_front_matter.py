"""YAML front matter of a thread's page: its metadata, for Obsidian and for programs."""

import re
from datetime import date

import yaml

from threadkeep.exporters._markdown_escape import one_line
from threadkeep.exporters.exporter import Selection
from threadkeep.platforms.registry import url_of
from threadkeep.records import Thread, When
from threadkeep.text.formatting import date_text

# Control characters, bidirectional overrides (valid YAML), and the opening of a command of Obsidian's Templater.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|(?<=<)%")

Value = str | int | date | list[str] | None


def front_matter(thread: Thread, title: str, selection: Selection) -> str:
    """Return the block between two ``---``: always the same keys, null where unknown; ``edited`` only if it was.

    ``date`` is the day of the first post, a YAML date, or as much of it as is known (``'2024-05'``); ``source`` the
    first post's address, or else the dump it was read from; ``archived`` the day that dump was imported.
    """
    first = thread.posts[0]
    author = first.author
    dump = next(filter(None, map(selection.source, first.sources)), None)
    tags = {tag.casefold(): one_line(tag) for stored in reversed(thread.posts) for tag in reversed(stored.post.tags)}
    return _block(
        {
            "title": title,
            "author": _line(author.name if author else None),
            "handle": _line(author.handle if author else None),
            "platform": _line(first.post.ref.platform),
            "source": url_of(first.post) or (_line(dump.path) if dump else None),
            "date": _day(first.post.created),
            **({"edited": _day(first.post.edited)} if first.post.edited else {}),
            "archived": dump.imported.date() if dump else None,
            "tags": list(reversed(tags.values())),
            "thread_id": thread.root.id,
            "post_count": len(thread.posts),
        }
    )


def index_front_matter() -> str:
    """Return the block of the index, by which a later export recognizes that it may replace the file."""
    return _block({"title": "Threads", "generator": "threadkeep"})


def _day(when: When | None) -> date | str | None:
    return when.instant.date() if when and when.precision in ("second", "day") else date_text(when)


def _line(text: str | None) -> str | None:
    return None if text is None else one_line(text)


def _block(values: dict[str, Value]) -> str:
    text: str = yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1 << 30)
    escaped = _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"---\n{escaped}---\n"


def _scalar(dumper: yaml.representer.BaseRepresenter, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, '"' if _ESCAPED.search(text) else None)


class _Dumper(yaml.SafeDumper):
    """Double-quotes text that needs escapes. Pure Python, since libyaml would escape emoji, too."""

    yaml_representers = {**yaml.SafeDumper.yaml_representers, str: _scalar}  # noqa: RUF012 - PyYAML's own attribute

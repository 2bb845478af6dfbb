"""A JSON dump gives the same records however it is laid out: an array, one item a line, joined, or pretty-printed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from parser_reading import read

from threadkeep.parsers.registry import parser_for
from threadkeep.sources import source as source_module
from threadkeep.sources.source import Source

TIME = "2024-05-01T12:00:00.000Z"
ITEMS: dict[str, Callable[[int], Any]] = {
    "bluesky-json": lambda n: {
        "uri": f"at://did:plc:mira/app.bsky.feed.post/3k2a{n}",
        "cid": "bafy",
        "author": {"did": "did:plc:mira", "handle": "mira.example.com"},
        "record": {"$type": "app.bsky.feed.post", "text": f"Tea {n}", "createdAt": TIME},
    },
    "x-api-v1": lambda n: {
        "id_str": f"50{n}",
        "created_at": "Mon Oct 03 00:23:22 +0000 2016",
        "full_text": f"Tea {n}",
        "user": {"id_str": "12", "screen_name": "mira"},
    },
    "x-api-v2": lambda n: {"id": f"50{n}", "text": f"Tea {n}", "author_id": "12", "conversation_id": f"50{n}"},
    "mastodon-api": lambda n: {
        "id": f"{n}",
        "uri": f"https://kilns.example/users/mira/statuses/{n}",
        "created_at": TIME,
        "content": f"<p>Tea {n}</p>",
        "visibility": "public",
        "account": {"acct": "mira", "username": "mira", "url": "https://kilns.example/@mira"},
    },
    "activitypub": lambda n: {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"https://kilns.example/users/mira/statuses/{n}",
        "type": "Note",
        "attributedTo": "https://kilns.example/users/mira",
        "content": f"<p>Tea {n}</p>",
    },
    "x-graphql": lambda n: {
        "__typename": "Tweet",
        "rest_id": f"50{n}",
        "core": {"user_results": {"result": {"rest_id": "12", "legacy": {"screen_name": "mira"}}}},
        "legacy": {"full_text": f"Tea {n}", "id_str": f"50{n}", "created_at": "Mon Oct 03 00:23:22 +0000 2016"},
    },
}
LAYOUTS: dict[str, Callable[[list[Any]], str]] = {
    "array": json.dumps,
    "pretty array": lambda values: json.dumps(values, indent=2),
    "item a line": lambda values: "[" + ",\n".join(map(json.dumps, values)) + "]",
    "bracket alone": lambda values: "[\n" + ",\n".join(map(json.dumps, values)) + "\n]\n",
    "trailing comma": lambda values: "[\n" + "".join(f"{json.dumps(value)},\n" for value in values) + "]\n",
    "lines": lambda values: "".join(f"{json.dumps(value)}\n" for value in values),
    "lines with commas": lambda values: "".join(f"{json.dumps(value)},\n" for value in values),
    "lines with CRLF": lambda values: "".join(f"{json.dumps(value)}\r\n" for value in values),
    "pretty lines": lambda values: "".join(f"{json.dumps(value, indent=1)}\n" for value in values),
    "joined arrays": lambda values: "\n".join(json.dumps([value]) for value in values),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("format_name", ITEMS)
def test_every_layout_gives_every_item(format_name: str, layout: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_bytes(LAYOUTS[layout]([ITEMS[format_name](n) for n in range(3)]).encode(encoding))
    parser = parser_for(Source.from_path(path))
    assert format_name == parser.NAME
    reading = read(parser, path)
    assert sorted(post.text for post in reading.posts) == ["Tea 0", "Tea 1", "Tea 2"]
    assert not reading.problems
    assert reading.broken is None


@pytest.mark.parametrize("format_name", [name for name in ITEMS if name != "x-graphql"])
def test_what_follows_a_line_that_is_too_long_is_read(
    format_name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(source_module, "LINE_LIMIT", 100_000)
    lines = [json.dumps(ITEMS[format_name](n)) for n in range(3)]
    lines.insert(2, json.dumps({**ITEMS[format_name](3), "content": "x" * 300_000}))
    path = tmp_path / "dump.jsonl"
    path.write_text("\n".join(lines))
    reading = read(parser_for(Source.from_path(path)), path)
    assert sorted(post.text for post in reading.posts) == ["Tea 0", "Tea 1", "Tea 2"]
    assert list(reading.problems) == ["line 3"]
    assert "longer than" in reading.problems["line 3"]

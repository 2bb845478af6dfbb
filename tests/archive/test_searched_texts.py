"""What is found besides the text of a post, from the source to the hit: cards, descriptions, content warnings."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.exporters.registry import exporter_named
from threadkeep.sources.source import Source

AUTHOR = {"did": "did:plc:bea2222222222222222222", "handle": "bea.example.org", "displayName": "Bea"}


def status(number: int, content: str, **more: Any) -> dict[str, Any]:
    address = f"https://salt.example/users/bea/statuses/{number}"
    who = {"id": "7", "acct": "bea", "username": "bea", "display_name": "Bea", "uri": "https://salt.example/users/bea"}
    stated = {"id": str(number), "uri": address, "url": address, "created_at": "2024-03-01T06:00:00.000Z"}
    return {**stated, "content": content, "spoiler_text": "", "visibility": "public", "account": who, **more}


def view(key: str, text: str, embed: dict[str, Any]) -> dict[str, Any]:
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2024-03-02T06:00:00Z", "embed": embed}
    return {"post": {"uri": f"at://{AUTHOR['did']}/app.bsky.feed.post/{key}", "author": AUTHOR, "record": record}}


def tweet(id_: str, text: str, card: dict[str, Any]) -> dict[str, Any]:
    user = {"id_str": "12", "screen_name": "bea", "name": "Bea"}
    values = {name: {"type": "STRING", "string_value": value} for name, value in card.items() if name != "url"}
    link = {"url": "https://t.co/cobalt", "expanded_url": "https://a.example/blue", "indices": [4, 23]}
    return {
        "id_str": id_,
        "full_text": text,
        "created_at": "Fri Mar 01 06:00:00 +0000 2024",
        "user": user,
        "entities": {"urls": [link], "hashtags": [], "user_mentions": []},
        "card": {"name": "summary", "url": card["url"], "binding_values": values},
    }


DUMPS: dict[str, Any] = {
    "mastodon.json": [
        status(
            1,
            "<p>read this</p>",
            card={
                "url": "https://a.example/ash",
                "title": "Wood &amp; ash, Bea&amp;#8217;s way",
                "description": "Which <b>hornbeam</b> to burn",
            },
        ),
        status(2, "<p>look inside</p>", spoiler_text="cracked platter", sensitive=True),
        status(3, "<p>a bowl</p>", sensitive=True),
        status(4, "", media_attachments=[{"type": "gifv", "url": "https://a.example/1.mp4", "description": "a wheel"}]),
    ],
    "bluesky.json": {
        "feed": [
            view(
                "3kr22222222aa",
                "and this",
                {"external": {"uri": "https://b.example/", "title": "Clay", "description": "Where ball clay is dug"}},
            )
        ]
    },
    "x.json": [
        tweet(
            "1763000000000000001",
            "see https://t.co/cobalt now",
            {
                "url": "https://t.co/cobalt",
                "title": "Blue &amp; white",
                "description": "A pigment called smalt",
            },
        )
    ],
}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive") as opened:
        for name, value in DUMPS.items():
            (tmp_path / name).write_text(json.dumps(value), "utf-8")
            opened.import_(Source.from_path(tmp_path / name))
        yield opened


@pytest.mark.parametrize(
    ("query", "snippet"),
    [
        ("hornbeam", "Wood & ash, Bea’s way Which hornbeam to burn"),
        ("bea’s ash", "Wood & ash, Bea’s way Which hornbeam to burn"),
        ('"ball clay"', "Clay Where ball clay is dug"),
        ("smalt", "Blue & white A pigment called smalt"),
        ("platter", "content warning: cracked platter"),
        ("wheel", "a wheel"),
    ],
)
def test_words_beside_the_text_find_the_post_and_the_snippet_shows_them(
    archive: Archive, query: str, snippet: str
) -> None:
    hits = archive.search(query).hits
    assert [hit.snippet for hit in hits] == [snippet]
    assert hits[0].spans


def test_a_flag_without_words_is_no_warning_to_search_for(archive: Archive) -> None:
    assert archive.search("sensitive").total == 0
    assert archive.search("is:warning").total == 2


def test_cards_keep_their_words_in_every_export(archive: Archive, tmp_path: Path) -> None:
    written = {}
    for form in ("jsonl", "markdown", "html", "csv"):
        with archive.selection(private=True) as selection:
            exporter_named(form).write(selection, tmp_path / form)
        paths = [tmp_path / form] if (tmp_path / form).is_file() else (tmp_path / form).rglob("*.*")
        written[form] = "".join(path.read_text("utf-8") for path in paths)
    for form, text in written.items():
        for words in ("Which hornbeam to burn", "Where ball clay is dug", "A pigment called smalt"):
            assert words in text, (form, words)
    links = [link for line in written["jsonl"].splitlines() for link in json.loads(line).get("links", ())]
    assert {link.get("description") for link in links} == {
        "Which hornbeam to burn",
        "Where ball clay is dug",
        "A pigment called smalt",
    }
    with Archive(tmp_path / "again") as again:
        again.import_(Source.from_path(tmp_path / "jsonl"))
        assert again.search("hornbeam").total == again.search("smalt").total == 1

"""ActivityStreams objects as servers give them: alone, in arrays, in collections, one a line."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from parser_reading import passed_on

from threadkeep.errors import DumpError
from threadkeep.parsers.fediverse import activitypub
from threadkeep.parsers.fediverse import archive as mastodon_archive
from threadkeep.parsers.registry import parser_for
from threadkeep.records import Account, Gap, Media, Parsed, Pin, Post, Ref, Repost, Skipped, When
from threadkeep.sources.source import Source

CONTEXT = "https://www.w3.org/ns/activitystreams"
BEA = "https://clay.example/users/bea"


def note(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": "Note", "id": f"{BEA}/statuses/{number}", "attributedTo": BEA, "content": "<p>Frost.</p>", **more}


def written_to(tmp_path: Path, *values: object, name: str = "x.json") -> Source:
    path = tmp_path / name
    path.write_text("\n".join(value if isinstance(value, str) else json.dumps(value) for value in values), "utf-8")
    return Source.from_path(path)


def read(source: Source) -> list[Parsed]:
    assert activitypub.recognizes(source)
    assert not mastodon_archive.recognizes(source)
    return passed_on(item for entry in activitypub.entries(source) for item in activitypub.parse(entry))


def kinds(records: list[Parsed]) -> list[str]:
    return [type(record).__name__ for record in records]


class TestGranary:
    """What an independent implementation writes."""

    @pytest.fixture
    def samples(self, shared: Path) -> Path:
        return shared / "dumps" / "mastodon-archive" / "granary_as2"

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("comment", ["Post"]),
            ("comment_multiple_in_reply_to", ["Post"]),
            ("note", ["Account", "Post", "Skipped"]),
            ("note_mastodon_with_video", ["Post"]),
            ("note_public", ["Post"]),
            ("note_unlisted", ["Post"]),
            ("note_with_hashtag", ["Post"]),
            ("note_with_image_document_attachment", ["Post"]),
            ("note_with_mention", ["Post"]),
            ("quote", ["Account", "Post", "Skipped", "Account", "Post"]),
            ("repost", ["Account", "Repost", "Account", "Post"]),
            ("undo_repost", ["Skipped"]),
        ],
    )
    def test_every_object_gives_its_records(self, name: str, expected: list[str], samples: Path) -> None:
        source = Source.from_path(samples / f"{name}.as2.json")
        assert parser_for(source).NAME == "activitypub"
        assert kinds(read(source)) == expected

    def test_a_passed_on_post_stays_its_authors(self, samples: Path) -> None:
        _, repost, bob, original = read(Source.from_path(samples / "repost.as2.json"))
        assert isinstance(repost, Repost)
        assert isinstance(bob, Account)
        assert isinstance(original, Post)
        assert repost.post == original.ref
        assert (original.author, bob.name) == (bob.ref, "Bob")

    def test_visibility_is_known_where_it_is_stated(self, samples: Path) -> None:
        for name, visibility in (("note_public", "public"), ("note_unlisted", "unlisted"), ("comment", None)):
            (found,) = read(Source.from_path(samples / f"{name}.as2.json"))
            assert isinstance(found, Post)
            assert found.visibility == visibility


def test_lines_arrays_and_collections_give_the_same(tmp_path: Path) -> None:
    first, second = note(1, **{"@context": CONTEXT}), note(2, **{"@context": CONTEXT})
    expected = ["Account", "Post", "Post"]
    assert kinds(read(written_to(tmp_path, first, second, name="a.jsonl"))) == expected
    assert kinds(read(written_to(tmp_path, [first, second], name="b.json"))) == expected
    page = {"@context": CONTEXT, "id": "https://a.example/outbox?page=1", "type": "OrderedCollectionPage"}
    assert kinds(read(written_to(tmp_path, {**page, "orderedItems": [first, second]}, name="c.json"))) == expected
    pages = ({**page, "orderedItems": [first]}, {**page, "items": second})
    assert kinds(read(written_to(tmp_path, *pages, name="d.jsonl"))) == expected


def test_activities_without_a_context_are_told_by_their_keys(tmp_path: Path) -> None:
    create = {"id": "https://a.example/1", "type": "Create", "actor": BEA, "object": note()}
    assert kinds(read(written_to(tmp_path, [create]))) == ["Account", "Post"]


def test_a_first_line_longer_than_the_head_does_not_hide_the_others(tmp_path: Path) -> None:
    long = {"@context": CONTEXT, **note(1, content="x" * 100_000)}
    assert kinds(read(written_to(tmp_path, long, note(2), name="a.jsonl"))) == ["Account", "Post", "Post"]


def test_a_damaged_line_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    source = written_to(tmp_path, note(1, **{"@context": CONTEXT}), '{"type": "Note", "id"', note(3), name="a.jsonl")
    first, bad, last = activitypub.entries(source)
    assert bad.locator == "line 2"
    assert bad.raw == '{"type": "Note", "id"'
    with pytest.raises(ValueError, match="not JSON"):
        list(activitypub.parse(bad))
    assert list(activitypub.parse(first)) and list(activitypub.parse(last))


def test_a_cut_off_collection_gives_what_came_before(tmp_path: Path) -> None:
    whole = json.dumps({"@context": CONTEXT, "type": "OrderedCollection", "orderedItems": [note(1), note(2)]})
    source = written_to(tmp_path, whole[:-50])
    found = []
    with pytest.raises(DumpError, match="cut off"):
        for entry in activitypub.entries(source):
            found += list(activitypub.parse(entry))
    assert kinds(found) == ["Account", "Post"]


def test_featured_posts_are_pinned(tmp_path: Path) -> None:
    collection = {"@context": CONTEXT, "id": f"{BEA}/collections/featured", "type": "OrderedCollection"}
    found = read(written_to(tmp_path, {**collection, "orderedItems": [note()]}))
    assert found[-1] == Pin(Ref("mastodon", BEA), Ref("mastodon", f"{BEA}/statuses/1"))
    assert kinds(found) == ["Account", "Post", "Pin"]


@pytest.mark.parametrize(("name", "reason"), [("followers", "follower"), ("liked", "like")])
def test_other_collections_are_counted_by_what_they_hold(name: str, reason: str, tmp_path: Path) -> None:
    collection = {"@context": CONTEXT, "id": f"{BEA}/{name}", "type": "OrderedCollection"}
    found = read(written_to(tmp_path, {**collection, "orderedItems": ["https://a.example/users/x"]}))
    assert found == [Skipped(reason)]


def test_an_actor_is_an_account(tmp_path: Path) -> None:
    actor = {"@context": CONTEXT, "id": BEA, "type": "Service", "preferredUsername": "bea", "summary": "<p>Clay.</p>"}
    assert read(written_to(tmp_path, actor)) == [Account(Ref("mastodon", BEA), "bea@clay.example", None, "Clay.")]


def test_a_tombstone_is_a_gap(tmp_path: Path) -> None:
    item = {"@context": CONTEXT, "id": f"{BEA}/statuses/9", "type": "Tombstone"}
    assert read(written_to(tmp_path, item)) == [Gap(Ref("mastodon", f"{BEA}/statuses/9"), "deleted")]


def test_replies_that_stand_in_a_post_are_posts(tmp_path: Path) -> None:
    replies = {"type": "Collection", "first": {"type": "CollectionPage", "items": ["https://a.example/1", note(2)]}}
    assert kinds(read(written_to(tmp_path, note(1, replies=replies, **{"@context": CONTEXT})))) == [
        "Account",
        "Post",
        "Post",
    ]


def test_a_group_passes_on_what_its_members_made(tmp_path: Path) -> None:
    inner = {"type": "Create", "actor": BEA, "object": note()}
    announce = {"@context": CONTEXT, "type": "Announce", "actor": "https://g.example/c/pots", "object": inner}
    found = read(written_to(tmp_path, announce))
    assert kinds(found) == ["Account", "Repost", "Account", "Post"]
    assert found[1] == Repost(Ref("mastodon", "https://g.example/c/pots"), Ref("mastodon", f"{BEA}/statuses/1"))


def test_an_article_has_a_title_and_a_video_is_its_own_media(tmp_path: Path) -> None:
    links = [
        {"type": "Link", "mediaType": "text/html", "href": "https://v.example/w/1"},
        {"type": "Link", "mediaType": "video/mp4", "href": "https://v.example/1.mp4"},
    ]
    video = note(1, type="Video", name="Throwing a bowl", summary="not a warning", url=links, **{"@context": CONTEXT})
    found = read(written_to(tmp_path, video))[-1]
    assert isinstance(found, Post)
    assert (found.title, found.warning, found.url) == ("Throwing a bowl", None, "https://v.example/w/1")
    assert found.media == (Media("video", "https://v.example/1.mp4"),)


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": "https://schema.org", "@type": "Article", "name": "x"}',
        '{"@context": ["https://www.w3.org/ns/did/v1"], "id": "did:plc:x"}',
        '[{"id": 1, "text": "x", "user": {"screen_name": "a"}, "created_at": "x"}]',
        '{"orderedItems": [1]}',
        "@context https://www.w3.org/ns/activitystreams",
        "[]",
        "{}",
        "",
    ],
)
def test_other_json_is_not_recognized(text: str, tmp_path: Path) -> None:
    source = written_to(tmp_path, text)
    assert not activitypub.recognizes(source)
    assert not mastodon_archive.recognizes(source)


def test_no_dump_of_another_kind_is_recognized(shared: Path) -> None:
    for path in sorted(shared.glob("dumps/*/**/*")) + sorted(shared.glob("seeds/*")):
        if path.is_file() and "granary_as2" not in str(path):
            source = Source.from_path(path)
            assert not activitypub.recognizes(source), path
            assert not mastodon_archive.recognizes(source), path


def test_a_note_says_when_its_version_was_written(tmp_path: Path) -> None:
    at = "2024-05-01T06:00:00Z"
    edited = note(1, published=at, updated="2024-05-03T06:00:00Z", **{"@context": CONTEXT})
    records = read(written_to(tmp_path, edited, note(2, published=at, updated=at), note(3, published=at)))
    found = [record.edited for record in records if isinstance(record, Post)]
    assert found == [When(datetime(2024, 5, 3, 6, tzinfo=UTC)), None, None]

"""Bluesky repositories: what the tree leads to is read, every record of it is counted."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import car_writer as writer
import pytest
from car_reading import POST, only_post, post, read, read_bytes, summary, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkeep.parsers.bluesky import repository as bluesky_car
from threadkeep.records import Account, Link, Pin, Post, Ref, Repost
from threadkeep.sources.source import Source


def test_the_sample_is_what_the_writer_writes(seeds: Path) -> None:
    assert (seeds / "bluesky-car/bluesky-repo.car").read_bytes() == writer.sample().to_bytes()


def test_every_record_is_counted_and_a_deleted_one_is_not(seeds: Path) -> None:
    given, problems = read(Source.from_path(seeds / "bluesky-car/bluesky-repo.car"))
    assert not problems
    assert summary(given) == {
        "Account": 1,
        "Pin": 1,
        "Post": 11,
        "Repost": 1,
        "app.bsky.feed.like": 2,
        "app.bsky.feed.threadgate": 1,
        "app.bsky.graph.follow": 1,
        "com.example.kiln.firing": 1,
    }
    assert "Deleted long ago." not in texts(given)


def test_the_profile_names_the_account_and_its_pinned_post(seeds: Path) -> None:
    given, _ = read(Source.from_path(seeds / "bluesky-car/bluesky-repo.car"))
    me = Ref("bluesky", writer.DID)
    url = f"https://bsky.app/profile/{writer.DID}"
    assert Account(me, None, "Mira Okafor", "Pots, glazes, frost.", url) in given
    assert Pin(me, Ref("bluesky", f"at://{writer.DID}/{POST}/3krf6piv22222")) in given


def test_the_handle_is_what_the_importer_says(tmp_path: Path) -> None:
    given, _ = read_bytes(tmp_path, writer.sample().to_bytes(), owner="@mira.example.com")
    account = next(item for item in given if isinstance(item, Account))
    assert (account.ref.id, account.handle) == (writer.DID, "mira.example.com")
    assert next(item for item in given if isinstance(item, Post)).url == (
        "https://bsky.app/profile/mira.example.com/post/3krf6piv22222"
    )


def test_an_account_without_a_profile_is_told_by_its_did(tmp_path: Path) -> None:
    given, _ = read_bytes(tmp_path, writer.repository(writer.DID, {}).to_bytes())
    assert given == [Account(Ref("bluesky", writer.DID), url=f"https://bsky.app/profile/{writer.DID}")]


def test_a_repost_has_its_own_time(seeds: Path) -> None:
    given, _ = read(Source.from_path(seeds / "bluesky-car/bluesky-repo.car"))
    repost = next(item for item in given if isinstance(item, Repost))
    assert repost.post == Ref("bluesky", f"at://{writer.OTHER}/{POST}/3krf6piv22222")
    assert repost.created is not None and repost.created.instant.isoformat() == "2024-05-02T10:00:00+00:00"


@pytest.mark.parametrize(
    ("stated", "instant", "origin"),
    [
        ("2024-05-01T12:30:00Z", "2024-05-01T12:30:00+00:00", "stated"),
        ("2024-05-01T12:30:00.250Z", "2024-05-01T12:30:00.250000+00:00", "stated"),
        ("2024-05-01T12:30:00.123456+02:00", "2024-05-01T10:30:00.123456+00:00", "stated"),
        ("2024-05-01T12:30:00.1234567891Z", "2024-05-01T12:30:00.123456+00:00", "stated"),
        ("2012-05-01T12:30:00-07:00", "2012-05-01T19:30:00+00:00", "stated"),
        ("2024-05-01T12:30:00", "2024-05-01T00:00:00+00:00", "derived"),
        ("2024-13-41T12:30:00Z", "2024-05-01T00:00:00+00:00", "derived"),
        ("1970-01-01T00:00:00.000Z", "2024-05-01T00:00:00+00:00", "derived"),
        ("0001-01-01T00:00:00+14:00", "2024-05-01T00:00:00+00:00", "derived"),
        ("9999-12-31T23:59:59-14:00", "2024-05-01T00:00:00+00:00", "derived"),
        ("noon", "2024-05-01T00:00:00+00:00", "derived"),
        (1714521600, "2024-05-01T00:00:00+00:00", "derived"),
        (None, "2024-05-01T00:00:00+00:00", "derived"),
    ],
)
def test_a_time_is_the_stated_one_or_that_of_the_key(tmp_path: Path, stated: Any, instant: str, origin: str) -> None:
    found = only_post(tmp_path, {**post(), "createdAt": stated})
    assert found.created is not None
    assert (found.created.instant.isoformat(), found.created.origin) == (instant, origin)
    assert found.inferred == (("created",) if origin == "derived" else ())


@pytest.mark.parametrize("rkey", ["welcome", "7777777777777", "zzzzzzzzzzzzz", "3krf6piv2222!"])
def test_a_key_that_is_no_date_gives_none(tmp_path: Path, rkey: str) -> None:
    assert only_post(tmp_path, post(createdAt=""), rkey).created is None


def test_facets_count_bytes_and_links_code_points(tmp_path: Path) -> None:
    text = "❄️ naïve 😀 example.com/a"
    start = text.encode().index(b"example")
    index = {"byteStart": start, "byteEnd": start + 13}
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com/a-long-one"}
    found = only_post(tmp_path, post(text, facets=[{"index": index, "features": [feature]}]))
    assert found.links == (Link("https://example.com/a-long-one", "example.com/a", start=11, end=24),)


@pytest.mark.parametrize("index", [(1, 6), (0, 99), (5, 5), (6, 2), (-1, 4), (True, 4), ("0", "4"), (None, None)])
def test_a_broken_facet_keeps_its_link_but_no_place(tmp_path: Path, index: tuple[Any, Any]) -> None:
    facet = {
        "index": {"byteStart": index[0], "byteEnd": index[1]},
        "features": [
            {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com"},
            {"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:someone"},
            {"$type": "app.bsky.richtext.facet#tag", "tag": "#frost"},
        ],
    }
    found = only_post(tmp_path, post("❄️ee", facets=[facet, None, {"features": 3}]))
    assert found.links == (Link("https://example.com"),)
    assert found.tags == ("frost",)
    assert found.mentions == ("did:plc:someone",)


def test_old_entities_count_utf_16(seeds: Path) -> None:
    given, _ = read(Source.from_path(seeds / "bluesky-car/bluesky-repo.car"))
    old = next(item for item in given if isinstance(item, Post) and item.text.startswith("😀"))
    assert old.links == (Link("https://example.com", "example.com", start=6, end=17),)


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-2, 120), st.integers(-2, 120)), max_size=6))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_placed_link_is_the_text_that_stands_there(tmp_path: Path, text: str, places: list[tuple[int, int]]) -> None:
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com"}
    facets = [{"index": {"byteStart": a, "byteEnd": b}, "features": [feature]} for a, b in places]
    found = only_post(tmp_path, post(text, facets=facets))
    assert len(found.links) == len(places)
    for link in found.links:
        if link.start is not None and link.end is not None:
            assert link.text == text[link.start : link.end]
            assert (len(text[: link.start].encode()), len(text[: link.end].encode())) in places


def test_a_quote_of_a_list_is_a_link_and_a_quote_of_a_post_a_quote(seeds: Path) -> None:
    given, _ = read(Source.from_path(seeds / "bluesky-car/bluesky-repo.car"))
    posts = {item.text: item for item in given if isinstance(item, Post)}
    listed = posts["Potters to follow:"]
    assert listed.quotes == ()
    assert [link.url for link in listed.links] == [f"https://bsky.app/profile/{writer.DID}/lists/3krfstaaq2222"]
    quoting = posts["What Odo says:"]
    assert [ref.id for ref in quoting.quotes] == [f"at://{writer.OTHER}/{POST}/3krffg3dm2222"]
    assert [item.alt for item in quoting.media] == ["A bowl with a green ash glaze, cooling on a brick."]


def test_media_have_their_kind_their_alt_text_and_their_address(seeds: Path) -> None:
    given, _ = read(Source.from_path(seeds / "bluesky-car/bluesky-repo.car"))
    media = [item for post in given if isinstance(post, Post) for item in post.media]
    assert [(item.kind, item.alt) for item in media] == [
        ("image", "A bowl with a green ash glaze, cooling on a brick."),
        ("image", None),
        ("image", "A bowl with a green ash glaze, cooling on a brick."),
        ("video", "Hands at a wheel."),
        ("image", "Five bowls."),
    ]
    assert all(item.url and writer.DID.split(":")[2] in item.url for item in media)


def test_an_embed_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    record = post(embed={"$type": "com.example.embed.melody", "notes": "cde"})
    given, problems = read_bytes(tmp_path, writer.repository(writer.DID, {f"{POST}/3k": record}).to_bytes())
    assert not problems
    assert summary(given) == {"Account": 1, "Post": 1, "embed com.example.embed.melody": 1}


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("Frost.", "the record is text, not an object"),
        ([1], "the record is a list, not an object"),
        ({"$type": POST}, "it has no text"),
        ({"$type": POST, "text": 7}, "its text is a number, not text"),
        ({"$type": "app.bsky.feed.like", "text": "x"}, "says it is app.bsky.feed.like"),
    ],
)
def test_a_record_of_another_form_is_a_problem_and_the_rest_is_read(tmp_path: Path, record: Any, words: str) -> None:
    car = writer.repository(writer.DID, {f"{POST}/3ka": record, f"{POST}/3kb": post("Fine.")})
    given, problems = read_bytes(tmp_path, car.to_bytes())
    assert texts(given) == ["Fine."]
    assert [place for place, _ in problems] == [f"{POST}/3ka"]
    assert words in problems[0][1]


def test_each_account_of_several_roots_is_read_once(tmp_path: Path) -> None:
    mine, other = writer.sample(), writer.repository(writer.OTHER, {f"{POST}/3k": post("Low tide.")})
    older = writer.repository(writer.DID, {f"{POST}/3k": post("Older.")})
    roots = [*mine.roots, *other.roots, *older.roots, mine.nodes[0]]
    given, problems = read_bytes(tmp_path, writer.Car(roots, mine.blocks + other.blocks + older.blocks).to_bytes())
    assert not problems
    assert len(texts(given)) == 12
    assert summary(given)["another commit of the same account"] == 1
    assert summary(given)["root that is not a commit"] == 1


@pytest.mark.parametrize(("version", "rev"), [(2, None), (3, "3l2aaaaaaaa2a")])
def test_commits_of_both_versions_are_read(tmp_path: Path, version: int, rev: str | None) -> None:
    car = writer.repository(writer.DID, {f"{POST}/3k": post()}, version=version, rev=rev)
    assert texts(read_bytes(tmp_path, car.to_bytes())[0]) == ["Frost."]


def test_a_car_file_is_told_from_others(tmp_path: Path, seeds: Path) -> None:
    assert bluesky_car.recognizes(Source.from_path(seeds / "bluesky-car/bluesky-repo.car"))
    for path in seeds.iterdir():
        if path.suffix in (".txt", ".json", ".jsonl", ".js", ".html", ".csv"):
            assert not bluesky_car.recognizes(Source.from_path(path))
    other = tmp_path / "other"
    for data in (b"", b":", b"\x3a\xa2", b"\x02\xa2\xa2", b"PK\3\4", b"\x1f\x8b\x08"):
        other.write_bytes(data)
        assert not bluesky_car.recognizes(Source.from_path(other))


@pytest.mark.parametrize(
    "name",
    ["indigo_bafyreieov.car", "indigo_bnewbold_v3.car", "indigo_fakermaker.repo.car", "indigo_repo_slice_partial.car"],
)
def test_real_repositories_give_what_was_counted_in_them(shared: Path, name: str) -> None:
    facts = json.loads((shared / "dumps/FACTS.json").read_text("utf-8"))[f"bsky-car/{name}"]
    given, problems = read(Source.from_path(shared / "dumps/bsky-car" / name))
    kept, records = summary(given), Counter(facts["records"])
    missing = [place for place, words in problems if words == "its block is missing"]
    assert len(missing) == facts["missing_records"]
    assert len(problems) - len(missing) == facts["missing_mst_nodes"]
    records.subtract(place.partition("/")[0].removeprefix("app.bsky.") for place in missing)
    posts, reposts = records.pop("feed.post"), records.pop("feed.repost", 0)
    has_profile = records.pop("actor.profile", 0)
    assert (kept.pop("Post"), kept.pop("Repost", 0), kept.pop("Account")) == (posts, reposts, 1)
    assert {key.removeprefix("app.bsky."): count for key, count in kept.items()} == +records
    found = [item for item in given if isinstance(item, Post)]
    account = next(item for item in given if isinstance(item, Account))
    assert account.ref.id == facts["did"]
    assert account.name == (facts["profile"] or {}).get("displayName") if has_profile else account.name is None
    assert sum(item.reply_to is not None for item in found) == facts["replies"]
    assert sum(len(item.media) for item in found) == facts["images"]
    assert sum(media.alt is not None for item in found for media in item.media) == facts["alt_nonempty"]
    assert Counter(item.language for item in found if item.language) == facts["langs"]
    assert sum(not item.text for item in found) == facts["empty_text"]
    assert all(item.created and item.created.origin == "stated" for item in found)

"""What a query means in an archive: whose that is, what its posts are called, how they hang together."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.archive.config import CONFIG, SEARCHES, forget_search, owners, save_search, saved_searches
from threadkeep.errors import ArchiveError, NotFound, QueryError, ThreadkeepError
from threadkeep.query.parser import parse
from threadkeep.sources.source import Source

Keep = Callable[..., None]


def post(id_: str, text: str = "words", author: str = "mira", **more: Any) -> dict[str, Any]:
    return {"type": "post", "platform": "x", "id": id_, "author": author, "text": text, **more}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive") as made:
        yield made


@pytest.fixture
def keep(archive: Archive, tmp_path: Path) -> Keep:
    """Import posts as one dump."""

    def imported(*posts: dict[str, Any], name: str = "dump.jsonl") -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(one) + "\n" for one in posts), "utf-8")
        archive.import_(Source.from_path(path))

    return imported


def found(archive: Archive, query: str, **options: Any) -> set[str]:
    return {hit.stored.post.ref.id for hit in archive.search(query, limit=100, **options).hits}


THREAD = (
    post("1", "the kiln is lit"),
    post("2", "the glaze runs", reply_to="1"),
    post("3", "@mira which glaze?", "juno", reply_to="2"),
    post("4", "a porcelain bowl", "juno"),
    post("5", "a kiln", "lio"),
)


def test_words_between_braces_are_found_anywhere_in_a_thread(archive: Archive, keep: Keep) -> None:
    keep(*THREAD)
    assert found(archive, "thread:{kiln glaze}") == {"1", "2", "3"}
    assert found(archive, "thread:{kiln glaze} from:juno") == {"3"}
    assert found(archive, "thread:{kiln}") == {"1", "2", "3", "5"}
    assert found(archive, "thread:{kiln -glaze}") == {"5"}
    assert found(archive, "thread:{(from:mira glaze) from:juno}") == {"1", "2", "3"}
    assert found(archive, "thread:{(from:juno kiln)}") == set()
    assert found(archive, "thread:{kiln}", threads=True) == {"1", "5"}
    assert dict(archive.counts("thread:{kiln glaze}", "author").counts) == {"mira": 2, "juno": 1}


def test_a_post_and_a_thread_go_by_id_ref_and_address(archive: Archive, keep: Keep) -> None:
    keep(*THREAD)
    for name in ("2", "x:2", "https://x.com/mira/status/2"):
        assert found(archive, f"id:{name}") == {"2"}
        assert found(archive, f"thread:{name} -id:{name}") == {"1", "3"}
    assert found(archive, "id:(1 OR 5) kiln") == {"1", "5"}
    assert archive.search("id:2").warnings == ()


def test_a_source_goes_by_name_path_and_hash(archive: Archive, keep: Keep) -> None:
    keep(post("1"), post("2"), name="Lab/first.jsonl")
    keep(post("2"), post("3"), name="lab/second.jsonl")
    sha256 = archive.store.sources()[1].record.sha256
    for name in ("second.jsonl", "second", "lab/second.jsonl", sha256[:8], sha256):
        assert found(archive, f"source:{name}") == {"2", "3"}
    assert found(archive, "source:LAB") == {"1", "2", "3"}
    assert found(archive, "source:first -source:second") == {"1"}


@pytest.mark.parametrize("query", ["id:99", "thread:99", "source:nowhere.txt", "-id:99 thread:{id:99}"])
def test_a_name_of_nothing_finds_nothing_and_is_warned_about(archive: Archive, keep: Keep, query: str) -> None:
    keep(*THREAD)
    page = archive.search(query)
    assert (page.hits, len(page.warnings)) == ((), 1)
    assert "is called" in page.warnings[0]
    warnings: list[str] = []
    assert archive.counts(query, "author", warn=warnings.append) == ((), 0)
    assert len(warnings) == 1


def test_a_post_is_to_whom_it_answers_or_begins_by_mentioning(archive: Archive, keep: Keep) -> None:
    keep(
        post("1", "hello"),
        post("2", "@lio @mira indeed", "juno", reply_to="1", mentions=["lio", "mira"]),
        post("3", "@mira.lane. look", "juno", reply_to="404", mentions=["mira.lane"]),
        post("4", "  @mira look at this", "juno", mentions=["mira"]),
        post("5", "so says @mira", "juno", mentions=["mira"]),
        post("6", "mail@mira.test", "juno"),
    )
    assert found(archive, "to:mira") == {"2", "3", "4"}
    assert found(archive, "to:lio") == set()
    assert found(archive, "@mira") == found(archive, "mentions:mira") == {"2", "3", "4", "5"}


def test_me_is_whoever_the_config_says(archive: Archive, keep: Keep) -> None:
    keep(*THREAD, post("6", author="me"))
    with pytest.raises(QueryError, match=r"config\.toml") as raised:
        archive.search("kiln from:me")
    assert raised.value.position == 10
    config = archive.folder / CONFIG
    config.write_text('owner = "@juno"\n', "utf-8")
    assert found(archive, "from:me") == {"3", "4"}
    config.write_text('owner = ["juno", "lio"]\n', "utf-8")
    assert found(archive, "from:ME") == {"3", "4", "5"}
    assert found(archive, "from:@me") == {"6"}
    for wrong in ("owner = 7", "owner = [7]", "owner ="):
        config.write_text(wrong, "utf-8")
        with pytest.raises(ArchiveError, match=r"config\.toml"):
            archive.search("from:me")
    assert found(archive, "kiln") == found(archive, "kiln -(show me)") == {"1", "5"}


def test_handles_and_tags_are_known_by_how_they_begin(archive: Archive, keep: Keep) -> None:
    keep(
        post("1", author="mira_vale", tags=["Pots", "po_ts", "100%"]),
        post("2", author="Mirabel", tags=["pots"]),
        post("3", author="m%a"),
    )
    with archive.store.name_lookup() as naming:
        assert naming.handles("mir", 10) == ["Mirabel", "mira_vale"]
        assert naming.handles("MIRA_", 10) == ["mira_vale"]
        assert naming.handles("m%", 10) == ["m%a"]
        assert naming.handles("", 2) == ["Mirabel", "m%a"]
        assert naming.tags("po", 10) == ["Pots", "po_ts", "pots"]
        assert naming.tags("po_", 10) == ["po_ts"]
        assert [Path(path).name for path in naming.dumps()] == ["dump.jsonl"]


def test_a_saved_search_is_asked_by_its_name(archive: Archive, keep: Keep) -> None:
    keep(*THREAD)
    save_search(archive.folder, "@Fires", 'kiln OR "the glaze"')
    assert found(archive, "@fires") == {"1", "2", "5"}
    assert found(archive, "-@fires from:mira OR @FIRES from:lio") == {"5"}
    (archive.folder / CONFIG).write_text('owner = "lio"', "utf-8")
    save_search(archive.folder, "mine", "from:me")
    assert found(archive, "@mine") == {"5"}
    forget_search(archive.folder, "mine")
    assert found(archive, "@mine") == set()


@pytest.mark.parametrize("text", ['"a\\b"', "a\x7f\x00b", "é “q” 京都", "\ud800", "", "a\nb"])
def test_a_saved_search_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    save_search(tmp_path, "one", "1")
    save_search(tmp_path, "two", text)
    assert saved_searches(tmp_path) == {"one": "1", "two": text.encode("utf-8", "replace").decode()}


def test_names_of_searches_are_plain_words(tmp_path: Path) -> None:
    for name in ("", "a b", "a.b", "-a", "é", "x" * 61):
        with pytest.raises(ThreadkeepError, match="cannot be the name"):
            save_search(tmp_path, name, "kiln")
    with pytest.raises(NotFound, match="no saved search"):
        forget_search(tmp_path, "nothing")
    (tmp_path / SEARCHES).write_text("a = 1", "utf-8")
    with pytest.raises(ArchiveError, match="not a query"):
        saved_searches(tmp_path)
    (tmp_path / SEARCHES).write_bytes(b"\xff")
    with pytest.raises(ArchiveError, match=r"searches\.toml"):
        saved_searches(tmp_path)
    assert owners(tmp_path) == ()


FLAGGED = (
    post("1", "a ☐ in a text", counts={"likes": 12, "reposts": 3, "replies": 0}),
    post("2", "Which?", poll=[{"option": "Raku", "votes": 3}, {"option": "Salt", "votes": None}], counts={"likes": 2}),
    post("3", "see $CLAY #pot", tags=["pot"], edits=[{"id": "30", "text": "see", "created": None}], language="en-GB"),
    post("4", "it is cut…", inferred=["truncated"], mentions=["juno"]),
    post("5", "and on", reply_to="4"),
    post("6", "of what?", "juno", reply_to="5"),
    post("7", "gone", reply_to="404"),
    post(
        "0",
        "linked",
        links=[{"url": "https://a.example.com/b", "text": None, "title": "card", "start": None, "end": None}],
    ),
    post("8", "heard", media=[{"kind": "audio", "url": None, "file": None, "alt": None}], warning="loud"),
    post(
        "9", "seen", media=[{"kind": "image", "url": "https://a.example.com/1.jpg", "file": None, "alt": "a blue bowl"}]
    ),
)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("has:poll", "2"),
        ("is:edited", "3"),
        ("has:cashtags", "3"),
        ("$clay", "3"),
        ("$cl*", "3"),
        ("filter:hashtags", "3"),
        ("is:truncated", "4"),
        ("filter:mentions", "4"),
        ("filter:self_threads", "45"),
        ("is:thread", "456"),
        ("filter:replies", "567"),
        ("has:gap", "7"),
        ("has:audio", "8"),
        ("has:warning", "8"),
        ("filter:images", "9"),
        ("has:alt", "9"),
        ("alt:bowl", "9"),
        ('alt:"blue bowl"', "9"),
        ("alt:*", "9"),
        ("alt:card", ""),
        ("filter:media -filter:images", "8"),
        ("min_faves:3", "1"),
        ("min_likes:2", "12"),
        ("min_retweets:3", "1"),
        ("min_replies:0", "1"),
        ("-min_faves:1 from:juno", "6"),
    ],
)
def test_what_is_true_of_a_post_is_found(kept_flags: Archive, query: str, ids: str) -> None:
    assert found(kept_flags, query) == set(ids)


@pytest.fixture(scope="module")
def kept_flags(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("flags")
    dump = folder / "dump.jsonl"
    dump.write_text("".join(json.dumps(one) + "\n" for one in FLAGGED), "utf-8")
    with Archive(folder / "archive") as archive:
        archive.import_(Source.from_path(dump))
        yield archive


def test_hits_are_counted_by_language(kept_flags: Archive) -> None:
    assert kept_flags.counts("", "lang").counts == (("en-gb", 1),)


def test_flags_follow_what_arrives_later(archive: Archive, keep: Keep) -> None:
    keep(post("2", reply_to="1"), post("9", reply_to="2", root="2"))
    archive.sync()
    assert found(archive, "has:gap") == {"2"}
    assert found(archive, "filter:self_threads") == {"2", "9"}
    keep(post("1"), name="later.jsonl")
    assert found(archive, "has:gap") == set()
    assert found(archive, "filter:self_threads") == {"1", "2", "9"}


def test_a_missing_post_between_root_and_reply_is_a_gap_until_it_comes(archive: Archive, keep: Keep) -> None:
    keep(post("1"), post("3", author="juno", reply_to="2", root="1"))
    assert found(archive, "has:gap") == {"3"}
    assert found(archive, "to:mira") == set()
    keep(post("2", reply_to="1"), name="later.jsonl")
    assert found(archive, "has:gap") == set()
    assert found(archive, "to:mira") == {"2", "3"}
    archive.reindex()
    assert found(archive, "filter:self_threads") == {"1", "2"}


def test_private_posts_find_no_thread_for_others(archive: Archive, keep: Keep) -> None:
    keep(post("1", "kiln"), post("2", "secret glaze", reply_to="1", visibility="followers"))
    assert found(archive, "thread:{kiln secret}") == set()
    assert found(archive, "thread:{kiln -secret}") == {"1"}
    assert found(archive, "thread:{kiln secret}", private=True) == {"1", "2"}
    assert found(archive, "id:2") == set()
    assert archive.search("kilm").suggestion == "kiln"
    assert archive.search("thread:{kiln secrt}").suggestion is None


def test_an_explanation_tells_how_a_query_was_understood(archive: Archive, keep: Keep) -> None:
    keep(*THREAD, post("8", "mine", visibility="direct"))
    page = archive.search('(kilns OR "the glaze") -from:juno since:2024-05 & thread:2', explain=True)
    assert page.explanation is not None
    assert page.explanation.understood == (
        "all of these:",
        "  any of these:",
        "    the word “kilns” (searched for as kiln)",
        "    the words “the glaze” in a row",
        "  not: written by juno",
        "  from 2024-05-01 on",
        "  the word “&” (it holds no word, and is ignored)",
        "  in the thread of 2 (3 posts)",
    )
    assert page.explanation.added == ("not: it was not for everyone",)
    assert archive.search("kiln").explanation is None


def test_the_shares_of_a_hit_add_up_to_its_score(archive: Archive, keep: Keep) -> None:
    keep(*THREAD)
    page = archive.search("kiln OR glaze OR lit", explain=True)
    assert page.explanation is not None
    assert len(page.explanation.shares) == len(page.hits) == 4
    for hit, shares in zip(page.hits, page.explanation.shares, strict=True):
        assert sum(share.score for share in shares) == pytest.approx(hit.score)
    assert {share.term for share in page.explanation.shares[0]} == {"kiln", "lit"}
    by_date = archive.search("kiln", "newest", explain=True).explanation
    assert by_date is not None
    assert by_date.shares == ()


def test_a_suggestion_means_what_was_typed(archive: Archive, keep: Keep) -> None:
    keep(*THREAD, post("8", "hidden", visibility="direct"))
    suggestion = archive.search("thread:{kilm} porcelan OR kilm").suggestion
    assert suggestion is None or "private" not in suggestion
    assert suggestion is None or parse(suggestion)

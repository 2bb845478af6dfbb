"""Pastes of Mastodon, Threads and LinkedIn: authors, text, counts and order; each is one format's and no other's."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from seed_samples import SEEDS

from threadkeep.parsers.registry import all_parsers, parser_for, parser_named
from threadkeep.records import Account, Parsed, Post, Ref, Skipped, When
from threadkeep.sources.source import Options, Source

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"


def read(folder: Path, text: str, format_name: str, saved_on: date | None = None) -> list[Parsed]:
    path = folder / "paste.txt"
    path.write_text(text, "utf-8")
    source = Source.from_path(path, Options(saved_on=saved_on))
    recognizing = [parser.NAME for parser in all_parsers().values() if parser.recognizes(source)]
    assert recognizing == [format_name]
    parser = parser_named(format_name)
    return [record for entry in parser.entries(source) for record in parser.parse(entry)]


def posts_in(records: list[Parsed]) -> list[Post]:
    return [record for record in records if isinstance(record, Post)]


def accounts_in(records: list[Parsed]) -> set[tuple[str | None, str | None]]:
    return {(record.handle, record.name) for record in records if isinstance(record, Account)}


MASTODON = (
    "Back\nMira Lane\n@mira@kilns.example\nThe kiln is cold. 🔥\n\n#clay\n\nFeb 11, 2026, 18:22\n·\nIvory for iOS\n·\n"
    "2 boosts\n·\n1,204 favourites\n\nOdo\n@odo@ash.example\n3d\n@mira Did it hold?\n\n"
    "Mira Lane\n@mira\n3d\n@odo It did.\n"
)


def test_a_thread_of_mastodon(tmp_path: Path) -> None:
    records = read(tmp_path, MASTODON, "mastodon-text", date(2026, 2, 14))
    root, question, answer = posts_in(records)
    assert [post.text for post in (root, question, answer)] == [
        "The kiln is cold. 🔥\n\n#clay",
        "@mira Did it hold?",
        "@odo It did.",
    ]
    assert root.counts == {"reposts": 2, "likes": 1204}
    assert {post.created for post in (root, question)} == {When(datetime(2026, 2, 11, tzinfo=UTC), "day")}
    assert (question.reply_to, answer.reply_to) == (root.ref, question.ref)
    assert answer.author == root.author == Ref("mastodon", "~mira@kilns.example")
    assert accounts_in(records) == {("mira@kilns.example", "Mira Lane"), ("odo@ash.example", "Odo")}


def test_a_timeline_of_mastodon_with_the_age_above(tmp_path: Path) -> None:
    text = (
        "Eva boosted\n3h\nMira Lane\n@mira@kilns.example\nFrost again.\n1\n2\n3\n"
        "2d\nOdo\n@odo@ash.example\nTea.\nSecond line.\nTranslate\n"
    )
    frost, tea = posts_in(read(tmp_path, text, "mastodon-text"))
    assert (frost.text, tea.text) == ("Frost again.", "Tea.\nSecond line.")
    assert frost.counts == {"replies": 1, "reposts": 2, "likes": 3}
    assert (frost.created, frost.reply_to) == (None, None)


THREADS = (
    "kiln.notes\n2d\nFirst firing.\n\nIt held.\nTranslate\n1,204\n14\n6\n"
    "mira.lane\n5h\n@odo Which brick? https://a.example/x #clay\n3\nkiln.notes\n4h\nIron.\n"
)


def test_posts_of_threads(tmp_path: Path) -> None:
    records = read(tmp_path, THREADS, "threads-text", date(2026, 3, 3))
    first, second, third = posts_in(records)
    assert (first.text, second.text, third.text) == (
        "First firing.\n\nIt held.",
        "@odo Which brick? https://a.example/x #clay",
        "Iron.",
    )
    assert (first.ref.platform, first.author) == ("threads", Ref("threads", "~kiln.notes"))
    assert first.counts == {"likes": 1204, "replies": 14, "reposts": 6}
    assert second.counts == {}  # one number may be any of them
    assert first.created == When(datetime(2026, 3, 1, tzinfo=UTC), "day")
    assert (second.tags, second.mentions) == (("clay",), ("odo",))


LINKEDIN = (
    "Feed post number 1\nMira Lane\nMira Lane\n • 2nd\nPotter | Teacher\n2d • Edited • \n\n"
    "We open on Sundays.\n\n→ Bring clay.\n"
    "hashtag\n#clay\n…more\n126\n18 comments\n4 reposts\n\nLike\n\nComment\n\nRepost\n\nSend\n"
    "Clay Works\nClay Works\n1,204 followers\n3w • \n\n"
    "We look for a potter who can\nComment\non glazes.\nLike\nComment\nRepost\nSend\n"
)


def test_posts_of_linkedin(tmp_path: Path) -> None:
    records = read(tmp_path, LINKEDIN, "linkedin-text", date(2026, 3, 20))
    first, second = posts_in(records)
    assert first.text == "We open on Sundays.\n\n→ Bring clay.\n#clay"
    assert first.counts == {"likes": 126, "replies": 18, "reposts": 4}
    assert first.created == When(datetime(2026, 3, 18, tzinfo=UTC), "day")
    assert accounts_in(records) == {(None, "Mira Lane"), (None, "Clay Works")}
    assert next(record.bio for record in records if isinstance(record, Account)) == "Potter | Teacher"
    assert second.text == "We look for a potter who can\nComment\non glazes."
    assert [record.reason for record in records if isinstance(record, Skipped)] == [
        "part of the page, not of a post"
    ] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Like Comment Repost Send: the four buttons nobody needs.\n\nI pressed Like.\nThen Send.\n",
        "How LinkedIn works\n\nLike\n\nComment\n\nRepost\n\nSend\n\nThese are its buttons.\n",
        "I moved. Find me at\n@mira@kilns.example\nfrom now on, please.\n",
        "My servers:\n@mira@kilns.example\n@mira@ash.example\n",
        "notes\n2d\nof work on the kiln left.\n",
        "kiln.notes is where I write.\nIt takes\n2d\nto dry.\n",
        "Prices • 2nd hand\nkiln 3d • door 2d\n",
        "Recipe\n2 h • easy\nFire it.\n",
    ],
)
def test_prose_that_mentions_such_words_is_none_of_them(text: str, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text(text, "utf-8")
    source = Source.from_path(path)
    names = ("mastodon-text", "threads-text", "linkedin-text")
    assert [name for name in names if parser_named(name).recognizes(source)] == []


SAMPLES = sorted(path for path in SEEDS.glob("*/*") if not path.name.endswith(".expected.jsonl"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_new_formats_want_no_sample_of_another(path: Path) -> None:
    source = Source.from_path(path)
    for name in ("mastodon-text", "threads-text", "linkedin-text"):
        assert parser_named(name).recognizes(source) == (path.parent.name == name)


@pytest.mark.parametrize(
    ("name", "format_name", "count"),
    [
        ("mastodon_paste.txt", "mastodon-text", 3),
        ("threads_paste.txt", "threads-text", 2),
        ("linkedin_paste.txt", "linkedin-text", 1),
        ("bsky_thread_2026.txt", "bluesky-text", 5),
        ("x_web_2026.txt", "x-text", 7),
        ("comment-first.html", "web-page", 1),
        ("page-with-meta.html", "web-page", 1),
        ("embed-fragment.html", "web-page", 1),
    ],
)
def test_pastes_and_pages_that_people_brought(name: str, format_name: str, count: int) -> None:
    path = CASES / name
    if not path.exists():
        pytest.skip("the reported inputs are not here")
    source = Source.from_path(path)
    parser = parser_for(source)
    assert format_name == parser.NAME
    records = [record for entry in parser.entries(source) for record in parser.parse(entry)]
    assert len(posts_in(records)) == count

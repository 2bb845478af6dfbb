"""Posts pasted from X: bare ones, and pages copied with their headers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.parsers.x import pasted as x_text
from threadkeep.records import (
    Account,
    Boundary,
    Link,
    Media,
    Parsed,
    Pin,
    Post,
    Repost,
    Skipped,
    When,
    account_ref,
    post_ref,
)
from threadkeep.sources.source import Options, Source

HEADER = "Ada Rivers\n@ada_rivers\n·\nJul 27, 2031\n"
LABELLED_BY_HAND = (1, 6, 10, 14, 16, 20, 21, 24, 29, 33, 38, 40, 41, 43, 46, 49, 50, 53, 59, 61)
"""Where the posts of the real paste begin, as a person reads it."""


def source(tmp_path: Path, text: str, options: Options | None = None) -> Source:
    path = tmp_path / "paste.txt"
    path.write_text(text, "utf-8")
    return Source.from_path(path, options)


def read(tmp_path: Path, text: str, options: Options | None = None) -> list[Parsed]:
    return [record for entry in x_text.entries(source(tmp_path, text, options)) for record in x_text.parse(entry)]


def only_posts(records: list[Parsed]) -> list[Post]:
    return [record for record in records if isinstance(record, Post)]


# bare pastes


def test_a_bare_post_has_no_author_no_date_and_says_what_was_concluded(tmp_path: Path) -> None:
    (post,) = only_posts(read(tmp_path, "The weir is open. @mo_delta@ivo_marsh #rivers https://t.co/a1"))
    assert (post.author, post.created, post.reply_to) == (None, None, None)
    assert post.ref == post_ref("x", None, post.text)
    assert post.mentions == ("mo_delta", "ivo_marsh")
    assert post.tags == ("rivers",)
    assert [(link.url, link.start, link.end) for link in post.links] == [("https://t.co/a1", 46, 61)]
    assert post.inferred == ()


def test_every_post_but_the_first_follows_its_boundary(tmp_path: Path) -> None:
    records = read(tmp_path, "Rain again (1/2)\nMore rain (2/2)\nNew paper! We measured the rain: https://t.co/a1")
    kinds = [type(record) for record in records if isinstance(record, Boundary | Post)]
    assert kinds == [Post, Boundary, Post, Boundary, Post]
    assert [record.line for record in records if isinstance(record, Boundary)] == [2, 3]
    assert {post.inferred[0] for post in only_posts(records)} == {"split"}


def test_the_author_a_person_names_is_the_author_of_every_post(tmp_path: Path) -> None:
    records = read(tmp_path, "One day\n---\nAnother day", Options(author="@ada_rivers"))
    ada = account_ref("x", "ada_rivers")
    assert records[0] == Account(ada, "ada_rivers")
    assert [post.author for post in only_posts(records)] == [ada, ada]
    assert only_posts(records)[0].ref == post_ref("x", "ada_rivers", "One day")
    assert sum(isinstance(record, Account) for record in records) == 1


def test_posts_numbered_in_turn_answer_each_other(tmp_path: Path) -> None:
    first, second, third, other = only_posts(
        read(tmp_path, "Rain (1/3)\n---\nMore rain (2/3)\n---\nSun (3/3)\n---\nUnrelated (2/9)")
    )
    assert first.reply_to is None
    assert second.reply_to == first.ref
    assert third.reply_to == second.ref
    assert third.inferred == ("thread",)
    assert other.reply_to is None


def test_a_head_of_a_thread_proves_nothing_of_what_follows(tmp_path: Path) -> None:
    posts = only_posts(
        read(tmp_path, "A thread on rain 🧵(1/5)\n---\nBought a kettle today.\n---\nIt is a good kettle.")
    )
    assert [post.reply_to for post in posts] == [None, None, None]


def test_the_second_of_two_equal_posts_is_left_out_and_counted(tmp_path: Path) -> None:
    records = read(tmp_path, "Rain again.\n---\nSun!\n---\nRain  again.")
    assert len(only_posts(records)) == 2
    assert Skipped("repeated in this dump", "line 5") in records


def test_entries_say_where_they_stand(tmp_path: Path) -> None:
    entries = list(x_text.entries(source(tmp_path, "\nRain again.\nAnd again.\n---\nSun!", Options(split="auto"))))
    assert [entry.locator for entry in entries][-1] == "line 5"
    assert entries[-1].raw == "Sun!"


def test_boundaries_are_those_of_the_posts(tmp_path: Path) -> None:
    text = "Rain again (1/2)\nMore rain (2/2)\nNew paper! We measured the rain: https://t.co/a1"
    of_posts = [record for record in read(tmp_path, text) if isinstance(record, Boundary)]
    assert list(x_text.boundaries(source(tmp_path, text))) == of_posts


def test_a_reviewed_paste_holds_nothing_concluded(tmp_path: Path) -> None:
    options = Options(starts=(1, 3))
    records = read(tmp_path, "Rain again\nand again\nSun!\nat last", options)
    assert [post.text for post in only_posts(records)] == ["Rain again\nand again", "Sun!\nat last"]
    assert all(post.inferred == () for post in only_posts(records))
    assert [record for record in records if isinstance(record, Boundary)] == [Boundary(3, True, "sure")]


# the real paste


def test_the_real_paste_comes_apart_nearly_as_a_person_reads_it(shared: Path) -> None:
    paste = Source.from_path(next((shared / "seeds").glob("001_*")))
    assert x_text.recognizes(paste)
    starts = {boundary.line for boundary in x_text.boundaries(paste) if boundary.starts}
    true = set(LABELLED_BY_HAND) - {1}
    assert 2 * len(starts & true) / (len(starts) + len(true)) >= 0.85
    assert 18 <= len(starts) + 1 <= 23


def test_the_real_paste_told_its_number_of_posts_holds_as_many(shared: Path) -> None:
    paste = Source.from_path(next((shared / "seeds").glob("001_*")), Options(posts=20))
    posts = [post for entry in x_text.entries(paste) for post in only_posts(list(x_text.parse(entry)))]
    assert len(posts) == 20
    starts = {boundary.line for boundary in x_text.boundaries(paste) if boundary.starts} | {1}
    assert len(starts & set(LABELLED_BY_HAND)) >= 18


def test_sure_boundaries_of_the_real_paste_are_right(shared: Path) -> None:
    paste = Source.from_path(next((shared / "seeds").glob("001_*")))
    sure = [boundary.line for boundary in x_text.boundaries(paste) if boundary.starts and boundary.band == "sure"]
    assert len(sure) >= 10
    assert set(sure) <= set(LABELLED_BY_HAND)


# copied pages


def test_a_header_gives_author_and_day(tmp_path: Path) -> None:
    account, post = read(tmp_path, f"{HEADER}The weir is open.\n\nCome and see.")
    ada = account_ref("x", "ada_rivers")
    assert account == Account(ada, "ada_rivers", "Ada Rivers")
    assert isinstance(post, Post)
    assert post.author == ada
    assert post.text == "The weir is open.\n\nCome and see."
    assert post.created == When(datetime(2031, 7, 27, tzinfo=UTC), "day")
    assert post.inferred == ()


@pytest.mark.parametrize(
    "header",
    [
        "Ada Rivers\n@ada_rivers\n·\n3h",
        "Ada Rivers\n@ada_rivers\n· 3h",
        "Ada Rivers\n@ada_rivers · 3h",
        "Ada Rivers\n@ada_rivers·Jul 27",
        "Ada Rivers @ada_rivers · 3h",
        "Ada Rivers\nVerified account\n@ada_rivers\n·\n27 Jul",
        "Ada Rivers\nAda Rivers\n@ada_rivers\n·\n5m",
        "Ada Rivers\n\n@ada_rivers\n\n·\n\n2 hours ago",
    ],
)
def test_headers_come_in_many_shapes_and_a_time_without_year_is_no_date(tmp_path: Path, header: str) -> None:
    account, post = read(tmp_path, f"{header}\nThe weir is open.")
    assert account == Account(account_ref("x", "ada_rivers"), "ada_rivers", "Ada Rivers")
    assert isinstance(post, Post)
    assert (post.text, post.created) == ("The weir is open.", None)


def test_a_post_on_its_own_page_has_its_time_below(tmp_path: Path) -> None:
    page = "Post\nAda Rivers\n@ada_rivers\nThe weir is open.\n3:45 PM · Jul 27, 2031\n·\n12.3K\nViews\n12\n3\n45\n6"
    (post,) = only_posts(read(tmp_path, page))
    assert post.text == "The weir is open."
    assert post.created == When(datetime(2031, 7, 27, tzinfo=UTC), "day")
    assert post.counts == {"replies": 12, "reposts": 3, "likes": 45, "views": 12300}


def test_a_full_row_of_counts_is_read_and_is_no_text(tmp_path: Path) -> None:
    (post,) = only_posts(read(tmp_path, f"{HEADER}The weir is open.\n12\n34\n1.2K\n3M"))
    assert post.text == "The weir is open."
    assert post.counts == {"replies": 12, "reposts": 34, "likes": 1200, "views": 3_000_000}


def test_a_row_that_lacks_a_number_tells_no_counts(tmp_path: Path) -> None:
    first, second = only_posts(read(tmp_path, f"{HEADER}One\n1\n2\n3\n4\n{HEADER}Two\n7\n8"))
    assert first.counts == {"replies": 1, "reposts": 2, "likes": 3, "views": 4}
    assert (second.text, second.counts) == ("Two", {})


def test_a_number_is_text_where_no_post_has_a_row_of_counts(tmp_path: Path) -> None:
    (post,) = only_posts(read(tmp_path, f"{HEADER}The answer is\n42"))
    assert post.text == "The answer is\n42"


def test_counts_with_labels_are_read_whatever_is_missing(tmp_path: Path) -> None:
    (post,) = only_posts(read(tmp_path, f"{HEADER}The weir is open.\n3 Reposts\n45 Likes"))
    assert (post.text, post.counts) == ("The weir is open.", {"reposts": 3, "likes": 45})


def test_replying_to_keeps_the_mentions(tmp_path: Path) -> None:
    page = f"{HEADER}Replying to\n@mo_delta\n@ivo_marsh\nand\n2 others\nOnly if it is closed."
    (post,) = only_posts(read(tmp_path, page))
    assert (post.text, post.mentions, post.reply_to) == ("Only if it is closed.", ("mo_delta", "ivo_marsh"), None)


def test_a_text_cut_by_show_more_is_marked(tmp_path: Path) -> None:
    (post,) = only_posts(read(tmp_path, f"{HEADER}The night crew has a poem and\nShow more"))
    assert (post.text, post.inferred) == ("The night crew has a poem and", ("truncated",))


def test_a_pinned_post_is_a_post_with_a_pin(tmp_path: Path) -> None:
    records = read(tmp_path, f"Pinned\n{HEADER}The data is out!\n{HEADER}Rain.\n{HEADER}The data is out!")
    ada = account_ref("x", "ada_rivers")
    assert len(only_posts(records)) == 2
    assert [record for record in records if isinstance(record, Pin)] == [
        Pin(ada, post_ref("x", "ada_rivers", "The data is out!"))
    ]
    assert any(isinstance(record, Skipped) for record in records)


def test_a_repost_keeps_its_author(tmp_path: Path) -> None:
    carols = "Carol Weir\n@carolweir\n·\n3h\nOpen at night.\n"
    page = f"{HEADER}Rain.\nAda Rivers reposted\n{carols}Bo Gauge reposted\n{HEADER}Sun."
    records = read(tmp_path, page)
    ada, carol = account_ref("x", "ada_rivers"), account_ref("x", "carolweir")
    assert [post.author for post in only_posts(records)] == [ada, carol, ada]
    assert [record for record in records if isinstance(record, Repost)] == [
        Repost(ada, post_ref("x", "carolweir", "Open at night.")),
        Repost(account_ref("x", "Bo Gauge"), post_ref("x", "ada_rivers", "Sun.")),
    ]
    assert Account(account_ref("x", "Bo Gauge"), None, "Bo Gauge") in records


def test_you_reposted_is_by_the_owner_of_the_dump(tmp_path: Path) -> None:
    page = "You reposted\nCarol Weir\n@carolweir\n·\n3h\nOpen at night."
    reposts = [record for record in read(tmp_path, page, Options(owner="ada")) if isinstance(record, Repost)]
    assert reposts == [Repost(account_ref("x", "ada"), post_ref("x", "carolweir", "Open at night."))]
    assert not [record for record in read(tmp_path, page) if isinstance(record, Repost)]
    assert any(isinstance(record, Skipped) for record in read(tmp_path, page))


def test_a_quoted_post_is_a_post_of_its_own(tmp_path: Path) -> None:
    dans = "Dan Delta\n@mo_delta\n·\nMay 29, 2030\nWater does not read."
    page = f"{HEADER}This, but for lakes:\nQuote\n{dans}\n5\n2\n61\n3.4K"
    outer, inner = only_posts(read(tmp_path, page))
    assert outer.quotes == (inner.ref,)
    assert (outer.text, outer.counts["views"]) == ("This, but for lakes:", 3400)
    assert (inner.author, inner.text, inner.counts) == (account_ref("x", "mo_delta"), "Water does not read.", {})


def test_pictures_and_cards_are_no_text(tmp_path: Path) -> None:
    (post,) = only_posts(read(tmp_path, f"{HEADER}Look!\nTranslate post\nGIF\nALT\nFrom example.com\nShow this thread"))
    assert post.text == "Look!"
    assert post.media == (Media("gif"), Media("image"))
    assert post.links == (Link(None, "example.com"),)


def test_the_head_of_a_profile_gives_the_account(tmp_path: Path) -> None:
    head = (
        "Ada Rivers\n1,204 posts\nFollow\nAda Rivers\n@ada_rivers\nI listen to rivers.\nada.example.com\n"
        "Joined March 2012\n412 Following\n4,567 Followers\nPosts\nReplies\nHighlights\nMedia\n"
    )
    records = read(tmp_path, f"{head}{HEADER}Rain.")
    account = Account(
        account_ref("x", "ada_rivers"),
        "ada_rivers",
        "Ada Rivers",
        "I listen to rivers.",
        "https://ada.example.com",
        4567,
        412,
        1204,
    )
    assert records[0] == account
    assert [post.text for post in only_posts(records)] == ["Rain."]
    assert sum(isinstance(record, Account) for record in records) == 1
    bare = read(tmp_path, f"{head}Rain again, and the gauge is under ice.\n---\nSun!")
    assert bare[0] == account
    assert [post.text for post in only_posts(bare)] == ["Rain again, and the gauge is under ice.", "Sun!"]


def test_text_above_the_first_header_is_kept(tmp_path: Path) -> None:
    first, second = only_posts(read(tmp_path, f"Copied on a Tuesday, for Ivo\n{HEADER}Rain."))
    assert (first.author, first.text) == (None, "Copied on a Tuesday, for Ivo")
    assert second.text == "Rain."


def test_a_post_without_text_is_counted(tmp_path: Path) -> None:
    records = read(tmp_path, f"{HEADER}GIF\n{HEADER}Rain.")
    assert [type(record) for record in records] == [Account, Skipped, Post]


def test_headers_leave_no_boundary(tmp_path: Path) -> None:
    assert x_text.boundaries(source(tmp_path, f"{HEADER}Rain.\n{HEADER}Sun.")) == ()


lines = st.lists(
    st.sampled_from(
        (
            "Ada Rivers|@ada_rivers|·|3h|Jul 27, 2031|Rain.|12|3|1.2K|Quote|Pinned|Bo reposted|Replying to|@bo"
            "|Show more||Ada Rivers @ada_rivers · 3h|3:45 PM · Jul 27, 2031|4 Likes|412 Following|GIF|---|(1/2)"
        ).split("|")
    ),
    max_size=30,
)


@settings(max_examples=200, deadline=None)
@given(lines)
def test_any_heap_of_page_parts_is_read_twice_alike(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    text = "\n".join([*parts, "Rain at last."])
    folder = tmp_path_factory.mktemp("page")
    records = read(folder, text)
    assert records == read(folder, text)
    assert any("Rain at last." in post.text for post in only_posts(records))


# recognition


@pytest.mark.parametrize(
    "text",
    [
        "Gauges freeze at night.\nhttps://t.co/aZ1example",
        "Why does bread go stale? (1/7)\nFirst, what stale means. (2/7)",
        "A thread on soup 🧵\nLeek first.\nThen salt, with @millerswife.",
        "#rivers are long\nand @mo_delta knows",
        f"{HEADER}Rain.",
        "Ada Rivers @ada_rivers · 3h\nRain.",
    ],
)
def test_what_comes_from_x_is_recognized(tmp_path: Path, text: str) -> None:
    assert x_text.recognizes(source(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        "Buy milk\nCall Ivo",
        "# On rivers\n\nThey rise. See #rivers and @mo_delta, https://t.co/a1",
        '{"text": "rain https://t.co/a1 #rivers"}',
        '[{"full_text": "rain https://t.co/a1"}]',
        "window.YTD.tweets.part0 = [ https://t.co/a1 #rivers",
        "<!DOCTYPE html><p>@ada_rivers https://t.co/a1",
        "id,text,date\n1,rain #a @bo,2031\n2,sun #b @bo,2031\n3,ice #c @bo,2031",
        "Mira Lane\n@mira.example.com\n370 followers 320 following 8 posts\nmira.example.com\nhttps://t.co/a1 #rain",
        "mira.example.com\nRain #a\nmira.example.com\nSun #b https://t.co/a1",
        "def rain():\n    return '#rivers @bo'\n\nimport os\ndef sun():\n    pass\n",
        "A paper\nAda Rivers, Bo Gauge\n[paper] [code]\nWe measured. #rain\n\nAnother\n[paper]\nAlso @bo.",
        "The path follows the old mill race for an hour and then gives up, as the\nrace does, in a field of reeds "
        "that was not on any of the maps we had on\nus, and nobody at the hut, not even @ivo_marsh, who walks it each\n"
        "year, could tell us where the #linden goes from there without a boat or a\ngood dog.",
    ],
)
def test_what_comes_from_elsewhere_is_not(tmp_path: Path, text: str) -> None:
    assert not x_text.recognizes(source(tmp_path, text))


def test_bytes_that_are_no_text_are_not_recognized(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(bytes(range(256)) * 100)
    assert not x_text.recognizes(Source.from_path(path))


@pytest.mark.parametrize("unit", ["@a", "#a ", "(1/", "a.", '"', "🧵", "1/", "@a, ", "a@a·3h "])
def test_a_line_of_a_megabyte_is_read(tmp_path: Path, unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    records = read(tmp_path, text)
    x_text.recognizes(source(tmp_path, text))
    assert [len(post.text) for post in only_posts(records)] == [len(text.strip())]

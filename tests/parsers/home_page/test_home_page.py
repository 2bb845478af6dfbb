"""Home pages: the person, titled entries with their dates and labels, and no word of the page lost or made up."""

import re
from collections import Counter
from pathlib import Path

import pytest
from home_pages_of_others import OTHERS
from home_pages_of_researchers import RESEARCHERS
from home_pages_with_citations import SCHOLARS
from hypothesis import given, settings
from hypothesis import strategies as st
from no_home_pages import NO_HOME_PAGES

from threadkeep.parsers.home_page import home_page
from threadkeep.parsers.home_page._rows import rows_of
from threadkeep.parsers.home_page._segments import segments_of
from threadkeep.parsers.registry import all_parsers
from threadkeep.records import Account, Post
from threadkeep.sources.source import Options, Source
from threadkeep.text.mojibake import fix_mojibake

PAGES = {**RESEARCHERS, **SCHOLARS, **OTHERS}


def read_source(source: Source) -> tuple[list[Account], list[Post]]:
    records = [record for entry in home_page.entries(source) for record in home_page.parse(entry)]
    accounts = [record for record in records if isinstance(record, Account)]
    posts = [record for record in records if isinstance(record, Post)]
    assert len(accounts) + len(posts) == len(records)
    return accounts, posts


def source_of(folder: Path, text: str, **options: str) -> Source:
    path = folder / "page.txt"
    path.write_text(text, "utf-8", "surrogatepass")
    return Source.from_path(path, Options(**options))  # type: ignore[arg-type]


def titles_in(text: str) -> list[str | None]:
    return [segment.title for segment in segments_of(rows_of(text)) if segment.kind == "entry"]


def when(post: Post) -> str | None:
    return post.created and f"{post.created.instant:%Y-%m-%d} {post.created.precision}"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_recognized_and_gives_its_name_and_titles(page: str, tmp_path: Path) -> None:
    name, titles, text = PAGES[page]
    source = source_of(tmp_path, text)
    assert home_page.recognizes(source)
    accounts, posts = read_source(source)
    assert [account.name for account in accounts] == [name]
    assert [post.title for post in posts if post.title] == titles


@pytest.mark.parametrize("page", PAGES)
def test_no_other_parser_takes_a_home_page(page: str, tmp_path: Path) -> None:
    source = source_of(tmp_path, PAGES[page][2])
    assert [parser.NAME for parser in all_parsers().values() if parser.recognizes(source)] == ["home-page"]


@pytest.mark.parametrize("name", NO_HOME_PAGES)
def test_other_texts_are_left_to_other_parsers(name: str, tmp_path: Path) -> None:
    assert not home_page.recognizes(source_of(tmp_path, NO_HOME_PAGES[name]))


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Ada", "bio": "I am a weaver at X."}',
        "<html>I am a weaver at X.",
        "# Ada\n\nI am a weaver at X.\n",
        "\0\1",
    ],
)
def test_data_and_markup_are_no_home_pages(text: str, tmp_path: Path) -> None:
    assert not home_page.recognizes(
        source_of(tmp_path, text + "\n\nEmail / Github / Twitter\n\nPublications\n\nTalks\n")
    )


@pytest.mark.parametrize("name", ["home-page-sections.txt", "home-page-prose.txt"])
def test_the_samples_are_recognized(seeds: Path, name: str) -> None:
    assert home_page.recognizes(Source.from_path(seeds / "home-page" / name))


def test_an_entry_holds_its_lines_its_date_and_its_labels(seeds: Path) -> None:
    _, posts = read_source(Source.from_path(seeds / "home-page/home-page-sections.txt"))
    post = next(post for post in posts if post.title == "The False Thrift of Recycled Yarn")
    assert post.text.split("\n\n")[0] == (
        "Arno Guld*, Mira Okonjo*, Hao Lin\nICTL 2023, Findings\n[paper] [project page] [code] [talk]"
    )
    assert post.text.endswith("We look closely at where that promise breaks.")
    assert when(post) == "2023-01-01 year"
    assert [link.text for link in post.links] == ["paper", "project page", "code", "talk"]
    assert all(link.url is None and post.text[link.start : link.end] == link.text for link in post.links)
    assert post.inferred == ()


def test_a_line_that_announces_entries_is_part_of_none(seeds: Path) -> None:
    page = (seeds / "home-page/home-page-prose.txt").read_text("utf-8").rstrip("\n")
    announced = "Some things I made in my free time:\nBeelog: a logger for\nhives, in Rust, that sings."
    assert titles_in(f"{page}\n{announced}") == [*titles_in(page), "Beelog"]


def test_the_person_has_name_and_bio_and_the_entries_are_theirs(seeds: Path) -> None:
    (account,), posts = read_source(Source.from_path(seeds / "home-page/home-page-sections.txt"))
    assert str(account.ref) == "web:~mira okonjo"
    assert account.bio is not None and account.bio.startswith("I'm a third year PhD student")
    assert "Google Scholar" in account.bio
    assert {post.author for post in posts} == {account.ref}


def test_mojibake_is_mended_before_places_are_counted(seeds: Path) -> None:
    _, posts = read_source(Source.from_path(seeds / "home-page/home-page-sections.txt"))
    assert any("“rehearse” a pattern" in post.text for post in posts)


@pytest.mark.parametrize(
    ("title", "date"),
    [
        ("Sock Preference Map with Deep Embeddings", "2020-06-01 month"),
        ("Teach a Sewing Machine from 2013 to Sing", "2017-01-01 year"),
        ("HeddleSeq", "2022-10-01 month"),
        ("Predicting Frayed Edges by Early Tension", "2024-01-01 year"),
    ],
)
def test_dates_keep_the_precision_of_the_page(seeds: Path, title: str, date: str) -> None:
    _, posts = read_source(Source.from_path(seeds / "home-page/home-page-sections.txt"))
    assert [when(post) for post in posts if post.title == title] == [date]


def test_a_section_heading_opens_the_prose_below_it(seeds: Path) -> None:
    _, posts = read_source(Source.from_path(seeds / "home-page/home-page-sections.txt"))
    prose = [post.text for post in posts if post.title is None]
    assert prose[0] == "Research\n\nSee Google Scholar for more."
    assert prose[-1] == "Website design from Ron Jarrow"


def test_titles_broken_over_lines_are_whole_and_pointers_are_no_titles(seeds: Path) -> None:
    (account,), posts = read_source(Source.from_path(seeds / "home-page/home-page-prose.txt"))
    titles = [post.title for post in posts if post.title]
    assert titles == [
        "Weaving Spindle's Flags",
        "Tooling at Spindle",
        "Craft for Science",
        "How To Widen Your Loom",
        "Plait Pattern Language",
        "Taut Rope Library",
        "AutoHem",
        "Maritime Rope Works Knot Drawing Library",
    ]
    assert account.name is None and account.handle is None
    assert account.bio is not None and account.bio.endswith("it has only seen the start of.")
    assert [paragraph.split()[0] for paragraph in account.bio.split("\n\n")] == ["I", "I", "I'm", "At"]
    assert all(post.inferred == ("split",) for post in posts if post.title)
    assert "More on Github: to see more projects, visit my Github." in [post.text for post in posts]


def test_a_nameless_page_is_known_by_its_text_or_by_who_is_named_for_it(seeds: Path, tmp_path: Path) -> None:
    page = (seeds / "home-page/home-page-prose.txt").read_text("utf-8")
    (account,), posts = read_source(source_of(tmp_path, page))
    assert re.fullmatch(r"web:~home-page:[0-9a-f]{16}", str(account.ref))
    (named,), named_posts = read_source(source_of(tmp_path, page, author="@ada.example.com"))
    assert (named.ref.id, named.handle, named.name) == ("~ada.example.com", "ada.example.com", None)
    assert {post.author for post in named_posts} == {named.ref}
    (owned,), _ = read_source(source_of(tmp_path, page, owner="Ada Byron"))
    assert (owned.ref.id, owned.handle, owned.name) == ("~ada byron", None, "Ada Byron")
    assert len(posts) == len(named_posts)


def test_news_are_posts_with_dates_and_without_titles(tmp_path: Path) -> None:
    _, posts = read_source(source_of(tmp_path, PAGES["bullets"][2]))
    assert [when(post) for post in posts if "exam." in post.text] == ["2024-01-01 month"]
    assert [when(post) for post in posts if post.text.startswith("2023-08")] == ["2023-08-01 month"]


@pytest.mark.parametrize(
    ("row", "labels"),
    [
        ("[paper] [project page]", ["paper", "project page"]),
        ("project page / arXiv / video", ["project page", "arXiv", "video"]),
        ("Paper • Code • Talk", ["Paper", "Code", "Talk"]),
        ("arXiv | code", ["arXiv", "code"]),
        ("(pdf) (slides)", ["pdf", "slides"]),
        ("[pdf, code]", ["pdf", "code"]),
        ("Abs PDF Code", ["Abs", "PDF", "Code"]),
        ("[PDF]", ["PDF"]),
        ("WEAVE 2020 | arXiv | code", ["arXiv", "code"]),
        ("WEAVE 2020 (Oral) [pdf] [code]", ["pdf", "code"]),
    ],
)
def test_link_labels_are_links_where_they_stand(row: str, labels: list[str], tmp_path: Path) -> None:
    page = f"Ada Byron\n\nPublications\n\nTiny Looms\nAda Byron, Jo Gray\n{row}\n\nWe weave.\n"
    _, posts = read_source(source_of(tmp_path, page))
    post = next(post for post in posts if post.title == "Tiny Looms")
    assert [link.text for link in post.links] == labels
    assert [post.text[link.start : link.end] for link in post.links] == labels


@pytest.mark.parametrize(
    "paragraph",
    [
        "One thing I care about: robots should be boring, and I say so often.",
        "In my free time: I climb, and I play the viola in a quartet.",
        "Email: ada at example dot org, or ask at the front desk.",
        "Research interests: weaving, looms, and the history of the punched card.",
        "See also: my friends at the institute who know much more than me.",
        "I have worked on two things in my life: looms and the people who use them.",
        "Office hours: on Mondays, in the room with the large loom in it.",
        "There is a loom in the attic. It has a name: we call it Fred, as everyone does.",
    ],
)
def test_a_colon_in_prose_makes_no_title(paragraph: str) -> None:
    entries = ["Tiny Looms: we weave with them every day.", "Big Looms: we weave with them on Sundays."]
    page = "\n\n".join(["I am a weaver at X.", entries[0], paragraph, entries[1]])
    assert titles_in(page) == ["Tiny Looms", "Big Looms"]


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_wrapping_a_page_changes_no_title(seeds: Path, width: int) -> None:
    from textwrap import wrap

    text = (seeds / "home-page/home-page-sections.txt").read_text("utf-8")
    wrapped = "\n".join("\n".join(wrap(line, width)) if line.strip() else line for line in text.split("\n"))
    assert titles_in(wrapped) == titles_in(text)


def test_the_real_page_with_sections_gives_what_stands_there(shared: Path) -> None:
    (path,) = (shared / "seeds").glob("000_*")
    assert home_page.recognizes(Source.from_path(path))
    (account,), posts = read_source(Source.from_path(path))
    titled = [post for post in posts if post.title]
    assert account.name is not None and len(titled) == 19
    assert all(post.created and post.links for post in titled)
    assert any("“think”" in post.text for post in titled)


def test_the_real_page_of_prose_gives_what_stands_there(shared: Path) -> None:
    (path,) = (shared / "seeds").glob("003_*")
    assert home_page.recognizes(Source.from_path(path))
    (account,), posts = read_source(Source.from_path(path))
    titles = [post.title for post in posts if post.title]
    assert len(titles) == 9 and titles[-1] == "NASA GPU Data Visualization Library"
    assert account.name is None
    assert account.bio is not None and len(account.bio.split("\n\n")) == 5


def test_pasted_timelines_are_not_taken(shared: Path) -> None:
    timelines = [path for number in ("001", "002") for path in (shared / "seeds").glob(f"{number}_*")]
    assert len(timelines) == 2
    assert not any(home_page.recognizes(Source.from_path(path)) for path in timelines)


LINES = sorted(
    {line for _, _, page in PAGES.values() for line in page.split("\n")} | {"/", "[", "]", "\u200b", "مرحبا"}
)
MARKER = re.compile(r"^\s*(?:\W|\(?\d{1,3}[.)]|\[[A-Z]{0,3}\d{1,3}\])\s+")


def assert_nothing_is_lost_or_made_up(page: str) -> None:
    text = fix_mojibake(page)
    segments = segments_of(rows_of(text))
    shown = {number: line for number, line in enumerate(text.split("\n"), 1) if line.strip()}
    held = [number for segment in segments for number in range(segment.first, segment.last + 1) if number in shown]
    assert held == list(shown)
    there = Counter("".join(filter(str.isalnum, text)))
    needed = Counter(c for line in text.split("\n") for c in MARKER.sub("", line) if c.isalnum())
    got = Counter(c for segment in segments for c in f"{segment.title or ''}{segment.text}" if c.isalnum())
    texts = Counter(c for segment in segments for c in segment.text if c.isalnum())
    assert not needed - got
    assert not texts - there


@pytest.mark.parametrize("page", PAGES)
def test_every_word_of_a_page_is_in_the_account_or_in_one_post(page: str) -> None:
    assert_nothing_is_lost_or_made_up(PAGES[page][2])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=25).map("\n".join))
def test_every_word_of_any_mixture_of_lines_is_kept(page: str) -> None:
    assert_nothing_is_lost_or_made_up(page)


@settings(max_examples=100, deadline=None)
@given(st.text(st.one_of(st.characters(), st.sampled_from("\n\n\n A:.[](),/|-2019“”")), max_size=200))
def test_any_text_is_cut_without_a_failure(page: str) -> None:
    assert_nothing_is_lost_or_made_up(page)


HOSTILE = [
    *("a" * 1_000_000, "A b " * 250_000, "[" * 1_000_000, "[a] " * 250_000, "a" + " " * 1_000_000 + "b"),
    *("-" * 1_000_000 + "a", "A" * 1_000_000 + "!", '"a" ' * 250_000, "A. B, " * 150_000, "2020 " * 200_000),
    *("A: " * 300_000, "\n" * 1_000_000 + "x", "Ada Byron, Jo Gray\n" * 3_000, "Research\n" * 3_000),
    *("May 2020\n" * 3_000, "[pdf]\n" * 3_000, "Tiny Looms\n" * 3_000, "• Tiny Looms, May 2020\n" * 3_000),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:6]))
def test_huge_and_hostile_pages_are_read(text: str, tmp_path: Path) -> None:
    source = source_of(tmp_path, text)
    home_page.recognizes(source)
    accounts, posts = read_source(source)
    assert accounts or posts

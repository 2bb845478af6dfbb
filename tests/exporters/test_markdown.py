"""The Markdown export is a folder of pages that YAML and CommonMark parsers read as what the records say."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from export_samples import (
    BO,
    ENTRY,
    MIRA,
    PASTED,
    QUOTED,
    RECORDS,
    ROOT,
    SECOND,
    SHA,
    THREAD,
    alone,
    at,
    bluesky,
    stored,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from threadkeep.errors import StorageError
from threadkeep.exporters import markdown
from threadkeep.records import Gap, Link, Media, Post, Ref, Thread, When

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
KEYS = ["title", "author", "handle", "platform", "source", "date", "archived", "tags", "thread_id", "post_count"]


@dataclass(frozen=True)
class Page:
    front: dict[str, Any]
    body: str
    tokens: list[Token]

    @property
    def rows(self) -> list[str]:
        """The text of each block, a line break for each hard one."""
        return ["".join(pieces(token)) for token in self.tokens if token.type == "inline"]

    @property
    def links(self) -> list[str]:
        inner = [child for token in self.tokens for child in token.children or []]
        return [str(child.attrs["href"]) for child in inner if child.type == "link_open"]


def pieces(token: Token) -> Iterator[str]:
    for child in token.children or []:
        yield {"hardbreak": "\n", "softbreak": " ", "image": f"[{alt_of(child)}]"}.get(child.type, child.content)


def alt_of(image: Token) -> str:
    return "".join(child.content for child in image.children or [])


def parse(text: str) -> Page:
    begin, front, body = text.split("---\n", 2)
    assert begin == ""
    return Page(yaml.safe_load(front), body, GITHUB.parse(body))


def exported(folder: Path, *threads: Thread) -> dict[str, str]:
    """The files of an export, by name."""
    selection = replace(RECORDS, kept_threads=threads) if threads else RECORDS
    markdown.write(selection, folder)
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


def page_of(folder: Path, thread: Thread) -> Page:
    files = exported(folder, thread)
    (name,) = set(files) - {"index.md"}
    return parse(files[name])


def test_a_page_for_each_thread_and_an_index(tmp_path: Path) -> None:
    written = markdown.write(RECORDS, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2024-05-01_bo_salt-is-ash_bluesky-3kp9.md",
        "2024-05-01_mira_we-fired-the-old-kiln-with-nothing-but-driftwood_bluesky-3kq2aaaaaaa2a.md",
        "2025_ines-duarte_sleep-time-glazing-beyond-firing_web-~00c9ab37d5e2f64a.md",
        "index.md",
        "undated_paste-without-anything-known_x-~1f0c9ab37d5e2f64.md",
    ]
    assert (written.files, written.posts) == (5, 6)


def test_the_front_matter_has_the_agreed_keys_and_says_what_is_known(tmp_path: Path) -> None:
    assert page_of(tmp_path, THREAD).front == {
        "title": "We fired the old kiln with nothing but driftwood this spring, and the glaze…",
        "author": "Mira Okafor",
        "handle": "mira.example.com",
        "platform": "bluesky",
        "source": "https://bsky.app/profile/did:plc:mira/post/3kq2aaaaaaa2a",
        "date": date(2024, 5, 1),
        "archived": date(2026, 11, 20),
        "tags": ["Pottery", "Salt"],
        "thread_id": ROOT.ref.id,
        "post_count": 3,
    }


def test_the_front_matter_is_null_where_nothing_is_known(tmp_path: Path) -> None:
    front = page_of(tmp_path, Thread(PASTED.ref, (replace(stored(PASTED, None), sources=()),))).front
    assert list(front) == KEYS
    assert [key for key, value in front.items() if value is None] == ["author", "handle", "source", "date", "archived"]


def test_a_date_is_as_precise_as_it_is_known_and_the_dump_is_the_source_of_what_has_no_address(tmp_path: Path) -> None:
    front = page_of(tmp_path, alone(ENTRY)).front
    assert front["date"] == "2025"
    assert front["source"] == "dumps/profile.txt"
    month = replace(ENTRY, created=at(1, 0, precision="month"))
    assert page_of(tmp_path / "month", alone(month)).front["date"] == "2024-05"


def test_a_page_reads_from_top_to_bottom(tmp_path: Path) -> None:
    bsky = "https://bsky.app/profile/did:plc"
    (page,) = (parse(text) for name, text in exported(tmp_path).items() if "driftwood" in name)
    assert page.body.splitlines() == [
        "",
        "# We fired the old kiln with nothing but driftwood this spring, and the glaze…",
        "",
        f"**Mira Okafor** @mira.example.com · [2024-05-01 12:30 UTC]({bsky}:mira/post/3kq2aaaaaaa2a) · "
        "Pinned · Reposted by Bo \\*Lind\\* on 2024-05-03",
        "",
        "We fired the old kiln with nothing but driftwood this spring, and the glaze came out green. 🧵",
        "",
        "\\# What we learned  ",
        "\\- ash is a glaze  ",
        "\\- so is salt: <https://example.com/salt_(glaze)> #Pottery",
        "",
        "![A kiln at dusk](media/ab/cd.jpg)",
        "",
        "Link: [Ash glazes, a primer](https://example.com/ash)",
        "",
        "---",
        "",
        f"**Mira Okafor** @mira.example.com · [2024-05-01 12:41 UTC]({bsky}:mira/post/3kq2bbbbbbb2b) · Edited",
        "",
        "**Content warning:** hot \\*things\\*",
        "",
        "2\\) Then the salt. See [t.co/abc…](https://example.org/long/path) for it.",
        "",
        "- Raku: 1 vote",
        "- Salt \\*glaze\\*: 3 votes",
        "- Neither",
        "",
        "[Image](https://cdn.example.com/x.jpg)",
        "",
        "> Transcript of a long talk.",
        ">",
        "> It goes on.",
        "",
        f"> **Bo \\*Lind\\*** @bo.example.org · [2024-05-01 09:00 UTC]({bsky}:bo/post/3kp9)",
        ">",
        "> Salt is > ash.  ",
        "> Always.",
        "",
        "Quoted post: <https://x.com/i/status/1785000000000000001>",
        "",
        "---",
        "",
        f"*A post is missing here: deleted.* <{bsky}:mira/post/3kq2ccccccc2c>",
        "",
        "---",
        "",
        f"**Bo \\*Lind\\*** @bo.example.org · [2024-05-02 08:00 UTC]({bsky}:bo/post/3kq2ddddddd2d)",
        "",
        "Lovely green!",
        "",
        "---",
        "",
        "*Concluded, not read from the dump: that these posts form a thread; where posts begin and end; "
        "when they were written.*",
    ]


def test_a_quoted_post_that_is_not_here_is_linked(tmp_path: Path) -> None:
    page = page_of(tmp_path, alone(replace(PASTED, quotes=(QUOTED.ref, Ref("x", "~1f0c")))))
    assert page.rows[2:4] == ["Quoted post: https://bsky.app/profile/did:plc:bo/post/3kp9", "Quoted post: x:~1f0c"]


def test_nothing_known_shows_nothing_but_the_text(tmp_path: Path) -> None:
    page = page_of(tmp_path, alone(replace(PASTED, inferred=())))
    assert page.body == "\n# Paste without anything known.\n\nPaste without anything known.  \nSecond line\n"


def test_an_own_thread_names_its_author_once(tmp_path: Path) -> None:
    page = page_of(tmp_path, Thread(ROOT.ref, (stored(ROOT), stored(SECOND))))
    assert page.body.count("**Mira Okafor**") == 1


def test_a_titled_entry_has_its_title_as_heading_and_its_labels_below(tmp_path: Path) -> None:
    page = page_of(tmp_path, alone(ENTRY))
    assert page.rows == ["Sleep-time Glazing: Beyond [Firing]", "2025", "We introduce clay.", "Links: paper · talk"]
    assert page.links == ["https://example.com/talk"]


def test_opening_a_page_fetches_nothing(tmp_path: Path) -> None:
    media = (
        Media("image", "https://cdn.example.com/a.jpg", None, "short"),
        Media("video", "https://cdn.example.com/a.mp4", "9f/a.mp4", None),
        Media("image", None, None, "Only\nwords"),
        Media("gif", "javascript:alert(1)", "../../etc/passwd", None),
        Media("image", None, "no such/name (1).png", "pi]ct|100"),
    )
    page = page_of(tmp_path, alone(replace(PASTED, media=media)))
    images = [child for token in page.tokens for child in token.children or [] if child.type == "image"]
    assert [image.attrs["src"] for image in images] == ["media/no%20such/name%20%281%29.png"]
    assert page.links == ["https://cdn.example.com/a.jpg", "media/9f/a.mp4"]
    assert page.rows[2:7] == ["Image: short", "Video", "Image: Only\nwords", "GIF, not in the dump", "[pi]ct|100]"]


def test_links_that_do_not_fit_the_text_stand_below_it(tmp_path: Path) -> None:
    links = (
        Link("https://a.test/1", "a", None, 40_000, 40_001),
        Link("https://a.test/2", "b", None, 5, 2),
        Link("mailto:mira@example.com", "write", None, 0, 5),
        Link("https://a.test/3", "typed", None, 0, 5),
    )
    page = page_of(tmp_path, alone(replace(PASTED, text="Paste https://a.test/4", links=links)))
    assert page.links == ["https://a.test/3", "https://a.test/4", "https://a.test/1", "https://a.test/2"]
    assert page.rows[-2] == "Links: a · b · write (mailto:mira@example.com)"


def test_a_truncated_post_says_so_and_the_visible_are_named(tmp_path: Path) -> None:
    page = page_of(tmp_path, alone(replace(PASTED, inferred=("truncated",), visibility="followers")))
    assert "*The dump shows only the beginning of this post.*" in page.body
    assert "Visible to: followers" in page.body
    assert "Concluded" not in page.body


def test_a_thread_of_gaps_alone_has_no_page(tmp_path: Path) -> None:
    gone = Ref("x", "1")
    files = exported(tmp_path, Thread(gone, (Gap(gone, "not found"),)))
    assert list(files) == ["index.md"]


def test_a_thread_whose_root_is_missing_is_named_by_the_root(tmp_path: Path) -> None:
    gone = Ref("x", "1750")
    page = page_of(tmp_path, Thread(gone, (Gap(gone, "not found"), stored(PASTED, None))))
    assert page.front["thread_id"] == "1750"
    assert page.rows[1] == "A post is missing here: not found. https://x.com/i/status/1750"


def test_the_index_links_every_page_newest_first(tmp_path: Path) -> None:
    files = exported(tmp_path)
    index = parse(files["index.md"])
    assert index.front == {"title": "Threads", "generator": "threadkeep"}
    assert index.rows == [
        "Threads",
        "4 threads, 6 posts",
        "2025 · Sleep-time Glazing: Beyond [Firing] · Inês Duarte · 1 post",
        f"2024-05-01 · {ROOT.text[:75]}… · Mira Okafor · 3 posts",
        "2024-05-01 · Salt is > ash. · Bo *Lind* · 1 post",
        "Paste without anything known. · 1 post",
    ]
    assert sorted(index.links) == sorted(set(files) - {"index.md"})


def test_a_large_index_is_grouped_by_year(tmp_path: Path) -> None:
    def post(number: int) -> Post:
        when = When(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=30 * number)) if number else None
        return Post(Ref("x", str(number)), None, f"Post {number}", created=when)

    index = parse(exported(tmp_path, *(alone(post(number)) for number in range(70)))["index.md"])
    headings = [
        two.content for one, two in zip(index.tokens, index.tokens[1:], strict=False) if one.type == "heading_open"
    ]
    assert headings == ["Threads", "2025", "2024", "2023", "2022", "2021", "2020", "No date"]
    assert len(index.links) == 70


def test_the_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    once, twice = exported(tmp_path / "once"), exported(tmp_path / "twice")
    assert once == twice == exported(tmp_path / "once")


def test_files_that_were_there_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine", "utf-8")
    assert exported(tmp_path)["notes.md"] == "mine"


def test_an_index_of_someone_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("mine", "utf-8")
    with pytest.raises(StorageError, match=r"index\.md: is not from threadkeep; export into a folder of its own"):
        markdown.write(RECORDS, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.md"]


hostile = st.text(  # as records are: lone surrogates were replaced when they were read
    st.one_of(
        st.sampled_from("#*_[]()<>&|\\`~=-+:'\"{}@!%^$ \n\t\x00\x1b\x85\u2028\u202e\ufeffé陶🧵"),
        st.characters(codec="utf-8"),
    ),
    max_size=20,
)


@given(hostile, hostile, hostile, hostile)
@settings(max_examples=60, deadline=None)
def test_any_words_anywhere_leave_the_page_in_one_piece(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str, words: str, title: str
) -> None:
    author = replace(MIRA, name=name, handle=words)
    post = Post(
        bluesky("3k1"),
        MIRA.ref,
        text,
        title=title or None,
        links=(Link("https://a.test/c", words, title), Link(None, words), Link(words, name)),
        media=(Media("image", None, "x.jpg", words), Media(words or "x", "https://a.test/m", None, text)),
        tags=(words,),
        warning=words or None,
        visibility=name or None,
        quotes=(QUOTED.ref,),
        inferred=("split", words),
    )
    gap = Gap(Ref("x", words or "x"), name)
    folder = tmp_path_factory.mktemp("markdown")
    records = replace(RECORDS, kept_threads=(Thread(post.ref, (stored(post, author), gap)), alone(QUOTED, BO)))
    markdown.write(replace(records, kept_accounts=(author, BO)), folder)
    (path,) = folder.glob("*3k1.md")
    page = parse(path.read_text("utf-8"))
    assert list(page.front) == KEYS
    types = [token.type for token in page.tokens if token.type.endswith("_open") or token.type not in ("inline",)]
    assert set(types) <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close"),
        *("blockquote_open", "blockquote_close", "inline", "hr"),
    }
    assert types.count("heading_open") == 1
    assert types.count("hr") == 2
    inner = {child.type for token in page.tokens for child in token.children or []}
    marks = {f"{kind}_{end}" for kind in ("strong", "em", "link") for end in ("open", "close")}
    assert inner <= {"text", "hardbreak", "image", *marks}
    assert SHA not in page.body


@pytest.mark.parametrize(
    ("card", "shown"),
    [
        (Link(None, "paper"), "paper"),
        (Link("https://a.test/x", "talk"), "talk"),
        (Link("https://a.test/x", "a.test", "A title"), "A title"),
        (Link("https://a.test/x", "by Bo", "A title"), "A title (by Bo)"),
        (Link("https://a.test/x", "t.co"), "https://a.test/x (t.co)"),
        (Link("https://a.test/x"), "https://a.test/x"),
        (Link(None, "a.test", "A title"), "A title (a.test)"),
        (Link("javascript:alert(1)", "click"), "click (javascript:alert(1))"),
    ],
)
def test_a_card_is_its_title_its_words_or_its_address(tmp_path: Path, card: Link, shown: str) -> None:
    page = page_of(tmp_path, alone(replace(PASTED, links=(card,))))
    assert page.rows[2] == f"Link: {shown}"
    assert page.links == (["https://a.test/x"] if card.url and card.url.startswith("http") else [])


def test_media_that_the_archive_holds_are_copied_beside_the_pages(tmp_path: Path) -> None:
    held, name = tmp_path / "held.jpg", f"{'ab' * 32}.jpg"
    held.write_bytes(b"picture")
    thread = alone(replace(PASTED, media=(Media("image", None, name, "A kiln"), Media("image", None, "gone.jpg"))))
    records = replace(RECORDS, kept_threads=(thread,), kept_media={name: held})
    for _ in range(2):
        markdown.write(records, tmp_path / "notes")
        assert (tmp_path / "notes" / "media" / name).read_bytes() == b"picture"
        assert len(list((tmp_path / "notes" / "media").iterdir())) == 1
    (page,) = (path for path in (tmp_path / "notes").glob("*.md") if path.name != "index.md")
    assert f"![A kiln](media/{name})" in page.read_text("utf-8")

"""The HTML export is a folder of valid pages that a parser reads as what the records say, and that fetch nothing."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from export_samples import BO, ENTRY, MIRA, PASTED, QUOTED, RECORDS, ROOT, SECOND, THREAD, alone, bluesky, stored

from threadkeep.errors import StorageError
from threadkeep.exporters import html
from threadkeep.records import Link, Media, Post, Ref, Thread

FILE = f"{'ab' * 32}.jpg"


def exported(folder: Path, *threads: Thread, held: Path | None = None) -> dict[str, str]:
    records = replace(RECORDS, kept_threads=threads) if threads else RECORDS
    html.write(replace(records, kept_media={FILE: held} if held else {}), folder)
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir()) if path.is_file()}


def parsed(page: str) -> Any:
    """The tree of a page that has no error at all."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def page_of(folder: Path, thread: Thread, held: Path | None = None) -> Any:
    files = exported(folder, thread, held=held)
    (name,) = set(files) - {"index.html"}
    return parsed(files[name])


def words(element: Any) -> str:
    return "".join(element.itertext())


def of_class(root: Any, name: str) -> list[Any]:
    return [element for element in root.iter() if element.get("class") == name]


def test_every_page_is_valid_and_there_is_one_for_each_thread(tmp_path: Path) -> None:
    written = html.write(RECORDS, tmp_path)
    assert (written.files, written.posts) == (5, 6)
    pages = list(tmp_path.iterdir())
    assert len(pages) == 5
    for path in pages:
        root = parsed(path.read_text("utf-8"))
        assert len(list(root.iter("h1"))) == 1
        assert not list(root.iter("script"))


def test_a_thread_has_its_posts_in_order_with_who_when_and_where(tmp_path: Path) -> None:
    root = page_of(tmp_path, THREAD)
    articles = list(root.iter("article"))
    assert [words(of_class(article, "text")[0]) for article in articles] == [ROOT.text, SECOND.text, "Lovely green!"]
    first = words(of_class(articles[0], "meta")[0])
    assert first == (
        "Mira Okafor @mira.example.com · 2024-05-01 12:30 UTC · Pinned · Reposted by Bo *Lind* on 2024-05-03"
    )
    (time,) = articles[0].iter("time")
    assert time.get("datetime") == "2024-05-01T12:30:00Z"
    assert words(of_class(root, "gap")[0]).startswith("A post is missing here: deleted.")
    (footer,) = root.iter("footer")
    assert words(footer) == (
        "Concluded, not read from the dump: that these posts form a thread; where posts begin and end; "
        "when they were written."
    )


def test_links_stand_where_they_stood_and_lead_nowhere_else(tmp_path: Path) -> None:
    root = page_of(tmp_path, THREAD)
    links = {words(link): link.get("href") for link in root.iter("a")}
    assert links["t.co/abc…"] == "https://example.org/long/path"
    assert links["https://example.com/salt_(glaze)"] == "https://example.com/salt_(glaze)"
    assert links["Ash glazes, a primer"] == "https://example.com/ash"
    assert {link.get("rel", "index")[:10] for link in root.iter("a")} <= {"noreferrer", "index"}


def test_a_warning_hides_the_text_until_it_is_opened(tmp_path: Path) -> None:
    root = page_of(tmp_path, alone(SECOND, MIRA))
    (details,) = root.iter("details")
    assert words(details[0]) == "Content warning: hot *things*"
    assert words(details[1]) == SECOND.text


def test_a_quoted_post_stands_in_a_quotation_and_one_that_is_not_here_is_linked(tmp_path: Path) -> None:
    files = exported(tmp_path)
    (page,) = (parsed(files[name]) for name in files if "driftwood" in name)
    (quotation,) = page.iter("blockquote")
    assert words(of_class(quotation, "text")[0]) == QUOTED.text
    assert "Quoted post: https://x.com/i/status/1785000000000000001" in [words(e) for e in of_class(page, "kind")]


def test_media_of_the_archive_are_copied_and_shown_and_the_rest_is_linked(tmp_path: Path) -> None:
    picture = tmp_path / "held.jpg"
    picture.write_bytes(b"\xff\xd8")
    post = replace(
        PASTED,
        media=(
            Media("image", None, FILE, 'A "kiln" at dusk'),
            Media("video", None, FILE),
            Media("image", "https://cdn.example.com/x.jpg", "not-held.jpg", "Elsewhere"),
            Media("audio"),
        ),
    )
    root = page_of(tmp_path / "out", alone(post), held=picture)
    (image,) = root.iter("img")
    assert (image.get("src"), image.get("alt")) == (f"media/{FILE}", 'A "kiln" at dusk')
    (video,) = root.iter("video")
    assert (video.get("src"), video.get("preload"), video.get("aria-label")) == (f"media/{FILE}", "none", "Video")
    assert (tmp_path / "out" / "media" / FILE).read_bytes() == b"\xff\xd8"
    figures = [words(figure) for figure in root.iter("figure")]
    assert figures == ['A "kiln" at dusk', "", "ImageElsewhere", "Audio, not in the dump"]
    assert not [element for element in root.iter() if element.get("src", "media/")[:6] != "media/"]


def test_a_page_says_that_nothing_is_fetched(tmp_path: Path) -> None:
    root = page_of(tmp_path, alone(PASTED))
    policy = next(e.get("content") for e in root.iter("meta") if e.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    assert "script" not in policy
    (style,) = root.iter("style")
    assert not re.search(r"url\(|@import|</", words(style))


def test_languages_that_are_none_are_left_out(tmp_path: Path) -> None:
    languages = ("de", "pt-BR", '" onload=x', "")
    posts = tuple(stored(Post(bluesky(f"3k{n}"), MIRA.ref, "x", language=tag)) for n, tag in enumerate(languages))
    root = page_of(tmp_path, Thread(posts[0].post.ref, posts))
    assert [article.get("lang") for article in root.iter("article")] == ["de", "pt-BR", None, None]


def test_a_post_without_anything_known_is_its_text(tmp_path: Path) -> None:
    root = page_of(tmp_path, alone(PASTED))
    (article,) = root.iter("article")
    assert words(article).strip() == PASTED.text


def test_blank_lines_part_paragraphs_and_every_character_stays(tmp_path: Path) -> None:
    text = "\n\n  One.\n\n \n\tTwo\n  three.  \n\n"
    root = page_of(tmp_path, alone(Post(Ref("x", "1"), None, text)))
    (block,) = of_class(root, "text")
    assert words(block) == text
    assert [words(p) for p in block if words(p)] == ["  One.", "\tTwo\n  three.  "]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//a.test", "file:///etc/passwd"])
def test_only_the_web_is_linked(tmp_path: Path, url: str) -> None:
    post = replace(
        PASTED, text=f"see {url}", links=(Link(url, url, None, 4, 4 + len(url)), Link(url, "words", "title"))
    )
    root = page_of(tmp_path, alone(replace(post, url=url)))
    assert [link.get("href") for link in root.iter("a")] == ["index.html"]


def test_a_large_index_is_grouped_by_year_and_lists_every_thread(tmp_path: Path) -> None:
    threads = (alone(replace(ENTRY, ref=Ref("web", f"e{number}"))) for number in range(70))
    root = parsed(exported(tmp_path, *threads, alone(QUOTED, BO))["index.html"])
    assert [words(heading) for heading in root.iter("h2")] == ["2025", "2024"]
    assert len(list(root.iter("li"))) == 71


def test_an_index_of_someone_else_is_not_replaced_and_ours_is(tmp_path: Path) -> None:
    assert exported(tmp_path / "ours") == exported(tmp_path / "ours")
    (tmp_path / "index.html").write_text("<!DOCTYPE html><p>mine", "utf-8")
    with pytest.raises(StorageError, match=r"index\.html: is not from threadkeep"):
        html.write(RECORDS, tmp_path)

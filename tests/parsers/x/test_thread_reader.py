"""Pages of Thread Reader: one author's thread, each post under its own id, and what hangs on it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from parser_reading import Reading, is_sound, read

from threadkeep.errors import DumpError
from threadkeep.parsers.x import thread_reader as thread_reader_page
from threadkeep.records import Link, Media, Ref, post_ref
from threadkeep.sources.source import Source

ID = 1750000000000000000


def ref(number: int) -> Ref:
    return Ref("x", str(ID + number))


def post(number: int, text: str = "Tea", handle: str = "mira", below: str = "") -> str:
    return (
        f'<div id="tweet_{number}" class="content-tweet allow-preview" data-screenname="{handle}"'
        f' data-tweet="{ID + number}" dir="auto">{text}{below}<sup class="tw-permalink"><i></i></sup></div>'
    )


def page(*parts: str) -> str:
    return (
        "<!DOCTYPE html><html><head><title>Thread by @mira on Thread Reader App</title></head><body>"
        '<h4 class="twitter_name"><a href="/user/mira">Mira Lane</a></h4>'
        f'<span class="screenName"><a href="https://twitter.com/mira">@mira</a></span>{"".join(parts)}</body></html>'
    )


def reading(folder: Path, *parts: str) -> Reading:
    path = folder / "page.html"
    path.write_text(page(*parts), encoding="utf-8")
    assert thread_reader_page.recognizes(Source.from_path(path))
    found = read(thread_reader_page, path)
    assert is_sound(found)
    return found


def test_each_post_answers_the_one_before_it(tmp_path: Path) -> None:
    found = reading(tmp_path, post(1), post(2), post(3))
    assert [(item.ref, item.reply_to, item.root) for item in found.posts] == [
        (ref(1), None, None),
        (ref(2), ref(1), ref(1)),
        (ref(3), ref(2), ref(1)),
    ]
    assert [item.inferred for item in found.posts] == [("created",), ("created", "thread"), ("created", "thread")]


def test_posts_of_another_author_begin_anew(tmp_path: Path) -> None:
    found = reading(tmp_path, post(1), post(2, handle="jun"), post(3, handle="jun"))
    assert [item.reply_to for item in found.posts] == [None, None, ref(2)]
    assert [(item.handle, item.name) for item in found.accounts] == [("mira", "Mira Lane"), ("jun", None)]


def test_the_id_dates_a_post(tmp_path: Path) -> None:
    (item,) = reading(tmp_path, post(1)).posts
    assert item.created is not None
    assert item.created.instant.replace(microsecond=0) == datetime(2024, 1, 24, 3, 38, 8, tzinfo=UTC)
    assert item.created.origin == "derived"


def test_lines_links_mentions_and_tags_are_read(tmp_path: Path) -> None:
    text = (
        'One &amp; two<br />\n<br />\n<a class="entity-mention" href="https://twitter.com/ada_k">@ada_k</a> on #raku: '
        '<a class="entity-url" href="https://a.example/x/y">a.example/x…</a>'
    )
    (item,) = reading(tmp_path, post(1, text)).posts
    assert item.text == "One & two\n\n@ada_k on #raku: a.example/x…"
    assert item.links == (Link("https://a.example/x/y", text="a.example/x…", start=28, end=40),)
    assert (item.mentions, item.tags) == (("ada_k",), ("raku",))


@pytest.mark.parametrize(
    ("below", "media"),
    [
        (
            '<span class="entity-image"><a href="https://pbs.twimg.com/media/A.jpg"><img alt="A pot"'
            ' src="https://threadreaderapp.com/images/1px.png" data-src="https://pbs.twimg.com/media/A.jpg"></a></span>',
            Media("image", url="https://pbs.twimg.com/media/A.jpg", alt="A pot"),
        ),
        (
            '<span class="entity-image"><a href="./files/A.jpg"><img alt="Image" src="./files/A.jpg"></a></span>',
            Media("image"),
        ),
        (
            '<span class="entity-video"><video poster="https://pbs.twimg.com/x.jpg">'
            '<source src="https://video.twimg.com/ext_tw_video/1/a.mp4"></video></span>',
            Media("video", url="https://video.twimg.com/ext_tw_video/1/a.mp4"),
        ),
        (
            '<span class="entity-video"><video src="https://video.twimg.com/tweet_video/a.mp4"></video></span>',
            Media("gif", url="https://video.twimg.com/tweet_video/a.mp4"),
        ),
    ],
)
def test_media_are_read_and_are_no_text(tmp_path: Path, below: str, media: Media) -> None:
    (item,) = reading(tmp_path, post(1, below=below)).posts
    assert (item.text, item.media) == ("Tea", (media,))


@pytest.mark.parametrize(
    "embed",
    [
        f'<blockquote class="twitter-tweet"><a href="https://twitter.com/jun/status/{ID}"></a></blockquote>',
        f'<twitter-widget data-tweet-id="{ID}"></twitter-widget>',
    ],
)
def test_a_post_shown_below_is_quoted(tmp_path: Path, embed: str) -> None:
    (item,) = reading(tmp_path, post(1, below=f'<span class="entity-embed">{embed}</span>')).posts
    assert (item.text, item.quotes) == ("Tea", (ref(0),))


def test_other_threads_of_the_author_are_not_of_the_page(tmp_path: Path) -> None:
    more = '<div class="more-threads"><div class="content-tweet">A thread about eels</div></div>'
    assert [item.ref for item in reading(tmp_path, post(1), more).posts] == [ref(1)]


def test_a_page_without_ids_has_one_in_its_address_and_its_author_in_its_title(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<!DOCTYPE html><html><head><title>Thread by @mira: &quot;Ash and tea&quot;</title>"
        f'<meta property="og:url" content="https://threadreaderapp.com/thread/{ID}.html"></head><body>'
        '<span class="username"><a href="https://twitter.com/mira">Mira Lane</a></span>'
        + "".join(
            f'<div id="tweet_{number}" class="content-tweet allow-preview" dir="auto">{text}</div>'
            for number, text in enumerate(("Ash", "Tea <br>and more"), 1)
        )
        + '<div class="card-tweets"><span class="username">Jun</span><div class="content-tweet">Eels</div></div>'
        "</body></html>"
    )
    assert thread_reader_page.recognizes(Source.from_path(path))
    found = read(thread_reader_page, path)
    assert [(item.handle, item.name) for item in found.accounts] == [("mira", "Mira Lane")]
    first, second = found.posts
    assert (first.ref, first.text, first.created is not None) == (ref(0), "Ash", True)
    assert (second.ref, second.text) == (post_ref("x", "mira", "Tea\nand more"), "Tea\nand more")
    assert (second.reply_to, second.root, second.author) == (ref(0), ref(0), first.author)


def test_what_stands_in_for_a_film_is_no_picture(tmp_path: Path) -> None:
    film = (
        '<div class="entity-video-gif"><video poster="https://pbs.twimg.com/tweet_video_thumb/Ab1.jpg"><source'
        ' src="https://video.twimg.com/tweet_video/Ab1.mp4"><img src="https://pbs.twimg.com/tweet_video_thumb/Ab1.jpg">'
        "</video></div>"
    )
    (item,) = reading(tmp_path, post(1, below=film)).posts
    assert item.text == "Tea"
    assert item.media == (Media("gif", "https://video.twimg.com/tweet_video/Ab1.mp4"),)


@pytest.mark.parametrize(("old", "new"), [(str(ID + 1), "x"), ('"mira" data', '"" data')])
def test_a_post_without_id_or_author_is_a_problem_and_the_others_are_read(tmp_path: Path, old: str, new: str) -> None:
    found = reading(tmp_path, post(1).replace(old, new), post(2))
    assert [(item.ref, item.reply_to) for item in found.posts] == [(ref(2), None)]
    assert list(found.problems) == ["post 1"]


def test_a_page_without_posts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page("<p>This thread was deleted</p>"), encoding="utf-8")
    assert not thread_reader_page.recognizes(Source.from_path(path))
    with pytest.raises(DumpError, match="no post"):
        list(thread_reader_page.entries(Source.from_path(path)))

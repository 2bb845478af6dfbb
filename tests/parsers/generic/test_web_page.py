"""Any saved page that no network's parser knows: one titled post, its structure kept, and what is embedded in it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from page_shapes import SHAPES, TEXT, page
from parser_reading import Reading, read
from saved_pages import mhtml, web_archive

from threadkeep.parsers.generic import text as any_text
from threadkeep.parsers.generic import web_page
from threadkeep.parsers.registry import parser_for
from threadkeep.records import Link, Media, Post, Ref, When
from threadkeep.sources.source import Options, Source


def reading(folder: Path, markup: str | bytes, name: str = "page.html") -> Reading:
    path = folder / name
    path.write_bytes(markup if isinstance(markup, bytes) else markup.encode())
    assert parser_for(Source.from_path(path)).NAME == web_page.NAME
    return read(web_page, path)


def post_of(folder: Path, markup: str | bytes) -> Post:
    (post,) = reading(folder, markup).posts
    for link in post.links:
        assert link.start is None or post.text[link.start : link.end] == link.text
    return post


def text_of(folder: Path, body: str) -> str:
    return post_of(folder, page(body)).text


@pytest.mark.parametrize("name", SHAPES)
def test_the_main_text_is_kept_and_what_stands_around_it_is_not(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    found = reading(tmp_path, shape.page)
    (post,) = found.posts
    assert [words for words in shape.kept if words not in post.text] == []
    assert [words for words in shape.left_out if words in post.text] == []
    if any(words in post.text for words in shape.left_out):
        assert found.skipped


@pytest.mark.parametrize(
    "start",
    [
        "<!-- a note -->\n<html>",
        "<!-- one --><!-- two > -->\n\n<!DOCTYPE html>\n<html>",
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n<HTML>',
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en">',
        "\ufeff<!doctype html>",
        "\n\n  <html>",
        '<meta charset="utf-8">',
        "<title>The kiln</title>",
        "<body>",
        "<div>",
        "<article>",
        '<h1 class="x">The kiln</h1>',
        "<p>First of all.</p>",
        "<center>",
    ],
)
def test_a_page_is_known_however_it_begins(start: str, tmp_path: Path) -> None:
    post = post_of(tmp_path, f"{start}{TEXT}")
    assert "close the door" in post.text
    assert "<" not in post.text and "DOCTYPE" not in post.text


@pytest.mark.parametrize(
    "text",
    [
        "<3 this kiln. Frost again.",
        "a < b, and <html> is a tag.",
        '<h1 align="center">kiln</h1>\n\n## Use\n\n- fire it\n- wait\n',
        '<?xml version="1.0"?><rss><channel><title>Kilns</title></channel></rss>',
        "Mira <b>wrote</b> this.",
        "<sigh> No wood left.",
    ],
)
def test_what_only_mentions_markup_is_no_page(text: str, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text(text, "utf-8")
    assert not web_page.recognizes(Source.from_path(path))


def test_a_page_says_where_it_stands_who_wrote_it_and_when(tmp_path: Path) -> None:
    post = post_of(
        tmp_path,
        page(
            f"<article><h1>The kiln</h1>{TEXT}</article>",
            "<title>The kiln | Mira's clay</title><link rel=canonical href='https://mira.example/kiln#top'>"
            "<meta name=author content='Mira Okonjo'>"
            "<meta property='article:published_time' content='2026-02-11T10:00+01:00'>"
            "<meta property='article:tag' content='clay'><meta property='article:tag' content='wood'>",
        ),
    )
    assert (post.ref, post.url) == (Ref("web", "https://mira.example/kiln"), "https://mira.example/kiln")
    assert (post.title, post.language, post.tags) == ("The kiln", "en", ("clay", "wood"))
    assert post.author == Ref("web", "~mira okonjo")
    assert post.created == When(datetime(2026, 2, 11, 9, tzinfo=UTC))
    assert post.text.startswith("First I weigh")


def test_json_ld_says_it_too(tmp_path: Path) -> None:
    ld = (
        '<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "url": '
        '"https://a.example/"}, {"@type": ["BlogPosting"], "headline": "On ash", "url": "https://a.example/ash", '
        '"datePublished": "2025-04-02", "author": [{"@type": "Person", "name": "Mira"}, {"name": "Finn"}], '
        '"keywords": "clay, wood"}]}</script><script type="application/ld+json">{broken</script>'
    )
    found = reading(tmp_path, page(TEXT, ld))
    (post,) = found.posts
    assert (post.title, post.url, post.tags) == ("On ash", "https://a.example/ash", ("clay", "wood"))
    assert post.created == When(datetime(2025, 4, 2, tzinfo=UTC), "day")
    assert [account.name for account in found.accounts] == ["Mira, Finn"]


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<!-- saved from url=(0027)https://a.example/kiln?x=1 -->", "https://a.example/kiln?x=1"),
        ("<!--\n Page saved with SingleFile \n url: https://a.example/k \n saved date: x\n-->", "https://a.example/k"),
        ("<meta property=og:url content=https://a.example/og>", "https://a.example/og"),
        ("<!-- saved from url=(0020)https://a.example/a --><link rel=canonical href=/b>", "https://a.example/b"),
        (
            "<!-- saved from url=(0020)https://a.example/a --><link rel=canonical href=https://a.example/>",
            "https://a.example/a",
        ),
        ("<link rel=canonical href=/relative>", None),
        ("<link rel=canonical href=javascript:alert(1)>", None),
        ('<script type="application/json">{"url": "https://tracker.example/"}</script>', None),
    ],
)  # fmt: skip
def test_the_address_of_a_page(head: str, url: str | None, tmp_path: Path) -> None:
    assert post_of(tmp_path, f"<html><head>{head}</head><body>{TEXT}</body></html>").url == url


@pytest.mark.parametrize(
    ("markup", "day", "precision"),
    [
        ('<time datetime="2024-05-06T07:08:09Z">May 6</time>', "2024-05-06T07:08:09", "second"),
        ('<time class="published" datetime="2024-05-06T07:08:09+0200">May 6</time>', "2024-05-06T05:08:09", "second"),
        ("<time>May 6, 2024</time>", "2024-05-06", "day"),
        ('<span itemprop="datePublished" content="2024-05-06T07:08:09">then</span>', "2024-05-06", "day"),
        ('<span class="post-date">6. Mai 2024</span>', "2024-05-06", "day"),
    ],
)  # fmt: skip
def test_the_day_of_a_page_by_its_markup(markup: str, day: str, precision: str, tmp_path: Path) -> None:
    created = post_of(tmp_path, page(f"<article>{markup}{TEXT}</article>")).created
    assert created is not None
    assert (created.instant, created.precision) == (datetime.fromisoformat(day).replace(tzinfo=UTC), precision)


def test_a_page_that_says_nothing_of_itself_has_no_day_author_or_address(tmp_path: Path) -> None:
    post = post_of(tmp_path, f"<html><body>{TEXT}</body></html>")
    assert (post.created, post.author, post.url, post.title, post.language) == (None, None, None, None, None)
    assert not post.ref.is_native


STRUCTURE = {
    "<h2>The <em>wood</em></h2><p>Oak.</p>": "## The wood\n\nOak.",
    "<ul><li>oak</li><li>beech<ul><li>red</li></ul></li></ul><p>End.</p>": "- oak\n- beech\n  - red\n\nEnd.",
    "<ol start=3><li>light<li value=7>wait</ol>": "3. light\n7. wait",
    "<ol reversed start=2><li>b<li>a</ol>": "2. b\n1. a",
    "<ul><li><p>oak</p><p>dry</p></li><li><p>ash</p></li></ul>": "- oak\n\n  dry\n- ash",
    "<p>Finn:</p><blockquote><p>Wait.</p><p>Then<br>look.</p></blockquote><p>I did.</p>":
        "Finn:\n\n> Wait.\n>\n> Then\n> look.\n\nI did.",
    '<pre><code class="language-sh">a  b\n\n  c &lt; d</code></pre><p>x</p>': "```sh\na  b\n\n  c < d\n```\n\nx",
    "<p>Call <code>fire()</code>, then wait.</p>": "Call `fire()`, then wait.",
    "<table><tr><th>cone<th>C</tr><tr><td>6<td>1222</tr></table>": "cone | C\n6 | 1222",
    "<p>One<br>two<br><br>three</p>": "One\ntwo\n\nthree",
    "<dl><dt>bisque</dt><dd>fired once</dd></dl>": "bisque\nfired once",
    "<p>Fire <img class=emoji alt=🔥 src=/f.png> now</p>": "Fire 🔥 now",
    "<div>a</div>\n<div>b <span>c</span> d</div>": "a\nb c d",
}  # fmt: skip


@pytest.mark.parametrize("markup", STRUCTURE)
def test_the_structure_of_a_text_stays_in_lines_like_those_of_markdown(markup: str, tmp_path: Path) -> None:
    assert text_of(tmp_path, markup) == STRUCTURE[markup]


def test_links_stand_where_their_words_stand(tmp_path: Path) -> None:
    head = "<title>T</title><link rel=canonical href=https://a.example/b/c>"
    body = (
        '<p>🔥 See <a href="../d?x=1">the <b>ash</b></a> or <a href="#note">1</a> or '
        '<a href="javascript:x()">this</a>.</p><ul><li><a href="https://b.example/" title="B">b</a></ul>'
        '<iframe src="https://v.example/1" title="Film"></iframe>'
    )
    post = post_of(tmp_path, page(body, head))
    assert post.text == "🔥 See the ash or 1 or this.\n\n- b"
    assert post.links == (
        Link("https://a.example/d?x=1", "the ash", None, 6, 13),
        Link("https://b.example/", "b", "B", 31, 32),
        Link("https://v.example/1", title="Film"),
    )


def test_pictures_keep_their_descriptions(tmp_path: Path) -> None:
    body = (
        f'{TEXT}<img src="/kiln.jpg" alt="The kiln"><img src="data:image/png;base64,AA==">'
        "<img src=/p.gif width=1 height=1>"
    )
    post = post_of(tmp_path, page(body, "<link rel=canonical href=https://a.example/>"))
    assert post.media == (Media("image", "https://a.example/kiln.jpg", alt="The kiln"),)


def test_pages_in_other_wrappings_are_read_too(tmp_path: Path) -> None:
    markup = page(f"<nav>Menu of the site</nav>{TEXT}").encode()
    for wrapped, name in ((mhtml(markup), "a.mhtml"), (web_archive(markup), "a.webarchive")):
        (post,) = reading(tmp_path, wrapped, name).posts
        assert post.url == "https://a.example/mira"
        assert "weigh the ash" in post.text and "Menu" not in post.text


def test_a_page_without_any_words_is_a_problem_in_words(tmp_path: Path) -> None:
    found = reading(tmp_path, '<html><body><div id="root"></div><script>start()</script></body></html>')
    assert found.broken is not None and "no text on the page" in str(found.broken)


def test_a_page_that_only_has_a_title_is_kept(tmp_path: Path) -> None:
    post = post_of(tmp_path, "<html><head><title>The kiln</title></head><body></body></html>")
    assert (post.title, post.text) == ("The kiln", "The kiln")


@pytest.mark.parametrize("copies", [1, 20_000])
def test_a_page_of_any_length_and_depth_is_read(copies: int, tmp_path: Path) -> None:
    deep = "<div>" * 3000 + TEXT * copies + "</div>" * 3000
    assert "close the door" in text_of(tmp_path, deep)


def test_an_author_who_is_told_signs_a_page_that_names_none(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(TEXT), "utf-8")
    source = Source.from_path(path, Options(author="mira"))
    records = [record for entry in web_page.entries(source) for record in web_page.parse(entry)]
    assert [post.author for post in records if isinstance(post, Post)] == [Ref("web", "~mira")]


TWEET = (
    '<blockquote class="twitter-tweet" data-lang="en"><p lang="en" dir="ltr">Is it '
    '<a href="https://twitter.com/hashtag/raku">#raku</a>? Ask <a href="https://twitter.com/finn">@finn</a> '
    '<a href="https://t.co/abcdefghij">https://t.co/abcdefghij</a></p>&mdash; Mira 🔥 (@mira_k) <a href="https://twitter.com/mira_k/status/1750000000000000000?ref_src=twsrc">'
    "January 24, 2024</a></blockquote> "
    '<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>'
)
SKEET = (
    '<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:mira/app.bsky.feed.post/3jzfcijpj2z2a" '
    'data-bluesky-cid="bafy"><p lang="de">Frost.<br><br>Wieder. <a href="https://bsky.app/profile/did:plc:mira/post/3jzfc">'
    '[image or embed]</a></p>&mdash; Mira Lane (<a href="https://bsky.app/profile/did:plc:mira?ref_src=embed">'
    '@mira.example.com</a>) <a href="https://bsky.app/profile/did:plc:mira/post/3jzfc">30. Juni 2023</a></blockquote>'
    '<script async src="https://embed.bsky.app/static/embed.js"></script>'
)
TOOT = (
    '<iframe src="https://kilns.example/@mira/110000000000000001/embed" class="mastodon-embed" width="400"></iframe>'
    '<script src="https://kilns.example/embed.js" async="async"></script>'
)
TOOT_OF_TODAY = (
    '<blockquote class="mastodon-embed" data-embed-url="https://kilns.example/@mira/110000000000000001/embed"> <a href='
    '"https://kilns.example/@mira/110000000000000001" target="_blank"> <div>Post by @mira@kilns.example</div> '
    "<div>View on Mastodon</div> </a> </blockquote>"
)


def checked_tweet(post: Post) -> None:
    assert (post.ref, post.author) == (Ref("x", "1750000000000000000"), Ref("x", "~mira_k"))
    assert post.text == "Is it #raku? Ask @finn https://t.co/abcdefghij"
    assert (post.tags, post.mentions, post.language) == (("raku",), ("finn",), "en")
    assert post.created is not None and post.created.instant == datetime(2024, 1, 24, 3, 38, 8, 84000, tzinfo=UTC)


def checked_skeet(post: Post) -> None:
    assert post.ref == Ref("bluesky", "at://did:plc:mira/app.bsky.feed.post/3jzfcijpj2z2a")
    assert (post.author, post.text, post.language) == (Ref("bluesky", "did:plc:mira"), "Frost.\n\nWieder.", "de")
    assert post.created is not None and post.created.instant.date().isoformat() == "2023-06-30"


def checked_toot(post: Post) -> None:
    assert post.ref == Ref("mastodon", "https://kilns.example/users/mira/statuses/110000000000000001")
    assert (post.author, post.text) == (Ref("mastodon", "~mira@kilns.example"), "")
    assert "truncated" in post.inferred
    assert post.created is not None and post.created.instant.year == 2023


EMBEDS = [(TWEET, checked_tweet), (SKEET, checked_skeet), (TOOT, checked_toot), (TOOT_OF_TODAY, checked_toot)]


@pytest.mark.parametrize(("markup", "check"), EMBEDS)
def test_an_embedded_post_alone_in_a_file_is_that_post(markup: str, check, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    found = reading(tmp_path, markup)
    (post,) = found.posts
    check(post)
    assert [account.ref for account in found.accounts] == [post.author]


@pytest.mark.parametrize(("markup", "check"), EMBEDS)
def test_an_embedded_post_in_a_page_is_quoted_by_it(markup: str, check, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    embedded, of_page = reading(tmp_path, page(f"<article>{TEXT}{markup}<p>So it is.</p></article>")).posts
    check(embedded)
    assert of_page.quotes == (embedded.ref,)
    assert "weigh the ash" in of_page.text and "So it is." in of_page.text


@pytest.mark.parametrize(("markup", "check"), EMBEDS)
def test_an_embedded_post_in_a_note_is_quoted_by_it(markup: str, check, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "note.md"
    path.write_text(f"# Glazes\n\nI read this of @mira:\n\n{markup}\n\nSo it is.\n", "utf-8")
    assert parser_for(Source.from_path(path)) is any_text
    embedded, note = read(any_text, path).posts
    check(embedded)
    assert note.quotes == (embedded.ref,)
    assert "<blockquote" not in note.text and "<iframe" not in note.text and "So it is." in note.text


@pytest.mark.parametrize(
    "markup",
    [
        '<blockquote class="twitter-tweet"><p>Gone.</p></blockquote>',
        '<blockquote class="bluesky-embed" data-bluesky-uri="nonsense"><p>Gone.</p></blockquote>',
        '<iframe class="mastodon-embed" src="javascript:x()"></iframe><p>Gone.</p>',
        '<blockquote class="my-twitter-tweet-list"><p>Gone.</p></blockquote>',
    ],
)
def test_what_names_no_post_is_an_ordinary_quote(markup: str, tmp_path: Path) -> None:
    post = post_of(tmp_path, page(f"{TEXT}{markup}"))
    assert post.quotes == ()
    assert "Gone." in post.text

"""``RT @finn: …`` shown as mira's own post is a repost of finn's words, wherever X or a mirror of it shows it."""

import json
from pathlib import Path

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.records import Post, Ref
from threadkeep.sources.source import Options, Source

AT = "Tue Feb 28 07:45:00 +0000 2023"
ID = "1631234567890123776"
SAID = "RT @finn: Salt glaze runs, see https://t.co/a1 before…"
LINK = {"url": "https://t.co/a1", "expanded_url": "https://a.example/salt"}
MIRA = {"id_str": "12", "screen_name": "mira", "name": "Mira"}

V1 = {"id_str": ID, "created_at": AT, "user": MIRA, "entities": {"urls": [LINK]}}
V2 = {"id": ID, "author_id": "12", "created_at": "2023-02-28T07:45:00.000Z", "entities": {"urls": [LINK]}}
SNSCRAPE = {
    "_type": "snscrape.modules.twitter.Tweet",
    "id": int(ID),
    "date": "2023-02-28T07:45:00+00:00",
    "user": {"_type": "snscrape.modules.twitter.User", "id": 12, "username": "mira"},
    "links": [{"tcourl": "https://t.co/a1", "url": "https://a.example/salt"}],
}
GRAPHQL = {
    "__typename": "Tweet",
    "rest_id": ID,
    "core": {"user_results": {"result": {"rest_id": "12", "legacy": {"screen_name": "mira"}}}},
}
PAGE_LINK = '<a href="https://a.example/salt" title="https://a.example/salt">https://t.co/a1</a>'
NITTER = (
    '<title>n</title><div class="timeline"><div class="timeline-item"><a class="tweet-link" href="/mira/status/{id}#m">'
    '</a><div class="tweet-body"><a class="fullname" title="Mira">Mira</a><a class="username" title="@mira">@mira</a>'
    '<span class="tweet-date"><a href="/mira/status/{id}#m" title="Feb 28, 2023 · 7:45 AM UTC">28 Feb</a></span>'
    '<div class="tweet-content media-body">{text}</div></div></div></div>'
)
X_PAGE = (
    '<title>x / X</title><article data-testid="tweet"><div data-testid="User-Name"><a href="/mira">Mira</a>'
    '<a href="/mira">@mira</a><a href="/mira/status/{id}"><time datetime="2023-02-28T07:45:00.000Z">4h</time></a></div>'
    '<div data-testid="tweetText" lang="en">{text}</div></article><p>x.com'
)
OLD_PAGE = (
    '<div class="tweet js-stream-tweet" data-tweet-id="{id}" data-screen-name="mira" data-name="Mira" data-user-id="12"'
    ' data-permalink-path="/mira/status/{id}"><p class="js-tweet-text tweet-text" lang="en">{text}</p></div>'
)
THREAD_READER = (
    "<title>Thread by @mira on Thread Reader App</title>"
    '<div id="tweet_1" class="content-tweet" data-tweet="{id}" data-screenname="mira">{text}</div>'
)
PASTED = "Mira\n@mira\n·\nFeb 28, 2023\n{text}\n3\n5\n12\n\nBo\n@bo\n·\nMar 1, 2023\nClay is wet today\n1\n2\n3\n"


def _page(text: str) -> str:
    return text.replace("https://t.co/a1", PAGE_LINK)


SOURCES = {
    "x-api-v1": lambda text: json.dumps({**V1, "full_text": text}),
    "x-api-v2": lambda text: json.dumps(
        {"data": [{**V2, "text": text}], "includes": {"users": [{"id": "12", "username": "mira"}]}}
    ),
    "snscrape": lambda text: json.dumps({**SNSCRAPE, "rawContent": text}),
    "x-graphql": lambda text: json.dumps(
        {"data": {"tweetResult": {"result": {**GRAPHQL, "legacy": {**V1, "user": None, "full_text": text}}}}}
    ),
    "tweets-csv": lambda text: f'tweet_id,timestamp,text\n{ID},2023-02-28 07:45:00 +0000,"{text}"\n',
    "nitter-page": lambda text: NITTER.format(id=ID, text=_page(text)),
    "x-page": lambda text: X_PAGE.format(id=ID, text=_page(text)),
    "x-page-2016": lambda text: OLD_PAGE.format(id=ID, text=_page(text)),
    "thread-reader-page": lambda text: THREAD_READER.format(id=ID, text=_page(text)),
    "x-text": lambda text: PASTED.format(text=text),
}


def _read(tmp_path: Path, name: str, text: str) -> tuple[list[tuple[str | None, Post]], list[tuple[str | None, Ref]]]:
    path = tmp_path / ("page.html" if "page" in name else "dump")
    path.write_text(SOURCES[name](text), encoding="utf-8")
    with Archive(tmp_path / "archive") as archive:
        report = archive.import_(Source.from_path(path, Options(owner="mira")), name)
        assert report.adds_up(), report
        assert not report.problems
        with archive.selection() as selection:
            posts = [stored.post for stored in selection.posts() if "Clay" not in stored.post.text]
            handles = {account.ref: account.handle for account in selection.accounts()}
            by = [(handles[post.author], post) for post in posts if post.author]
            return by, [(handles[repost.account], repost.post) for repost in selection.reposts()]


@pytest.mark.parametrize("name", SOURCES)
def test_a_retweet_shown_as_a_post_is_a_repost_of_a_cut_post(tmp_path: Path, name: str) -> None:
    [(handle, post)], reposts = _read(tmp_path, name, SAID)
    assert (handle, post.ref.is_native, "truncated" in post.inferred) == ("finn", False, True)
    assert post.text.startswith("Salt glaze runs, see ")
    assert [post.text[link.start : link.end] for link in post.links if link.start is not None] == [
        link.text for link in post.links
    ]
    assert len(post.links) == 1
    assert reposts == [("mira", post.ref)]


@pytest.mark.parametrize("name", SOURCES)
def test_a_post_with_words_of_its_own_before_the_retweet_is_its_authors(tmp_path: Path, name: str) -> None:
    [(handle, post)], reposts = _read(tmp_path, name, "So it is. RT @finn: Salt glaze runs…")
    assert (handle, post.text, post.inferred, reposts) == (
        "mira",
        "So it is. RT @finn: Salt glaze runs…",
        post.inferred,
        [],
    )
    assert "truncated" not in post.inferred

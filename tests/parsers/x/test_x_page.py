"""Pages of X as the site is since 2019: posts with their whole links and exact counts, and what is left out of them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from parser_reading import Reading, is_sound, read

from threadkeep.errors import DumpError
from threadkeep.parsers.x import page as x_page
from threadkeep.records import Link, Media, Ref
from threadkeep.sources.source import Source

ID = 1750000000000000000


def ref(number: int) -> Ref:
    return Ref("x", str(ID + number))


def names(handle: str, href: str = "") -> str:
    name = f'<a href="/{handle}" role="link"><div><span>{handle.title()}</span></div></a>'
    return f'<div data-testid="User-Name">{name}<a href="/{handle}"><span>@{handle}</span></a>{href}</div>'


def time(number: int, handle: str) -> str:
    return f'<a href="/{handle}/status/{ID + number}"><time datetime="2024-01-24T03:31:20.000Z">4h</time></a>'


def post(
    number: int,
    text: str = "<span>Tea</span>",
    *,
    handle: str = "mira",
    above: str = "",
    below: str = "",
    own: str = "",
) -> str:
    return (
        f'<div data-testid="cellInnerDiv"><article role="article" {own} data-testid="tweet">{above}'
        f"{names(handle, time(number, handle))}"
        f'<div dir="auto" lang="en" data-testid="tweetText">{text}</div>{below}</article></div>'
    )


def page(*parts: str, url: str = "https://x.com/home", head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><link rel="canonical" href="{url}">{head}<title>Home / X</title></head>'
        f'<body><div id="react-root"><h2>Post</h2>{"".join(parts)}</div></body></html>'
    )


def reading(folder: Path, *parts: str, url: str = "https://x.com/home", head: str = "") -> Reading:
    path = folder / "page.html"
    path.write_text(page(*parts, url=url, head=head), encoding="utf-8")
    assert x_page.recognizes(Source.from_path(path))
    found = read(x_page, path)
    assert is_sound(found)
    return found


def only(folder: Path, text: str = "<span>Tea</span>", below: str = "") -> Reading:
    return reading(folder, post(1, text, below=below))


def test_the_sample_is_one_conversation_without_what_is_advertised_or_suggested(seeds: Path) -> None:
    found = read(x_page, seeds / "x-page/x-thread.html")
    assert [item.author.id for item in found.posts] == ["~jun_park", "~mira_lane", "~ada_k", "~mira_lane", "~tomas_v"]
    assert found.skipped == ["advertisement", "suggested post"]
    asked, answer, quoted, went_on, stranger = found.posts
    assert (answer.reply_to, went_on.reply_to, stranger.reply_to) == (asked.ref, answer.ref, None)
    assert {answer.root, went_on.root, stranger.root} == {asked.ref}
    assert answer.counts == {"replies": 48, "reposts": 152, "likes": 1204, "views": 30142}
    assert (went_on.quotes, went_on.inferred) == ((quoted.ref,), ("thread", "truncated"))
    assert not found.problems


def test_links_are_whole_though_their_ends_are_hidden(tmp_path: Path) -> None:
    text = (
        '<span>New 🔥 </span><a href="https://t.co/Ab1"><span aria-hidden="true">https://</span>a.example/raku-'
        '<span aria-hidden="true">without-a-kiln</span><span aria-hidden="true">…</span></a>'
    )
    (item,) = only(tmp_path, text).posts
    url = "https://a.example/raku-without-a-kiln"
    assert (item.text, item.links) == (f"New 🔥 {url}", (Link(url, text=url, start=6, end=43),))


def test_emoji_mentions_and_tags_are_text_and_found(tmp_path: Path) -> None:
    text = (
        '<span>A </span><img alt="🏺" src="https://abs-0.twimg.com/emoji/v2/svg/1f3fa.svg"><span>\n\nby </span>'
        '<div class="css"><span><a href="/ada_k">@ada_k</a></span></div><span> </span>'
        '<span><a href="/hashtag/raku?src=hashtag_click">#raku</a></span>'
    )
    (item,) = only(tmp_path, text).posts
    assert (item.text, item.mentions, item.tags) == ("A 🏺\n\nby @ada_k #raku", ("ada_k",), ("raku",))


@pytest.mark.parametrize(
    ("markup", "media"),
    [
        (
            '<div data-testid="tweetPhoto"><img alt="A pot" src="https://pbs.twimg.com/media/GA?format=jpg&amp;name=small"></div>',
            Media("image", url="https://pbs.twimg.com/media/GA.jpg", alt="A pot"),
        ),
        (
            '<div data-testid="tweetPhoto"><img alt="Image" src="./page_files/GA.jpg"></div>',
            Media("image"),
        ),
        (
            '<div data-testid="tweetPhoto"><img alt="Embedded video" src="https://pbs.twimg.com/amplify_video_thumb/1/img/a"></div>',
            Media("video"),
        ),
        (
            '<div data-testid="videoPlayer"><video poster="https://pbs.twimg.com/tweet_video_thumb/a.jpg"'
            ' src="https://video.twimg.com/tweet_video/a.mp4"></video></div>',
            Media("gif", url="https://video.twimg.com/tweet_video/a.mp4"),
        ),
        ('<div data-testid="videoPlayer"><video src="blob:https://x.com/1"></video></div>', Media("video")),
        (
            '<div data-testid="testCondensedMedia"><img alt="A pot" src="./files/a.jpg"></div>',
            Media("image", alt="A pot"),
        ),
    ],
)
def test_media_are_read(tmp_path: Path, markup: str, media: Media) -> None:
    assert only(tmp_path, below=markup).posts[0].media == (media,)


def test_rounded_counts_are_left_out_and_the_summary_fills_in(tmp_path: Path) -> None:
    below = (
        '<div role="group" aria-label="2 replies, 1 repost, 12 views">'
        '<button data-testid="like" aria-label="1.2K Likes. Like"><span>1.2K</span></button></div>'
    )
    assert only(tmp_path, below=below).posts[0].counts == {"replies": 2, "reposts": 1, "views": 12}


@pytest.mark.parametrize(
    ("label", "counts"),
    [
        ("17 replies, 10 reposts, 131 likes, 25 bookmarks, 11716 views", (17, 10, 131, 11716)),
        ("1,204 replies, 10 Retweets, 1 like", (1204, 10, 1, None)),
        (
            "48 Antworten, 152 Reposts, 1204 „Gefällt mir“-Angaben, 340 Lesezeichen, 30142 Mal angezeigt",
            (48, 152, 1204, 30142),
        ),
        ("48 件の返信、152 件のリポスト、1204 件のいいね、30142 件の表示", (48, 152, 1204, 30142)),
        ("2.5M likes, 3K views", (None, None, None, None)),
        ("", (None, None, None, None)),
    ],
)
def test_the_summary_is_read_in_many_languages(
    tmp_path: Path, label: str, counts: tuple[int | None, int | None, int | None, int | None]
) -> None:
    found = only(tmp_path, below=f'<div role="group" aria-label="{label}"></div>').posts[0].counts
    assert tuple(found.get(kind) for kind in ("replies", "reposts", "likes", "views")) == counts


def test_rows_of_counts_until_2023_are_read(tmp_path: Path) -> None:
    rows = "".join(
        f'<a href="/mira/status/{ID + 1}/{end}"><span>{shown}</span></a>'
        for end, shown in (
            ("retweets", "1,204 Retweets"),
            ("retweets/with_comments", "46 Quotes"),
            ("likes", "9.1K Likes"),
        )
    )
    assert only(tmp_path, below=rows).posts[0].counts == {"reposts": 1204, "quotes": 46}


def test_a_poll_has_its_options(tmp_path: Path) -> None:
    poll = '<div data-testid="cardPoll"><ul><li>Clay <span>61%</span></li><li>Glass <span>38.9%</span></li></ul></div>'
    post = only(tmp_path, below=poll).posts[0]
    assert post.text == "Tea"
    assert [option.text for option in post.poll] == ["Clay", "Glass"]


def test_a_link_card_gives_its_link_a_title(tmp_path: Path) -> None:
    text = '<a href="https://t.co/Ab1"><span>https://</span>a.example/x</a>'
    card = '<div data-testid="card.wrapper"><a href="https://t.co/Ab1" aria-label="a.example Raku at home"></a></div>'
    (link,) = only(tmp_path, text, card).posts[0].links
    assert (link.url, link.title) == ("https://a.example/x", "Raku at home")


@pytest.mark.parametrize(
    ("context", "handle"),
    [
        ('<a href="/jun"><span data-testid="socialContext">Jun reposted</span></a>', "jun"),
        ('<span data-testid="socialContext"><a href="/jun">Jun hat repostet</a></span>', "jun"),
        ('<a href="/jun"><span>Jun Retweeted</span></a>', "jun"),
    ],
)
def test_a_repost_belongs_to_who_is_named_above_it(tmp_path: Path, context: str, handle: str) -> None:
    found = reading(tmp_path, post(1, above=context))
    assert [(item.account, item.post) for item in found.reposts] == [(Ref("x", f"~{handle}"), ref(1))]
    assert found.posts[0].author == Ref("x", "~mira")


@pytest.mark.parametrize(
    "context",
    [
        '<a href="/jun"><span data-testid="socialContext">Jun liked</span></a>',
        '<a href="/newrepublic"><span data-testid="socialContext">The New Republic liked</span></a>',
        '<a href="/jun"><span>Jun follows</span></a>',
    ],
)
def test_what_others_like_or_follow_is_no_repost(tmp_path: Path, context: str) -> None:
    assert reading(tmp_path, post(1, above=context)).reposts == []


def test_who_reposted_it_is_not_called_you(tmp_path: Path) -> None:
    context = '<a href="/jun"><span data-testid="socialContext">You reposted</span></a>'
    found = reading(tmp_path, post(1, above=context))
    assert [(item.handle, item.name) for item in found.accounts] == [("mira", "Mira"), ("jun", None)]


def test_a_pinned_post_is_pinned_by_its_author(tmp_path: Path) -> None:
    found = reading(tmp_path, post(1, above='<div data-testid="socialContext">Pinned</div>'), post(2))
    assert [(item.account, item.post) for item in found.pins] == [(Ref("x", "~mira"), ref(1))]


def test_a_quoted_post_without_a_link_is_named_after_its_author_and_text(tmp_path: Path) -> None:
    inner = f'{names("jun")}<time datetime="2024-01-01T00:00:00.000Z">x</time><div data-testid="tweetText">Old</div>'
    found = only(tmp_path, below=f'<div role="link">{inner}</div>')
    quoted, quoting = found.posts
    assert (quoted.text, quoted.ref.id[0], quoted.author) == ("Old", "~", Ref("x", "~jun"))
    assert quoted.created is not None
    assert quoted.created.instant == datetime(2024, 1, 1, tzinfo=UTC)
    assert (quoting.text, quoting.quotes) == ("Tea", (quoted.ref,))


def test_people_answered_are_mentioned(tmp_path: Path) -> None:
    above = names("mira", time(1, "mira")) + '<div>Replying to <a href="/jun"><span>@jun</span></a></div>'
    html = post(1).replace(names("mira", time(1, "mira")), above)
    assert reading(tmp_path, html).posts[0].mentions == ("jun",)


def test_the_page_of_a_post_is_a_chain_down_to_it(tmp_path: Path) -> None:
    url = f"https://x.com/mira/status/{ID + 3}"
    found = reading(tmp_path, post(1, handle="jun"), post(2), post(3), post(4), post(5, handle="ada"), post(6), url=url)
    assert [item.reply_to for item in found.posts] == [None, ref(1), ref(2), ref(3), None, None]
    assert [item.root for item in found.posts] == [None, *[ref(1)] * 5]


def test_the_focused_post_is_the_page_s_own_where_no_address_says(tmp_path: Path) -> None:
    found = reading(tmp_path, post(1, handle="jun"), post(2, own='tabindex="-1"'), post(3, handle="ada"))
    assert [item.reply_to for item in found.posts] == [None, ref(1), None]


def test_a_list_of_posts_is_no_conversation(tmp_path: Path) -> None:
    found = reading(tmp_path, post(1), post(2))
    assert [(item.reply_to, item.root) for item in found.posts] == [(None, None), (None, None)]


def test_what_cannot_be_shown_is_counted(tmp_path: Path) -> None:
    gone = '<article role="article"><span>This Post is from a suspended account.</span></article>'
    found = reading(tmp_path, post(1), gone)
    assert found.skipped == ["unavailable post without an id"]


def test_an_advertisement_is_known_by_its_label(tmp_path: Path) -> None:
    ad = post(2, "<span>Buy</span>", below="<span>Ad</span>").replace(time(2, "mira"), "")
    about_ads = post(3, "<span>Ad</span>")
    found = reading(tmp_path, post(1), ad, about_ads)
    assert found.skipped == ["advertisement"]
    assert [item.text for item in found.posts] == ["Tea", "Ad"]


def test_pages_until_2021_are_read(tmp_path: Path) -> None:
    html = (
        '<article role="article"><div data-testid="tweet"><a href="/mira"><img alt="" src="a.jpg"></a>'
        '<a href="/mira"><div><span>Mira Lane</span></div><div><span>@mira</span></div></a>'
        f'{time(1, "mira")}<div>Replying to <a href="/jun">@jun</a></div><div lang="en" dir="auto"><span>Ten </span>'
        '<a title="https://a.example/x" href="https://t.co/Ab1?amp=1"><span>https://</span>a.example/x</a></div>'
        '<div role="blockquote"><div><span>Ada</span></div><div><span>@ada</span></div>'
        '<time datetime="2020-04-01T10:00:00.000Z">1 Apr</time><div lang="en" dir="auto">Old</div></div>'
        '<div role="group" aria-label="5 replies, 28 Retweets, 60 likes"></div></div></article>'
    )
    quoted, item = reading(tmp_path, html).posts
    assert (item.text, item.mentions, item.quotes) == ("Ten https://a.example/x", ("jun",), (quoted.ref,))
    assert item.links[0].url == "https://a.example/x"
    assert item.counts == {"replies": 5, "reposts": 28, "likes": 60}
    assert quoted.author == Ref("x", "~ada")


def test_until_2022_the_page_s_own_post_has_no_time_and_is_found_by_what_hangs_on_it(tmp_path: Path) -> None:
    own = post(2, below=f'<a href="/mira/status/{ID + 2}/likes"><span>3</span> Likes</a>').replace(time(2, "mira"), "")
    url = f"https://twitter.com/mira/status/{ID + 2}"
    found = reading(tmp_path, post(1, handle="jun"), own, post(3), url=url)
    assert [item.ref for item in found.posts] == [ref(1), ref(2), ref(3)]
    assert [item.reply_to for item in found.posts] == [None, ref(1), ref(2)]


@pytest.mark.parametrize("path", [f"mira/status/{ID + 1}", f"mira/article/{ID + 1}"])
def test_a_long_article_is_a_post_with_a_title(tmp_path: Path, path: str) -> None:
    view = (
        '<div data-testid="twitterArticleReadView"><div data-testid="twitter-article-title">On kilns</div>'
        '<div data-testid="twitterArticleRichTextView"><div><span data-text="true">One.</span>'
        '</div><h2 class="longform-header-two">Two</h2><div><a href="https://a.example/x">Three</a></div></div></div>'
    )
    (item,) = reading(tmp_path, view, url=f"https://x.com/{path}").posts
    assert (item.ref, item.author, item.title) == (ref(1), Ref("x", "~mira"), "On kilns")
    assert item.text == "One.\n\nTwo\n\nThree"


@pytest.mark.parametrize("stated", [True, False])
def test_whom_a_long_article_names_is_not_its_author(stated: bool, tmp_path: Path) -> None:
    said = '<meta itemprop="name" content="Mira Lane"><meta itemprop="additionalName" content="mira">' if stated else ""
    picture = (
        '<div data-testid="tweetPhoto"><a href="/mira/article/9/media/1"><img src="https://p.example/1" alt="Ash">'
    )
    view = (
        f'<article data-testid="tweet"><div data-testid="twitterArticleRichTextView"><div>{said}</div>'
        '<div><span>By </span><a href="https://x.com/@jun">@jun</a></div><section><article data-testid="tweet">'
        '<div data-testid="User-Name"><a href="/ada">Ada</a><a href="/ada">@ada</a></div>'
        f'<div data-testid="tweetText">Old</div></article></section>{picture}</a></div></div></article>'
    )
    url = "https://x.com/home" if stated else f"https://x.com/mira/status/{ID + 1}"
    quoted, item = reading(tmp_path, view, url=url).posts
    assert (quoted.author, quoted.text) == (Ref("x", "~ada"), "Old")
    assert (item.author, item.text, item.quotes) == (Ref("x", "~mira"), "By @jun", (quoted.ref,))
    assert [media.alt for media in item.media] == ["Ash"]


def test_pages_of_2026_are_read(tmp_path: Path) -> None:
    html = (
        f'<article data-tweet-id="{ID + 2}"><a href="https://x.com/mira">Mira Lane</a>'
        '<a href="https://x.com/mira">@mira</a>'
        f'<div dir="auto">New</div><div role="link" data-href="/jun/status/{ID + 1}"><a href="/jun">@jun</a>'
        '<div dir="auto">Old</div></div><button aria-label="Like"></button>'
        '<button aria-label="171">171</button></article>'
    )
    quoted, item = reading(tmp_path, html).posts
    assert (quoted.ref, quoted.text) == (ref(1), "Old")
    assert (item.ref, item.text, item.quotes, item.counts) == (ref(2), "New", (ref(1),), {"likes": 171})
    assert (item.inferred, quoted.inferred) == (("created",), ("created",))


def test_a_profile_is_read_from_what_search_engines_are_told(tmp_path: Path) -> None:
    told = {
        "mainEntity": {
            "additionalName": "mira",
            "givenName": "Mira Lane",
            "identifier": "12",
            "description": "Pots",
            "interactionStatistic": [{"name": "Follows", "userInteractionCount": 9001}],
        }
    }
    head = f'<script type="application/ld+json" data-testid="UserProfileSchema-test">{json.dumps(told)}</script>'
    account = reading(tmp_path, post(1), head=head).accounts[0]
    assert (account.ref, account.handle, account.bio, account.followers) == (Ref("x", "12"), "mira", "Pots", 9001)


def test_a_profile_s_header_is_an_account(tmp_path: Path) -> None:
    header = (
        '<div data-testid="UserName"><span>Mira Lane</span><span>@mira</span></div>'
        '<div data-testid="UserDescription"><span>Pots\nand fire</span></div>'
        '<a href="/mira/following"><span>80</span> Following</a><a href="/mira/verified_followers">12.1K Followers</a>'
    )
    beside = '<aside><div data-testid="UserDescription">Eels</div></aside>'
    account = reading(tmp_path, header, post(1), beside).accounts[0]
    assert (account.name, account.bio, account.following, account.followers) == (
        "Mira Lane",
        "Pots\nand fire",
        80,
        None,
    )


def test_a_post_without_an_author_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    found = reading(tmp_path, post(1).replace(names("mira", time(1, "mira")), time(1, "mira")), post(2))
    assert [item.ref for item in found.posts] == [ref(2)]
    assert list(found.problems) == ["post 1"]


def test_a_page_without_posts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page("<p>Something went wrong. Try reloading.</p>"), encoding="utf-8")
    assert not x_page.recognizes(Source.from_path(path))
    with pytest.raises(DumpError, match="no post"):
        list(x_page.entries(Source.from_path(path)))

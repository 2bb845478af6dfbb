"""Pages of Twitter from before 2020: who answers whom by the layout, whole links, exact counts and times."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from parser_reading import Reading, is_sound, read

from threadkeep.errors import DumpError
from threadkeep.parsers.x import page_2016 as x_page_2016
from threadkeep.records import Link, Media, Ref
from threadkeep.sources.source import Source

MOMENT = 1466523020000
ID = (MOMENT - 1288834974657) << 22


def ref(number: int) -> Ref:
    return Ref("x", str(ID + number))


def post(
    number: int,
    text: str = "Tea",
    *,
    handle: str = "mira",
    kind: str = "",
    own: str = "",
    time: str = "",
    below: str = "",
) -> str:
    time = time or f'<span class="_timestamp" data-time="{MOMENT // 1000}" data-time-ms="{MOMENT}">Jun 21</span>'
    return (
        f'<div class="tweet js-stream-tweet {kind}" data-tweet-id="{ID + number}" data-item-id="{ID + number}"'
        f' data-permalink-path="/{handle}/status/{ID + number}" data-screen-name="{handle}"'
        f' data-name="{handle.title()} Lane" data-user-id="1{len(handle)}" {own}>{time}'
        f'<p class="TweetTextSize js-tweet-text tweet-text" lang="en">{text}</p>{below}</div>'
    )


def page(*parts: str) -> str:
    return (
        "<!DOCTYPE html><html><head><title>Mira on Twitter</title></head>"
        f'<body class="PermalinkPage"><div id="page-outer">{"".join(parts)}</div></body></html>'
    )


def reading(folder: Path, *parts: str) -> Reading:
    path = folder / "page.html"
    path.write_text(page(*parts), encoding="utf-8")
    assert x_page_2016.recognizes(Source.from_path(path))
    found = read(x_page_2016, path)
    assert is_sound(found)
    return found


def test_authors_have_their_ids_and_times_are_exact(tmp_path: Path) -> None:
    found = reading(tmp_path, post(1))
    (account,), (item,) = found.accounts, found.posts
    assert (account.ref, account.handle, account.name) == (Ref("x", "14"), "mira", "Mira Lane")
    assert item.created is not None
    assert item.created.instant == datetime(2016, 6, 21, 15, 30, 20, tzinfo=UTC)
    assert item.language == "en"


def test_a_page_of_one_post_is_a_chain_down_to_it_and_runs_of_answers_below(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        post(1, handle="jun", kind="ancestor permalink-ancestor-tweet"),
        post(2, kind="permalink-tweet"),
        f'<li class="ThreadedConversation">{post(3, kind="descendant")}{post(4, handle="ada", kind="descendant")}</li>',
        f'<div class="ThreadedConversation--loneTweet">{post(5, handle="ada", kind="descendant")}</div>',
    )
    assert [item.reply_to for item in found.posts] == [None, ref(1), ref(2), ref(3), ref(2)]
    assert {item.root for item in found.posts[1:]} == {ref(1)}
    assert all("thread" in item.inferred for item in found.posts[1:])


def test_a_profile_is_no_conversation(tmp_path: Path) -> None:
    assert [item.reply_to for item in reading(tmp_path, post(1), post(2)).posts] == [None, None]


def test_the_conversation_a_post_states_is_its_root(tmp_path: Path) -> None:
    (item,) = reading(tmp_path, post(2, own=f'data-conversation-id="{ID + 1}"')).posts
    assert (item.reply_to, item.root) == (None, ref(1))


def test_links_are_whole_and_tags_and_mentions_are_found(tmp_path: Path) -> None:
    text = (
        'New: <a class="twitter-timeline-link" href="https://t.co/Ab1" data-expanded-url="https://a.example/x/y"'
        ' title="https://a.example/x/y"><span class="tco-ellipsis"></span><span class="invisible">https://</span>'
        '<span class="js-display-url">a.example/x</span><span class="invisible">/y</span>'
        '<span class="tco-ellipsis"><span class="invisible">&nbsp;</span>…</span></a>\n'
        '<a class="twitter-atreply" href="/ada_k"><s>@</s><b>ada_k</b></a>'
        ' <a href="/hashtag/raku"><s>#</s><b>raku</b></a>'
        '<a class="twitter-timeline-link u-hidden" href="https://t.co/P">pic.twitter.com/P</a>'
    )
    (item,) = reading(tmp_path, post(1, text)).posts
    url = "https://a.example/x/y"
    assert (item.text, item.links) == (f"New: {url}\n@ada_k #raku", (Link(url, text=url, start=5, end=26),))
    assert (item.mentions, item.tags) == (("ada_k",), ("raku",))


def test_counts_are_exact_where_the_page_rounds(tmp_path: Path) -> None:
    below = "".join(
        f'<span class="ProfileTweet-action--{name}"><span data-tweet-stat-count="{count}">1.8K</span></span>'
        for name, count in (("reply", 4), ("retweet", 1826), ("favorite", 0))
    )
    assert reading(tmp_path, post(1, below=below)).posts[0].counts == {"replies": 4, "reposts": 1826, "likes": 0}


def test_media_are_read(tmp_path: Path) -> None:
    below = (
        '<div class="AdaptiveMedia-photoContainer" data-image-url="https://pbs.twimg.com/media/A.jpg">'
        '<img alt="A pot"></div>'
        '<div class="PlayableMedia PlayableMedia--gif"></div><div class="PlayableMedia PlayableMedia--video"></div>'
    )
    assert reading(tmp_path, post(1, below=below)).posts[0].media == (
        Media("image", url="https://pbs.twimg.com/media/A.jpg", alt="A pot"),
        Media("gif"),
        Media("video"),
    )


def test_a_post_passed_on_belongs_to_its_author(tmp_path: Path) -> None:
    context = '<span class="js-retweet-text"><a href="/jun" data-user-id="9"><b>Jun Park</b></a> Retweeted</span>'
    found = reading(tmp_path, post(1, own='data-retweeter="jun"', time=context))
    assert [(item.account, item.post) for item in found.reposts] == [(Ref("x", "9"), ref(1))]
    assert [(item.handle, item.name) for item in found.accounts] == [("mira", "Mira Lane"), ("jun", "Jun Park")]


def test_a_pinned_post_is_pinned_by_its_author(tmp_path: Path) -> None:
    found = reading(tmp_path, post(1, kind="user-pinned"), post(2))
    assert [(item.account, item.post) for item in found.pins] == [(Ref("x", "14"), ref(1))]


def test_a_quoted_post_is_a_post_of_its_own(tmp_path: Path) -> None:
    quoted = (
        f'<div class="QuoteTweet"><div class="QuoteTweet-innerContainer" data-item-id="{ID}" data-screen-name="jun"'
        ' data-user-id="9"><b class="QuoteTweet-fullname">Jun Park</b>'
        '<div class="QuoteTweet-text">Old</div></div></div>'
    )
    inner, outer = reading(tmp_path, post(1, below=quoted)).posts
    assert (inner.ref, inner.author, inner.text, outer.quotes) == (ref(0), Ref("x", "9"), "Old", (ref(0),))


def test_people_answered_are_mentioned(tmp_path: Path) -> None:
    assert reading(tmp_path, post(1, own='data-mentions="jun ada_k"')).posts[0].mentions == ("jun", "ada_k")


def test_advertisements_suggestions_and_what_is_gone_are_counted(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        post(1, kind="promoted-tweet"),
        f'<div class="suggested-tweet-stream-container">{post(2)}</div>',
        '<div class="ThreadedConversation-unavailableTweet">This Tweet is unavailable</div>',
        post(3),
    )
    assert found.skipped == ["advertisement", "suggested post", "unavailable post without an id"]
    assert [item.ref for item in found.posts] == [ref(3)]


def test_a_profile_s_header_is_an_account(tmp_path: Path) -> None:
    header = (
        '<div class="ProfileNav" data-user-id="14">'
        '<a class="ProfileNav-item--tweets"><span class="ProfileNav-value" data-count="1204">1.2K</span></a>'
        '<a class="ProfileNav-item--followers"><span class="ProfileNav-value" data-count="9001">9K</span></a></div>'
        '<div class="ProfileHeaderCard"><a class="ProfileHeaderCard-nameLink" href="/mira">Mira Lane</a>'
        '<a class="ProfileHeaderCard-screennameLink" href="/mira"><b>mira</b></a>'
        '<p class="ProfileHeaderCard-bio">Pots &amp; fire</p>'
        '<span class="ProfileHeaderCard-urlText"><a href="https://t.co/1" title="https://mira.example">m</a></span></div>'
    )
    account = reading(tmp_path, header, post(1)).accounts[0]
    assert (account.ref, account.name, account.bio, account.url) == (
        Ref("x", "14"),
        "Mira Lane",
        "Pots & fire",
        "https://mira.example",
    )
    assert (account.posts, account.followers, account.following) == (1204, 9001, None)


@pytest.mark.parametrize("time", ['<span data-time-ms="999999999999999">x</span>', '<span data-time="x">x</span>'])
def test_a_time_that_cannot_be_gives_way_to_the_one_in_the_id(tmp_path: Path, time: str) -> None:
    (item,) = reading(tmp_path, post(1, time=time)).posts
    assert item.created is not None
    assert (item.created.origin, item.inferred) == ("derived", ("created",))


def test_a_post_without_an_author_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    nobody = post(1).replace('data-screen-name="mira"', "").replace("/mira/status/", "/x/")
    found = reading(tmp_path, nobody, post(2))
    assert [item.ref for item in found.posts] == [ref(2)]
    assert list(found.problems) == ["post 1"]


def test_a_page_without_posts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page("<p>Sorry, that page does not exist</p>"), encoding="utf-8")
    assert not x_page_2016.recognizes(Source.from_path(path))
    with pytest.raises(DumpError, match="no post"):
        list(x_page_2016.entries(Source.from_path(path)))

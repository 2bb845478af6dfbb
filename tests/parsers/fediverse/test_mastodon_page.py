"""Pages of Mastodon: posts of this server and of others, who answers whom, and what a profile shows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from parser_reading import Reading, is_sound, read

from threadkeep.errors import DumpError
from threadkeep.parsers.fediverse import page as mastodon_page
from threadkeep.records import Link, Media, Ref
from threadkeep.sources.source import Source

NUMBER = 115156765900800000
HERE = "https://kilns.example"


def local(number: int, name: str = "mira") -> Ref:
    return Ref("mastodon", f"{HERE}/users/{name}/statuses/{NUMBER + number}")


def remote(number: int, handle: str) -> Ref:
    return Ref("mastodon", f"~{HERE}/@{handle}/{NUMBER + number}")


def names(handle: str) -> str:
    return (
        f'<span class="display-name"><bdi><strong class="display-name__html">{handle.title()}</strong></bdi>'
        f'<span class="display-name__account">@{handle}</span></span>'
    )


def post(
    number: int,
    text: str = "<p>Tea</p>",
    *,
    handle: str = "mira",
    first: bool = False,
    above: str = "",
    below: str = "",
) -> str:
    classes = "status status-public status--in-thread" + " status--first-in-thread" * first
    line = "" if first else '<div class="status__line status__line--full"></div>'
    return (
        f'<div class="status__wrapper status__wrapper-public">{above}<div class="{classes}">'
        f'{line}<a href="/@{handle}/{NUMBER + number}" class="status__relative-time">'
        f'<time datetime="2025-09-06T10:00:00.000Z">2d</time></a>'
        f'<a href="/@{handle}" class="status__display-name">{names(handle)}</a><div class="status__content">'
        f'<div class="status__content__text" lang="en">{text}</div></div>{below}</div></div>'
    )


def focal(number: int, text: str = "<p>Kilns</p>", handle: str = "mira", below: str = "") -> str:
    return (
        '<div class="detailed-status__wrapper detailed-status__wrapper-public"><div class="detailed-status">'
        f'<a href="/@{handle}" class="detailed-status__display-name">{names(f"{handle}@kilns.example")}</a>'
        f'<div class="status__content"><div class="status__content__text" lang="en">{text}</div></div>{below}'
        f'<a class="detailed-status__datetime" href="/@{handle}/{NUMBER + number}">Sep 6</a></div></div>'
    )


def page(*parts: str, url: str = f"{HERE}/@mira/{NUMBER}", head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta content="{url}" property="og:url">'
        f'<meta content="2025-09-06T09:00:00Z" property="og:published_time">{head}'
        f'<script id="initial-state" type="application/json">{{"meta":{{"domain":"kilns.example"}}}}</script></head>'
        f'<body><div id="mastodon">{"".join(parts)}</div></body></html>'
    )


def reading(folder: Path, *parts: str, url: str = f"{HERE}/@mira/{NUMBER}", head: str = "") -> Reading:
    path = folder / "page.html"
    path.write_text(page(*parts, url=url, head=head), encoding="utf-8")
    assert mastodon_page.recognizes(Source.from_path(path))
    found = read(mastodon_page, path)
    assert is_sound(found)
    return found


def test_the_real_thread_is_the_one_another_tool_found_in_it(shared: Path) -> None:
    found = read(mastodon_page, shared / "dumps" / "html-mastodon" / "defuddle_mastodon_thread.html")
    here = "https://mastodon.example"
    alice = [f"{here}/users/alice/statuses/{number}" for number in (12345678, 12345679, 12345682)]
    bob, carol = f"~{here}/@bob@other.social/12345680", f"~{here}/@carol@third.social/12345681"
    assert [(item.ref.id, item.reply_to.id if item.reply_to else None) for item in found.posts] == [
        (alice[0], None),
        (alice[1], alice[0]),
        (bob, alice[0]),
        (carol, alice[0]),
        (alice[2], carol),
        (f"{here}/users/dave/statuses/12345683", alice[0]),
    ]
    own = found.posts[0]
    assert own.created is not None
    assert own.created.instant == datetime(2026, 4, 20, 12, tzinfo=UTC)
    assert (own.counts, own.visibility) == ({"reposts": 50, "likes": 100}, "public")
    assert not found.problems


def test_posts_of_other_servers_have_no_id_but_the_number_of_this_one(tmp_path: Path) -> None:
    found = reading(tmp_path, focal(0), post(1, handle="jun@tea.test", first=True))
    assert [item.ref for item in found.posts] == [local(0), remote(1, "jun@tea.test")]
    assert [item.handle for item in found.accounts] == ["mira@kilns.example", "jun@tea.test"]


def test_the_page_s_own_post_has_the_id_its_server_gives(tmp_path: Path) -> None:
    link = f'<link href="{HERE}/ap/users/7/statuses/9" rel="alternate" type="application/activity+json">'
    found = reading(tmp_path, focal(0), post(1, first=True), head=link)
    assert found.posts[0].ref == Ref("mastodon", f"{HERE}/ap/users/7/statuses/9")
    assert found.posts[1].reply_to == found.posts[0].ref


def test_above_the_page_s_own_post_each_answers_the_one_before_it(tmp_path: Path) -> None:
    found = reading(tmp_path, post(-2, handle="jun@tea.test"), post(-1), focal(0))
    assert [item.reply_to for item in found.posts] == [None, remote(-2, "jun@tea.test"), local(-1)]
    assert [item.root for item in found.posts] == [None, remote(-2, "jun@tea.test"), remote(-2, "jun@tea.test")]
    assert [item.inferred for item in found.posts[1:]] == [("thread",), ("thread",)]


def test_below_it_each_begins_anew_or_goes_on(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        focal(0),
        post(1),
        post(2),
        post(3, handle="jun@tea.test", first=True),
        post(4),
        post(5, handle="ada@tea.test", first=True),
    )
    assert [item.reply_to for item in found.posts[1:]] == [
        local(0),
        local(1),
        local(0),
        remote(3, "jun@tea.test"),
        local(0),
    ]


def test_links_are_whole_and_mentions_have_their_server(tmp_path: Path) -> None:
    text = (
        '<p><span class="h-card"><a href="https://tea.test/@jun" class="u-url mention">@<span>jun</span></a></span> 🍵 '
        '<a href="https://a.example/leaves/oolong"><span class="invisible">https://</span>'
        '<span class="ellipsis">a.example/leaves</span><span class="invisible">/oolong</span></a><br>'
        '<a href="/tags/Tea" class="mention hashtag">#<span>Tea</span></a></p>'
    )
    (item,) = reading(tmp_path, focal(0, text)).posts
    assert item.text == "@jun 🍵 https://a.example/leaves/oolong\n#Tea"
    assert item.links == (
        Link("https://a.example/leaves/oolong", text="https://a.example/leaves/oolong", start=7, end=38),
    )
    assert (item.mentions, item.tags) == (("jun@tea.test",), ("Tea",))


def test_a_boost_belongs_to_who_is_named_above_it(tmp_path: Path) -> None:
    above = (
        '<div class="status__prepend"><i class="fa fa-retweet status__prepend-icon"></i>'
        '<a href="/@ada@tea.test" class="status__display-name"><bdi><strong>Ada</strong></bdi></a> boosted</div>'
    )
    found = reading(tmp_path, post(1, handle="jun@tea.test", above=above), url=f"{HERE}/@ada@tea.test")
    assert found.posts[0].author == Ref("mastodon", "~jun@tea.test")
    assert [(item.account, item.post) for item in found.reposts] == [
        (Ref("mastodon", "~ada@tea.test"), remote(1, "jun@tea.test"))
    ]
    assert found.posts[0].reply_to is None


def test_a_pinned_post_is_pinned_by_its_author(tmp_path: Path) -> None:
    above = '<div class="status__prepend"><i class="fa fa-thumb-tack"></i> Pinned post</div>'
    found = reading(tmp_path, post(1, above=above), post(2), url=f"{HERE}/@mira")
    assert [(item.account, item.post) for item in found.pins] == [(Ref("mastodon", "~mira@kilns.example"), local(1))]


def test_a_quoted_post_is_a_post_of_its_own(tmp_path: Path) -> None:
    quoted = f'<div class="status__quote">{post(7, "<p>Old</p>", handle="jun@tea.test")}</div>'
    found = reading(tmp_path, focal(0, below=quoted))
    assert [item.text for item in found.posts] == ["Old", "Kilns"]
    assert found.posts[1].quotes == (remote(7, "jun@tea.test"),)


def test_a_folded_post_has_its_warning_and_what_is_hidden_is_marked(tmp_path: Path) -> None:
    warning = '<div class="content-warning"><p>food</p><button>Show more</button></div>'
    shown = post(1, above=warning)
    hidden = (
        post(2, above=warning)
        .replace('<div class="status__content">', '<div class="hidden">')
        .replace("status__content__text", "none")
    )
    first, second = reading(tmp_path, focal(0), shown, hidden).posts[1:]
    assert (first.warning, first.text, "truncated" in first.inferred) == ("food", "Tea", False)
    assert (second.warning, second.text, "truncated" in second.inferred) == ("food", "", True)


def test_media_and_polls_are_read(tmp_path: Path) -> None:
    below = (
        '<div class="media-gallery"><div class="media-gallery__item"><a class="media-gallery__item-thumbnail"'
        ' href="https://f.example/original/1.png"><img src="https://f.example/small/1.png" alt="A pot"></a></div>'
        '<div class="media-gallery__item"><video src="https://f.example/2.mp4" title="A wheel"></video></div></div>'
        '<div class="poll"><label class="poll__option"><span class="poll__option__text">Clay</span></label>'
        '<label class="poll__option"><span class="poll__option__text">Glass</span></label></div>'
    )
    (item,) = reading(tmp_path, focal(0, below=below)).posts
    assert item.media == (
        Media("image", url="https://f.example/original/1.png", alt="A pot"),
        Media("gif", url="https://f.example/2.mp4", alt="A wheel"),
    )
    assert item.text == "Kilns"
    assert [option.text for option in item.poll] == ["Clay", "Glass"]


def test_media_of_pages_until_2022_are_read_from_their_json(tmp_path: Path) -> None:
    props = '{"media":[{"type":"gifv","url":"https://f.example/1.mp4","description":"A wheel"}]}'
    below = f"<div data-component='MediaGallery' data-props='{props}'></div>"
    assert reading(tmp_path, focal(0, below=below)).posts[0].media == (
        Media("gif", url="https://f.example/1.mp4", alt="A wheel"),
    )


def test_a_time_that_is_not_shown_is_derived_from_the_number(tmp_path: Path) -> None:
    number = int(datetime(2025, 9, 6, 10, tzinfo=UTC).timestamp() * 1000) << 16
    bare = post(number - NUMBER).replace('<time datetime="2025-09-06T10:00:00.000Z">2d</time>', "2d")
    (item,) = reading(tmp_path, bare, url=f"{HERE}/@mira").posts
    assert item.created is not None
    assert (item.created.instant, item.created.origin) == (datetime(2025, 9, 6, 10, tzinfo=UTC), "derived")
    assert item.inferred == ("created",)


def test_a_profile_s_header_is_an_account(tmp_path: Path) -> None:
    header = (
        '<div class="account__header"><div class="account__header__tabs__name"><h1><span>Mira Lane</span>'
        "<small><span>@mira<span>@kilns.example</span></span></small></h1></div>"
        '<div class="account__header__content"><p>Pots &amp; fire</p></div><div class="account__header__extra__links">'
        '<a title="1,204"><b>1.2K</b> Posts</a><a title="80">80 Following</a><a title="9,001">9K</a></div></div>'
    )
    found = reading(tmp_path, header, post(1), url=f"{HERE}/@mira")
    (account,) = found.accounts
    assert (account.handle, account.name, account.bio) == ("mira@kilns.example", "Mira Lane", "Pots & fire")
    assert (account.posts, account.following, account.followers) == (1204, 80, 9001)


def test_what_a_page_hides_is_counted(tmp_path: Path) -> None:
    hidden = '<div class="status__wrapper"><button>Filtered: eels. Show anyway</button></div>'
    found = reading(tmp_path, post(1), hidden, url=f"{HERE}/@mira")
    assert found.skipped == ["post hidden by a filter"]


def test_a_post_without_an_author_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    nobody = post(1).replace("display-name", "nothing").replace("@mira", "")
    found = reading(tmp_path, nobody, post(2), url=f"{HERE}/@mira")
    assert [item.ref for item in found.posts] == [local(2)]
    assert list(found.problems) == ["post 1"]


@pytest.mark.parametrize("url", ["", "x", "/@mira/1", "https://", "http://[/@mira/1"])
def test_a_page_without_an_address_of_use_is_read_all_the_same(tmp_path: Path, url: str) -> None:
    assert reading(tmp_path, post(1), url=url).posts[0].text == "Tea"


def test_a_page_without_posts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page("<p>This server needs JavaScript</p>"), encoding="utf-8")
    assert not mastodon_page.recognizes(Source.from_path(path))
    with pytest.raises(DumpError, match="no post"):
        list(mastodon_page.entries(Source.from_path(path)))


def test_the_sample_is_one_conversation(seeds: Path) -> None:
    found = read(mastodon_page, seeds / "mastodon-page/mastodon-thread.html")
    assert is_sound(found)
    assert [item.warning for item in found.posts] == [None, None, None, None, "bird noises"]
    assert {item.root for item in found.posts[1:]} == {found.posts[0].ref}
    assert found.posts[3].reply_to == found.posts[2].ref

"""Pages of nitter: who wrote, who passed on, what is quoted, and which post a line joins to the one above it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from parser_reading import Reading, is_sound, read

from threadkeep.errors import DumpError
from threadkeep.parsers.x import nitter as nitter_page
from threadkeep.parsers.x._nitter_post import parse_time
from threadkeep.records import Link, Media, Ref
from threadkeep.sources.source import Source

ID = 1750000000000000000


def name(handle: str, full: str) -> str:
    return (
        f'<a class="fullname" href="/{handle}" title="{full}">{full}</a>'
        f'<a class="username" href="/{handle}" title="@{handle}">@{handle}</a>'
    )


def date(number: int, handle: str, title: str = "Jan 24, 2024 · 3:31 AM UTC") -> str:
    return f'<span class="tweet-date"><a href="/{handle}/status/{ID + number}#m" title="{title}">Jan 24</a></span>'


def post(
    number: int, text: str = "Tea", *, handle: str = "mira", above: str = "", below: str = "", answers: str = ""
) -> str:
    said = f'<div class="replying-to">Replying to <a href="/{answers}">@{answers}</a></div>' if answers else ""
    return (
        f'<div class="timeline-item "><a class="tweet-link" href="/{handle}/status/{ID + number}#m"></a>'
        f'<div class="tweet-body"><div>{above}<div class="tweet-header">{name(handle, handle.title())}'
        f"{date(number, handle)}</div></div>{said}"
        f'<div class="tweet-content media-body" dir="auto">{text}</div>{below}</div></div>'
    )


def page(*parts: str, title: str = "") -> str:
    head = f'<meta property="og:title" content="{title}" />' if title else ""
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body><div class=container>{''.join(parts)}</div></body></html>"


def reading(folder: Path, *parts: str, title: str = "") -> Reading:
    path = folder / "page.html"
    path.write_text(page(*parts, title=title), encoding="utf-8")
    assert nitter_page.recognizes(Source.from_path(path))
    found = read(nitter_page, path)
    assert is_sound(found)
    return found


def ref(number: int) -> Ref:
    return Ref("x", str(ID + number))


def test_the_real_profile_has_what_was_counted_on_it(shared: Path) -> None:
    found = read(nitter_page, shared / "dumps" / "html-nitter" / "nitter_scraper_profile_2020.html")
    quoting = [item for item in found.posts if item.quotes]
    assert (len(found.reposts), len(found.pins), len(quoting)) == (16, 1, 3)
    assert len(found.posts) == 20 + 3
    assert all(item.created is not None and item.created.origin == "stated" for item in found.posts)
    assert found.skipped == ["unavailable post without an id", "link to more posts"]
    assert not found.problems
    assert {item.account for item in found.reposts} == {Ref("x", "~dgnsrekt")}
    owner = found.accounts[0]
    assert (owner.handle, owner.bio) == ("DGNSREKT", "TOO THE MOON!!!")
    assert is_sound(found)


@pytest.mark.parametrize(
    ("title", "instant"),
    [
        ("27/4/2019, 05:45:08", "2019-04-27T05:45:08+00:00"),
        ("Jul 27, 2026 · 9:09 AM UTC", "2026-07-27T09:09:00+00:00"),
        ("Jul 27, 2026 · 12:09 AM UTC", "2026-07-27T00:09:00+00:00"),
        ("Jul 27, 2026 · 12:09 PM UTC", "2026-07-27T12:09:00+00:00"),
        ("Jan 1, 2024 · 11:59 PM UTC", "2024-01-01T23:59:00+00:00"),
        (None, None),
    ],
)
def test_dates_are_read_in_both_forms(title: str | None, instant: str | None) -> None:
    assert parse_time(title) == instant


@pytest.mark.parametrize(
    "title", ["yesterday", "31/2/2020, 10:00:00", "Foo 1, 2024 · 1:00 AM UTC", "٣/٤/٢٠٢٠, ٠١:٠٠:٠٠"]
)
def test_a_date_of_no_known_form_is_a_problem(title: str) -> None:
    with pytest.raises(ValueError, match=r"time|day|month"):
        parse_time(title)


def test_a_repost_belongs_to_who_is_named_above_it(tmp_path: Path) -> None:
    header = '<div class="retweet-header"><span><div><span></span> Ada K retweeted</div></span></div>'
    found = reading(tmp_path, post(1, handle="jun", above=header), title="Ada K (@ada_k)")
    assert found.posts[0].author == Ref("x", "~jun")
    assert [(item.account, item.post) for item in found.reposts] == [(Ref("x", "~ada_k"), ref(1))]


def test_who_reposted_is_found_by_a_name_that_the_page_links(tmp_path: Path) -> None:
    header = '<div class="retweet-header">Mira retweeted</div>'
    found = reading(tmp_path, post(1), post(2, handle="jun", above=header))
    assert found.reposts[0].account == Ref("x", "~mira")


def test_a_quoted_post_is_a_post_of_its_own(tmp_path: Path) -> None:
    quote = (
        f'<div class="quote quote-big"><a class="quote-link" href="/jun/status/{ID - 5}#m"></a>{name("jun", "Jun")}'
        f'{date(-5, "jun")}<div class="quote-text">Old <a href="/search?q=%23tea">#tea</a></div></div>'
    )
    found = reading(tmp_path, post(1, "Look:", below=quote))
    quoted, quoting = found.posts
    assert (quoted.text, quoted.author, quoted.tags) == ("Old #tea", Ref("x", "~jun"), ("tea",))
    assert (quoting.text, quoting.quotes, quoting.tags) == ("Look:", (ref(-5),), ())


def test_a_quoted_post_that_is_gone_is_a_gap_where_a_link_names_it(tmp_path: Path) -> None:
    words = "This tweet was deleted"
    gone = f'<div class="quote unavailable"><a class="unavailable-quote" href="/jun/status/{ID}">{words}</a></div>'
    found = reading(tmp_path, post(1, below=gone), post(2, below=gone.replace(f' href="/jun/status/{ID}"', "")))
    assert found.gaps == {str(ID): "deleted"}
    assert [item.quotes for item in found.posts] == [(ref(0),), ()]
    assert found.skipped == ["unavailable post without an id"]


def test_a_quoted_post_that_nothing_names_costs_only_itself(tmp_path: Path) -> None:
    quote = '<div class="quote quote-big"><div class="quote-text">Old tea</div></div>'
    found = reading(tmp_path, post(1, "Look:", below=quote))
    assert [(item.text, item.quotes) for item in found.posts] == [("Look:", ())]
    assert found.skipped == ["quoted post without a link or an author"]


def test_a_line_joins_posts(tmp_path: Path) -> None:
    found = reading(tmp_path, '<div class="thread-line">', post(1), post(2), "</div>", post(3))
    assert [item.reply_to for item in found.posts] == [None, ref(1), None]
    assert [item.inferred for item in found.posts] == [(), ("thread",), ()]


def conversation(*replies: str) -> tuple[str, ...]:
    return (
        f'<div class="conversation"><div class="main-thread"><div class="before-tweet thread-line">{post(1)}</div>',
        f'<div id="m" class="main-tweet">{post(2)}</div>',
        f'<div class="after-tweet thread-line">{post(3)}{post(4)}</div></div>',
        '<div class="replies">',
        *(f'<div class="reply thread thread-line">{reply}</div>' for reply in replies),
        "</div></div>",
    )


def test_on_the_page_of_a_post_each_answers_the_one_above_it(tmp_path: Path) -> None:
    found = reading(tmp_path, *conversation())
    assert [item.reply_to for item in found.posts] == [None, ref(1), ref(2), ref(3)]
    assert [item.root for item in found.posts] == [None, ref(1), ref(1), ref(1)]


def test_replies_answer_the_page_s_own_post_only_where_they_say_so(tmp_path: Path) -> None:
    replies = (
        post(5, handle="jun", answers="mira") + post(6, answers="jun"),
        post(7, handle="ada", answers="tomas"),
    )
    found = reading(tmp_path, *conversation(*replies))
    assert [item.reply_to for item in found.posts[4:]] == [ref(2), ref(5), None]
    assert [item.root for item in found.posts[4:]] == [ref(1)] * 3
    assert found.posts[6].mentions == ("tomas",)


def test_the_root_stays_open_where_the_first_post_answers_one_not_shown(tmp_path: Path) -> None:
    found = reading(tmp_path, f'<div class="main-tweet">{post(2, answers="jun")}</div>')
    assert (found.posts[0].reply_to, found.posts[0].root, found.posts[0].mentions) == (None, None, ("jun",))


def test_links_lead_to_what_is_behind_them_and_to_x_instead_of_the_instance(tmp_path: Path) -> None:
    text = (
        '🧵 <a href="https://a.example/long?x=1&amp;y=2">a.example/lo…</a> &amp; '
        '<a href="/jun/status/1700000000000000000">nitter.test/jun/status/17…</a>'
    )
    assert reading(tmp_path, post(1, text)).posts[0].links == (
        Link("https://a.example/long?x=1&y=2", text="a.example/lo…", start=2, end=15),
        Link("https://x.com/jun/status/1700000000000000000", text="nitter.test/jun/status/17…", start=18, end=44),
    )


@pytest.mark.parametrize(
    ("markup", "media"),
    [
        (
            '<a class="still-image" href="/pic/orig/media%2FEd0.jpg"><img src="/pic/media%2FEd0.jpg" alt="A kiln"></a>',
            Media("image", url="https://pbs.twimg.com/media/Ed0.jpg", alt="A kiln"),
        ),
        (
            '<a class="still-image" href="/pic/media%2FEd0.jpg%3Fname%3Dorig"><img src="x" alt=""></a>',
            Media("image", url="https://pbs.twimg.com/media/Ed0.jpg"),
        ),
        (
            '<a class="still-image" href="/pic/media%2FEd0.jpg"><img src="x"><p class="alt-text">ALT A kiln</p></a>',
            Media("image", url="https://pbs.twimg.com/media/Ed0.jpg", alt="A kiln"),
        ),
        (
            '<video class="gif" data-url="/pic/video.twimg.com%2Ftweet_video%2FEd1.mp4"></video>',
            Media("gif", url="https://video.twimg.com/tweet_video/Ed1.mp4"),
        ),
        (
            '<video data-url="/video/0A1B/https%3A%2F%2Fvideo.twimg.com%2Fa.m3u8"></video>',
            Media("video", url="https://video.twimg.com/a.m3u8"),
        ),
    ],
)
def test_media_have_the_addresses_x_gave_them(tmp_path: Path, markup: str, media: Media) -> None:
    found = reading(tmp_path, post(1, below=f'<div class="attachment image">{markup}</div>'))
    assert found.posts[0].media == (media,)


def test_only_counts_that_are_written_out_are_kept(tmp_path: Path) -> None:
    stats = "".join(
        f'<span class="tweet-stat"><div class="icon-container"><span class="icon-{icon}"></span> {shown}</div></span>'
        for icon, shown in [("comment", "3"), ("retweet", "1,204"), ("heart", "12.5K"), ("quote", "")]
    )
    assert reading(tmp_path, post(1, below=stats)).posts[0].counts == {"replies": 3, "reposts": 1204}


def test_a_profile_s_card_and_its_pin_are_read(seeds: Path) -> None:
    found = read(nitter_page, seeds / "nitter-page/nitter-profile.html")
    owner = found.accounts[0]
    assert (owner.name, owner.followers, owner.following, owner.posts) == ("Lena Marl", 18077, 312, 4120)
    assert owner.bio == "Tide tables & salt marshes.\nMornings with @saltmarsh_lab"
    assert [item.post for item in found.pins] == [found.posts[0].ref]
    assert found.posts[0].created is not None
    assert found.posts[0].created.instant == datetime(2026, 3, 2, 9, 41, tzinfo=UTC)


def test_a_post_without_a_link_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    broken = post(1).replace(str(ID + 1), "")
    found = reading(tmp_path, broken, post(2))
    assert [item.ref for item in found.posts] == [ref(2)]
    assert list(found.problems) == ["post 1"]


def test_a_post_that_never_ends_does_not_swallow_the_next(tmp_path: Path) -> None:
    found = reading(tmp_path, post(1).removesuffix("</div></div>"), post(2))
    assert [item.text for item in found.posts] == ["Tea", "Tea"]


def test_a_page_with_nothing_on_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page("<script>'timeline-item'</script><p>Nothing here</p>"), encoding="utf-8")
    assert not nitter_page.recognizes(Source.from_path(path))
    with pytest.raises(DumpError, match="no post"):
        list(nitter_page.entries(Source.from_path(path)))

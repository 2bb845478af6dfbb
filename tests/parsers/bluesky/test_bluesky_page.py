"""Pages of bsky.app: ids from portraits and links, who answers whom by the lines drawn, and what a feed says."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from parser_reading import Reading, is_sound, read

from threadkeep.errors import DumpError
from threadkeep.parsers.bluesky import page as bluesky_page
from threadkeep.records import Link, Media, Ref
from threadkeep.sources.source import Source

MIRA, JUN = "mira.example.com", "jun.example.org"
DIDS = {MIRA: "did:plc:miralane", JUN: "did:plc:junpark"}
KEYS = ["3mdxunig4sk2a", "3mdxunig4sk2b", "3mdxunig4sk2c", "3mdxunig4sk2d"]


def ref(key: int, handle: str = MIRA) -> Ref:
    return Ref("bluesky", f"at://{DIDS.get(handle, handle)}/app.bsky.feed.post/{KEYS[key]}")


def portrait(handle: str) -> str:
    source = (
        f"https://cdn.bsky.app/img/avatar_thumbnail/plain/{DIDS[handle]}/bafa@jpeg" if handle in DIDS else "./a.jpg"
    )
    return f'<a href="/profile/{handle}"><div data-testid="userAvatarImage"><img src="{source}"></div></a>'


def names(handle: str) -> str:
    link = f'<a href="/profile/{handle}">'
    return f"{link}\u202a{handle.partition('.')[0].title()}\u202c</a>{link}&nbsp;@{handle}</a>"


def post(
    key: int | None,
    text: str = "Tea",
    *,
    handle: str = MIRA,
    where: str = "postThreadItem",
    line: str | None = None,
    above: str = "",
    below: str = "",
) -> str:
    """``line``: whether a line leads up from the post to the one above it; None for the page's own post."""
    drawn = '<div style="width: 2px"></div>' if line else ""
    top = f'<div style="height: 12px;"><div style="width: 42px;">{drawn}</div></div>' if line is not None else ""
    link = f'<a href="/profile/{handle}/post/{KEYS[key]}" data-tooltip="x">18h</a>' if key is not None else ""
    return (
        f'<div data-testid="{where}-by-{handle}">{top}{above}{portrait(handle)}{names(handle)}{link}'
        f'<div data-word-wrap="1">{text}</div>{below}</div>'
    )


def page(*parts: str, key: int | None = None, head: str = "") -> str:
    if key is not None:
        head += f'<link rel="canonical" href="https://bsky.app/profile/{MIRA}/post/{KEYS[key]}">'
    return (
        f'<!DOCTYPE html><html><head><title>Bluesky</title><meta name="application-name" content="Bluesky">{head}'
        f'</head><body><div id="root">{"".join(parts)}</div></body></html>'
    )


def reading(folder: Path, *parts: str, key: int | None = None, head: str = "") -> Reading:
    path = folder / "page.html"
    path.write_text(page(*parts, key=key, head=head), encoding="utf-8")
    assert bluesky_page.recognizes(Source.from_path(path))
    found = read(bluesky_page, path)
    assert is_sound(found)
    return found


def test_ids_come_from_portraits_and_links(tmp_path: Path) -> None:
    found = reading(tmp_path, post(0, where="feedItem"), post(1, handle="ada.example.net", where="feedItem"))
    assert [item.ref for item in found.posts] == [ref(0), ref(1, "ada.example.net")]
    assert [(item.ref.id, item.handle, item.name) for item in found.accounts] == [
        (DIDS[MIRA], MIRA, "Mira"),
        ("~ada.example.net", "ada.example.net", "Ada"),
    ]


def test_the_page_s_own_post_has_the_id_and_the_time_of_the_head(tmp_path: Path) -> None:
    uri = f"at://did:plc:another/app.bsky.feed.post/{KEYS[0]}"
    head = f'<link rel="alternate" href="{uri}"><meta name="twitter:value1" content="2026-02-03T17:20:11.402Z">'
    (item,) = reading(tmp_path, post(None), key=0, head=head).posts
    assert item.ref == Ref("bluesky", uri)
    assert item.created is not None
    assert (item.created.instant.replace(microsecond=0), item.created.origin) == (
        datetime(2026, 2, 3, 17, 20, 11, tzinfo=UTC),
        "stated",
    )


def test_the_key_dates_the_other_posts(tmp_path: Path) -> None:
    (item,) = reading(tmp_path, post(0, where="feedItem")).posts
    assert item.created is not None
    assert (item.created.instant.year, item.created.origin, item.inferred) == (2026, "derived", ("created",))


def test_above_the_page_s_own_post_each_answers_the_one_before_it(tmp_path: Path) -> None:
    found = reading(tmp_path, post(0, handle=JUN, line=""), post(1, line="up"), post(None), key=2)
    assert [item.reply_to for item in found.posts] == [None, ref(0, JUN), ref(1)]
    assert {item.root for item in found.posts[1:]} == {ref(0, JUN)}


def test_below_it_lines_say_who_answers_whom(tmp_path: Path) -> None:
    found = reading(
        tmp_path, post(None), post(1, handle=JUN, line=""), post(2, line="up"), post(3, handle=JUN, line=""), key=0
    )
    assert [item.reply_to for item in found.posts] == [None, ref(0), ref(1, JUN), ref(0)]


def test_a_gap_between_posts_of_a_feed_breaks_the_line(tmp_path: Path) -> None:
    more = f'<a href="/profile/{MIRA}/post/{KEYS[0]}">View full thread</a>'
    line = '<div style="gap: 10px; padding-left: 8px;"><div style="width: 42px;"><div></div></div></div>'
    found = reading(
        tmp_path,
        post(0, where="feedItem"),
        more,
        post(2, where="feedItem", above=line),
        post(3, where="feedItem", above=line),
    )
    assert [item.reply_to for item in found.posts] == [None, None, ref(2)]


def test_text_links_mentions_and_tags_are_read(tmp_path: Path) -> None:
    text = (
        'One\n\nby <a href="/profile/did:plc:ada">@ada.example.net</a>: '
        '<a href="https://go.bsky.app/redirect?u=https%3A%2F%2Fa.example%2Fx">a.example/x</a> '
        '<a href="/hashtag/Celadon">#Celadon</a>'
    )
    (item,) = reading(tmp_path, post(0, text, where="feedItem")).posts
    assert item.text == "One\n\nby @ada.example.net: a.example/x #Celadon"
    assert item.links == (Link("https://a.example/x", text="a.example/x", start=26, end=37),)
    assert (item.mentions, item.tags) == (("ada.example.net",), ("Celadon",))


@pytest.mark.parametrize(
    ("below", "media"),
    [
        (
            '<img alt="A cup" src="https://cdn.bsky.app/img/feed_thumbnail/plain/did:plc:a/bafb@jpeg">',
            Media("image", url="https://cdn.bsky.app/img/feed_fullsize/plain/did:plc:a/bafb", alt="A cup"),
        ),
        ('<img alt="A cup" src="./page_files/b.jpg">', Media("image", alt="A cup")),
        (
            '<video aria-label="A wheel" src="https://t.gifs.bsky.app/a.mp4"></video>',
            Media("gif", url="https://t.gifs.bsky.app/a.mp4", alt="A wheel"),
        ),
        ('<video src="blob:https://bsky.app/1"></video>', Media("video")),
    ],
)
def test_media_are_read(tmp_path: Path, below: str, media: Media) -> None:
    assert reading(tmp_path, post(0, where="feedItem", below=below)).posts[0].media == (media,)


def test_a_link_card_has_its_title(tmp_path: Path) -> None:
    card = '<a href="https://a.example/x" aria-label="Celadon"><img src="https://cdn.bsky.app/img/x/b@jpeg"></a>'
    (item,) = reading(tmp_path, post(0, where="feedItem", below=card)).posts
    assert (item.links, item.media) == ((Link("https://a.example/x", title="Celadon"),), ())


def test_a_quoted_post_is_a_post_of_its_own(tmp_path: Path) -> None:
    link = f'<a href="/profile/{JUN}/post/{KEYS[1]}">2d</a>'
    quoted = f'<div role="link">{portrait(JUN)}{names(JUN)}{link}<div data-word-wrap="1">Old</div></div>'
    inner, outer = reading(tmp_path, post(0, where="feedItem", below=quoted)).posts
    assert (inner.ref, inner.text, inner.author) == (ref(1, JUN), "Old", Ref("bluesky", DIDS[JUN]))
    assert (outer.text, outer.quotes) == ("Tea", (inner.ref,))


def test_counts_are_exact_where_the_page_rounds(tmp_path: Path) -> None:
    below = (
        '<button data-testid="replyBtn" aria-label="Reply (94 replies)"></button>'
        '<button data-testid="likeBtn" aria-label="Like (3,108 likes)"><div>3.1K</div></button>'
        '<div data-testid="repostCount-expanded"><span>1.2K</span> reposts</div>'
        '<div data-testid="quoteCount-expanded"><span>46</span> quotes</div>'
    )
    assert reading(tmp_path, post(0, below=below)).posts[0].counts == {"replies": 94, "likes": 3108, "quotes": 46}


def test_a_repost_belongs_to_who_is_named_above_it(tmp_path: Path) -> None:
    above = f'<a href="/profile/{JUN}">Reposted by \u202aJun Park\u202c</a>'
    found = reading(tmp_path, post(0, where="feedItem", above=above), post(1, handle=JUN, where="feedItem"))
    assert [(item.account, item.post) for item in found.reposts] == [(Ref("bluesky", DIDS[JUN]), ref(0))]
    assert found.posts[0].author == Ref("bluesky", DIDS[MIRA])


def test_a_pinned_post_is_pinned_by_its_author(tmp_path: Path) -> None:
    found = reading(tmp_path, post(0, where="feedItem", above="<div>Pinned</div>"), post(1, where="feedItem"))
    assert [(item.account, item.post) for item in found.pins] == [(Ref("bluesky", DIDS[MIRA]), ref(0))]


def test_a_profile_s_header_is_an_account(tmp_path: Path) -> None:
    header = (
        '<div data-testid="profileHeaderDisplayName">Mira Lane</div>'
        f'<a data-testid="profileHeaderFollowersButton" href="/profile/{MIRA}/followers" aria-label="1,204"></a>'
        f'<a data-testid="profileHeaderFollowsButton" href="/profile/{MIRA}/follows" aria-label="1.2K following"></a>'
        '<div data-testid="profileHeaderDescription">Pots\nand fire</div>'
    )
    account = reading(tmp_path, header, post(0, where="feedItem")).accounts[0]
    assert (account.ref, account.name, account.bio) == (Ref("bluesky", DIDS[MIRA]), "Mira Lane", "Pots\nand fire")
    assert (account.followers, account.following) == (1204, None)


def test_a_post_without_a_key_is_named_after_its_author_and_text(tmp_path: Path) -> None:
    (item,) = reading(tmp_path, post(None, where="feedItem")).posts
    assert (item.ref.is_native, item.url) == (False, None)


def test_a_page_without_posts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page("<p>Post not found</p>"), encoding="utf-8")
    assert not bluesky_page.recognizes(Source.from_path(path))
    with pytest.raises(DumpError, match="no post"):
        list(bluesky_page.entries(Source.from_path(path)))

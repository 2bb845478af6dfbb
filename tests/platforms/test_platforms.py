"""Addresses of posts and accounts on each network, and the times in ids."""

from datetime import UTC, datetime

import pytest

from threadkeep.platforms import bluesky, mastodon, text, web, x
from threadkeep.platforms.registry import all_platforms, permalink, platform_named, ref_of_url
from threadkeep.records import Ref

DID = "did:plc:mira"
KILNS = "https://kilns.example"


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/mira/status/1750",
        "http://x.com/mira/status/1750/",
        "https://X.com/mira/Status/1750?s=20&t=a",
        "https://x.com/mira/status/1750#m",
        "https://x.com/mira/status/1750/photo/1",
        "https://x.com/mira/status/1750/likes",
        "https://x.com/i/status/1750",
        "https://x.com/i/web/status/1750",
        "https://www.x.com/mira/status/1750",
        "https://twitter.com/mira/status/1750",
        "https://twitter.com/mira/statuses/1750",
        "https://www.twitter.com/mira/status/1750?lang=en",
        "https://mobile.twitter.com/mira/status/1750",
        "https://m.twitter.com/mira/status/1750",
        "http://mobile.twitter.com/#!/mira/statuses/1750",
        "https://twitter.com/#!/mira/status/1750",
        "https://twitter.com/mira/status/01750",
        "https://fxtwitter.com/mira/status/1750",
        "https://vxtwitter.com/mira/status/1750",
        "https://d.fxtwitter.com/mira/status/1750",
        "https://fixupx.com/mira/status/1750",
        "https://fixvx.com/mira/status/1750",
        "https://nitter.net/mira/status/1750#m",
        "https://xcancel.com/mira/status/1750#m",
    ],
)
def test_an_address_of_x_names_a_post(url: str) -> None:
    assert ref_of_url(url) == Ref("x", "1750")


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/mira",
        "https://x.com/mira/status/",
        "https://x.com/mira/status/seventeen",
        "https://x.com/mira/status/123456789012345678901",
        "https://example.com/mira/status/1750",
        "https://notx.com/mira/status/1750",
        "https://x.com.example.com/mira/status/1750",
        "https://example.com/?u=https://x.com/mira/status/1750",
        "/mira/status/1750",
        "mira/status/1750",
        "1750",
        "",
    ],
)
def test_other_addresses_name_no_post_on_x(url: str) -> None:
    assert ref_of_url(url) is None


def test_an_address_of_x_names_the_author_and_what_is_shown_of_the_post() -> None:
    assert x.parse_post_url("https://x.com/mira/status/1750?s=20") == ("mira", "1750", "")
    assert x.parse_post_url("https://twitter.com/mira/status/1750/video/1") == ("mira", "1750", "/video/1")
    assert x.parse_post_url("https://x.com/i/web/status/1750") == (None, "1750", "")
    assert x.parse_post_url("https://x.com/i/status/1750") == (None, "1750", "")
    assert x.parse_post_url("https://fxtwitter.com/mira/status/1750") is None


def test_a_link_on_a_page_names_a_post_of_x_whatever_the_host() -> None:
    assert x.parse_post_path("/mira/status/1750#m") == ("mira", "1750", "")
    assert x.parse_post_path("mira/status/1750") == ("mira", "1750", "")
    assert x.parse_post_path("/i/web/status/1750") == (None, "1750", "")
    assert x.parse_post_path("/i/status/1750/photo/1") == (None, "1750", "/photo/1")
    assert x.parse_post_path("https://nitter.test/mira/status/1750#m") == ("mira", "1750", "")
    assert x.parse_post_path("/mira/status/123456789012345678901") is None
    assert x.parse_post_path("/mira") is None


@pytest.mark.parametrize(
    ("url", "actor"),
    [
        (f"https://bsky.app/profile/{DID}/post/3k2a", DID),
        ("https://bsky.app/profile/mira.example.com/post/3k2a", "mira.example.com"),
        ("http://BSKY.app/profile/mira.example.com/post/3k2a?ref=a#b", "mira.example.com"),
        ("https://bsky.app/profile/mira.example.com/post/3k2a/liked-by", "mira.example.com"),
        ("https://fxbsky.app/profile/mira.example.com/post/3k2a", "mira.example.com"),
        (f"at://{DID}/app.bsky.feed.post/3k2a", DID),
    ],
)
def test_an_address_of_bluesky_names_a_post(url: str, actor: str) -> None:
    assert ref_of_url(url) == Ref("bluesky", f"at://{actor}/app.bsky.feed.post/3k2a")


@pytest.mark.parametrize(
    "url",
    [
        "https://bsky.app/profile/mira.example.com",
        "https://bsky.app/profile/mira.example.com/feed/3k2a",
        "https://example.com/profile/mira.example.com/post/3k2a",
        "/profile/mira.example.com/post/3k2a",
        f"at://{DID}/app.bsky.feed.like/3k2a",
        f"at://{DID}",
    ],
)
def test_other_addresses_name_no_post_on_bluesky(url: str) -> None:
    assert ref_of_url(url) is None


def test_a_link_on_a_page_of_bluesky_has_no_host() -> None:
    assert bluesky.parse_post_url("/profile/mira.example.com/post/3k2a") == ("mira.example.com", "3k2a")
    assert bluesky.split_uri(f"at://{DID}/app.bsky.feed.like/3k2a") == (DID, "app.bsky.feed.like", "3k2a")
    assert bluesky.split_uri(f"at://{DID}/app.bsky.feed.like") is None


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        (f"{KILNS}/@mira/1125", f"{KILNS}/users/mira/statuses/1125"),
        (f"{KILNS}/@mira/1125/?a=b#c", f"{KILNS}/users/mira/statuses/1125"),
        (f"{KILNS}/web/@mira/1125", f"{KILNS}/users/mira/statuses/1125"),
        (f"{KILNS}/users/mira/statuses/1125", f"{KILNS}/users/mira/statuses/1125"),
        (f"{KILNS}:3000/@mira/1125", f"{KILNS}:3000/users/mira/statuses/1125"),
        (f"{KILNS}/ap/users/7/statuses/1125", f"{KILNS}/ap/users/7/statuses/1125"),
    ],
)
def test_an_address_of_mastodon_names_a_post(url: str, id_: str) -> None:
    assert ref_of_url(url) == Ref("mastodon", id_)


@pytest.mark.parametrize(
    "url", [f"{KILNS}/@mira", f"{KILNS}/@jun@tea.example/1126", f"{KILNS}/@mira/about", f"{KILNS}/", "/@mira/1125"]
)
def test_addresses_from_which_no_id_follows_name_no_post_on_mastodon(url: str) -> None:
    assert ref_of_url(url) is None


def test_a_path_on_mastodon_names_posts_of_other_servers_and_accounts() -> None:
    assert mastodon.parse_post_path("/@jun@tea.example/1126") == ("jun", "tea.example", "1126")
    assert mastodon.parse_post_path("/@mira") is None
    assert mastodon.parse_account_path("/@mira") == ("mira", None)
    assert mastodon.parse_account_path("/users/mira/") == ("mira", None)
    assert mastodon.parse_account_path("/web/@jun@tea.example") == ("jun", "tea.example")
    assert mastodon.parse_account_path("/about") is None


@pytest.mark.parametrize(
    ("ref", "url"),
    [
        (Ref("x", "1750"), "https://x.com/i/status/1750"),
        (Ref("x", "~1f0c"), None),
        (Ref("x", "١٧٥"), None),
        (Ref("bluesky", f"at://{DID}/app.bsky.feed.post/3k2a"), f"https://bsky.app/profile/{DID}/post/3k2a"),
        (Ref("bluesky", f"at://{DID}/app.bsky.feed.like/3k2a"), None),
        (Ref("bluesky", "~1f0c"), None),
        (Ref("mastodon", f"{KILNS}/users/mira/statuses/1125"), f"{KILNS}/users/mira/statuses/1125"),
        (Ref("mastodon", "HTTPS://kilns.example"), "HTTPS://kilns.example"),
        (Ref("mastodon", f"~{KILNS}/@jun@tea.example/1126"), None),
        (Ref("web", "https://mira.example/notes"), "https://mira.example/notes"),
        (Ref("web", "javascript:alert(1)"), None),
        (Ref("text", "~1f0c"), None),
        (Ref("elsewhere", "https://a.example/1"), "https://a.example/1"),
        (Ref("elsewhere", "1"), None),
    ],
)
def test_a_post_has_an_address_where_its_id_says_it(ref: Ref, url: str | None) -> None:
    assert permalink(ref) == url


@pytest.mark.parametrize("ref", [Ref("x", "1750"), Ref("bluesky", f"at://{DID}/app.bsky.feed.post/3k2a")])
def test_a_permalink_names_its_post(ref: Ref) -> None:
    url = permalink(ref)
    assert url is not None and ref_of_url(url) == ref


def test_accounts_have_addresses() -> None:
    assert x.account_url("mira") == "https://x.com/mira"
    assert x.account_url("mi/ra") is None
    assert bluesky.account_url("mira.example.com") == "https://bsky.app/profile/mira.example.com"
    assert bluesky.account_url(DID) == f"https://bsky.app/profile/{DID}"
    assert bluesky.account_url("mira") is None
    assert mastodon.account_url("mira@kilns.example") == "https://kilns.example/@mira"
    assert mastodon.account_url("mira") is None
    assert web.account_url("https://mira.example") == "https://mira.example"
    assert text.account_url("mira") is None


def test_ids_have_times() -> None:
    found = x.time_of_id("1750000000000000000")
    assert found is not None and found.origin == "derived"
    assert found.instant == datetime(2024, 1, 24, 3, 38, 8, 84000, UTC)
    assert x.time_of_id("1750") is None and x.time_of_id("~1f0c") is None and x.time_of_id("9" * 20) is None
    found = bluesky.time_of_id(f"at://{DID}/app.bsky.feed.post/3jzfcijpj2z2a")
    assert found is not None and found == bluesky.time_of_id("3jzfcijpj2z2a")
    assert found.instant == datetime(2023, 6, 30, 15, 3, 1, 887007, UTC)
    assert bluesky.time_of_id("3k2a") is None and bluesky.time_of_id("zzzzzzzzzzzzz") is None
    found = mastodon.time_of_id(f"{KILNS}/users/mira/statuses/112500000000000000")
    assert found is not None and found.instant.date().isoformat() == "2024-05-25"
    assert mastodon.time_of_id("1125") is None and mastodon.time_of_id("9" * 30) is None
    assert web.time_of_id("1750000000000000000") is None and text.time_of_id("1750000000000000000") is None


def test_networks_go_by_name_and_alias() -> None:
    assert [platform.NAME for platform in all_platforms()] == [
        "x",
        "bluesky",
        "mastodon",
        "threads",
        "linkedin",
        "web",
        "text",
    ]
    assert platform_named("Twitter") is x
    assert platform_named("bsky") is bluesky
    assert platform_named("activitypub") is mastodon
    assert platform_named("usenet") is None


def test_addresses_of_threads_and_linkedin() -> None:
    code = Ref("threads", "C8xyz_1AbCd")
    assert ref_of_url("https://www.threads.net/@kiln.notes/post/C8xyz_1AbCd?hl=en") == code
    assert ref_of_url("https://www.threads.com/t/C8xyz_1AbCd") == code
    assert permalink(code) == "https://www.threads.com/t/C8xyz_1AbCd"
    assert permalink(Ref("threads", "~1f0c")) is None
    urn = Ref("linkedin", "urn:li:activity:7100000000000000000")
    assert ref_of_url("https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7100000000000000000/") == urn
    assert ref_of_url("https://de.linkedin.com/posts/mira_clay-sundays-activity-7100000000000000000-Ab1c?x=1") == urn
    assert permalink(urn) == "https://www.linkedin.com/feed/update/urn:li:activity:7100000000000000000/"
    assert ref_of_url("https://www.linkedin.com/in/mira/") is None

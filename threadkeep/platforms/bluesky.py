"""Bluesky: addresses of posts and accounts, and the time in a record key.

https://bsky.app/profile/mira.example.com/post/3k2a         -> bluesky:at://mira.example.com/app.bsky.feed.post/3k2a
bluesky:at://did:plc:mira/app.bsky.feed.post/3k2a           -> https://bsky.app/profile/did:plc:mira/post/3k2a
3jzfcijpj2z2a                                               -> 2023-06-30T15:03:01.887007Z

Patterns stay text and are compiled at their first use, so that a search does not wait for them.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qs, quote

from threadkeep.records import Ref, When

NAME = "bluesky"
ALIASES: tuple[str, ...] = ("bsky",)

SITE = "https://bsky.app"
POST = "app.bsky.feed.post"
"""The collection of a repository that holds its posts."""

_POST_URL = r"(?:https?://(?:(?:www|main|staging)\.)?(?:bsky|fxbsky|bskyx)\.app)?/profile/([^/?#\s]+)/post/([^/?#\s]+)"
"""fxbsky.app and bskyx.app show Bluesky's posts under its own paths."""
_URI = r"at://([^/?#\s]+)/([^/?#\s]+)/([^/?#\s]+)"
_ACCOUNT_URL = r"(?:https://bsky\.app)?/profile/([^/?#\s]{3,300})/?(?:[?#].*)?"
_ACTOR = r"did:[a-z]+:[\w.:%-]+|[\w-]+(?:\.[\w-]+)+"

_RECORD_PAGES = {
    "app.bsky.feed.generator": "/profile/{}/feed/{}",
    "app.bsky.graph.list": "/profile/{}/lists/{}",
    "app.bsky.graph.starterpack": "/starter-pack/{}/{}",
    "app.bsky.labeler.service": "/profile/{}",
}
"""The pages of records that are not posts, by collection."""

_REDIRECT = "https://go.bsky.app/redirect?"

_TID_LETTERS = {letter: value for value, letter in enumerate("234567abcdefghijklmnopqrstuvwxyz")}
_TID_LENGTH = 13
_TID_FIRST_LETTERS = "234567abcdefghij"
"""The highest of a TID's 64 bits is 0."""
_TID_YEARS = range(2022, 2100)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PostAddress(NamedTuple):
    """The post an address names: the handle or DID of its author, and its record key."""

    actor: str
    rkey: str

    @property
    def uri(self) -> str:
        """``at://did:plc:mira/app.bsky.feed.post/3k2a``."""
        return f"at://{self.actor}/{POST}/{self.rkey}"


def parse_post_url(href: str) -> PostAddress | None:
    """The post that an address names, or a link on a page of bsky.app without its host; None for anything else."""
    match = re.match(_POST_URL, href, re.I)
    return PostAddress(match[1], match[2]) if match else None


def split_uri(uri: str) -> tuple[str, str, str] | None:
    """``at://did:plc:mira/app.bsky.feed.post/3k2a`` -> its DID or handle, its collection, its record key."""
    match = re.fullmatch(_URI, uri)
    return (match[1], match[2], match[3]) if match else None


def ref_of_url(url: str) -> Ref | None:
    """The post at an address of bsky.app or an ``at://`` address; None for anything else.

    Where the address names the author by handle, so does the id: an archive holds that post under the author's DID.
    """
    if (parts := split_uri(url)) is not None:
        return Ref(NAME, url) if parts[1] == POST else None
    found = parse_post_url(url) if "://" in url else None
    return Ref(NAME, found.uri) if found else None


def permalink(ref: Ref) -> str | None:
    """``bluesky:at://did:plc:mira/app.bsky.feed.post/3k2a`` -> its page on bsky.app; None for other ids."""
    match = re.fullmatch(rf"at://([^/\s]+)/{re.escape(POST)}/([^/\s]+)", ref.id)
    return post_url(match[1], match[2]) if match else None


def post_url(actor: str, rkey: str) -> str:
    """The page of a post on bsky.app, by the handle or DID of its author and its record key."""
    return f"{SITE}/profile/{actor}/post/{rkey}"


def account_url(handle: str) -> str | None:
    """The page of an account, by handle or DID; None for what is neither."""
    return f"{SITE}/profile/{handle}" if re.fullmatch(_ACTOR, handle) else None


def parse_account_url(href: str) -> str | None:
    """The handle or DID in the address of a profile, with or without its host; None for anything else."""
    match = re.fullmatch(_ACCOUNT_URL, href, re.S)
    return match[1] if match else None


def record_url(uri: str) -> str | None:
    """The page of a feed, list, starter pack or labeler by its ``at://`` address; None for other records."""
    parts = split_uri(uri)
    page = _RECORD_PAGES.get(parts[1]) if parts else None
    return f"{SITE}{page.format(parts[0], parts[2])}" if page and parts else None


def image_url(did: str, cid: str) -> str:
    """The address of a picture by the DID of its author and the CID of the file."""
    return f"https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}"


def video_url(did: str, cid: str) -> str:
    """The address of a video's playlist by the DID of its author and the CID of the file."""
    return f"https://video.bsky.app/watch/{quote(did, safe='')}/{cid}/playlist.m3u8"


def resolve_redirect(url: str) -> str | None:
    """``https://go.bsky.app/redirect?u=https%3A%2F%2Fa.example`` -> ``https://a.example``; other addresses unchanged.

    None for a redirect that names no target.
    """
    if not url.startswith(_REDIRECT):
        return url
    return parse_qs(url.removeprefix(_REDIRECT).partition("#")[0]).get("u", [""])[0] or None


def tid_time(rkey: str) -> datetime | None:
    """When a record was created, if its key is a TID: its first 53 bits are microseconds since 1970."""
    if len(rkey) != _TID_LENGTH or rkey[0] not in _TID_FIRST_LETTERS:
        return None
    number = 0
    for letter in rkey:
        value = _TID_LETTERS.get(letter)
        if value is None:
            return None
        number = number << 5 | value
    moment = _EPOCH + timedelta(microseconds=number >> 10)
    return moment if moment.year in _TID_YEARS else None


def time_of_id(id_: str) -> When | None:
    """The time in the id of a post, an ``at://`` address or its record key; None where it has none."""
    moment = tid_time(id_.rpartition("/")[2])
    return None if moment is None else When(moment, origin="derived")

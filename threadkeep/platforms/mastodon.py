"""Mastodon and the rest of the fediverse: addresses of posts and accounts, and the time in a status's number.

https://kilns.example/@mira/1125                    -> mastodon:https://kilns.example/users/mira/statuses/1125
https://kilns.example/users/mira/statuses/1125      -> the same
mira@kilns.example                                  -> https://kilns.example/@mira

A post's id is the address that ActivityPub calls it by, so it is its permalink too. A server shows posts of other
servers under numbers of its own (``/@jun@tea.example/1126``), which are not ids.
Patterns stay text and are compiled at their first use, so that a search does not wait for them.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from threadkeep.records import Ref, When

NAME = "mastodon"
ALIASES: tuple[str, ...] = ("fediverse", "activitypub")

_LOCAL = r"/(?:web/)?@([\w.-]{1,100})(?:@([\w.:-]{1,253}))?/(\d{1,30})/?"
_OBJECT = r"/users/([\w.-]{1,100})/statuses/(\d{1,30})/?"
_NUMBERED = r"/ap/users/\d{1,30}/statuses/\d{1,30}"
"""Ids of servers that keep the handle out of them, since Mastodon 4.5."""
_ACCOUNT = r"/(?:web/)?(?:@|users/)([\w.-]{1,100})(?:@([\w.:-]{1,253}))?/?"
_URL = r"(https?://[^/?#\s@]{1,260})(/[^?#\s]*)"
_HANDLE = r"@?([\w.-]{1,100})@([\w.:-]{1,253})"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS = range(2016, 2100)
"""Mastodon began in 2016."""


class PostPath(NamedTuple):
    """The post that the path of an address names; ``host`` where the server shows a post of another one."""

    name: str
    host: str | None
    number: str


def parse_post_path(path: str) -> PostPath | None:
    """``/@mira/1125``, ``/users/mira/statuses/1125`` -> mira, 1125; None for anything else."""
    if (local := re.fullmatch(_LOCAL, path, re.A)) is not None:
        return PostPath(local[1], local[2], local[3])
    object_ = re.fullmatch(_OBJECT, path, re.A)
    return PostPath(object_[1], None, object_[2]) if object_ else None


def parse_account_path(path: str) -> tuple[str, str | None] | None:
    """``/@mira``, ``/users/mira``, ``/@jun@tea.example`` -> the name and, where it is shown, the server."""
    match = re.fullmatch(_ACCOUNT, path, re.A)
    return (match[1], match[2]) if match else None


def post_id(base: str, name: str, number: str) -> str:
    """The id of a server's own post: ``https://kilns.example``, mira, 1125 -> ``…/users/mira/statuses/1125``."""
    return f"{base}/users/{name}/statuses/{number}"


def ref_of_url(url: str) -> Ref | None:
    """The post at an address of its own server; None for anything else, and where its id cannot be known."""
    parts = re.match(_URL, url, re.I)
    if parts is None:
        return None
    base, path = parts[1], parts[2]
    if re.fullmatch(_NUMBERED, path, re.A):
        return Ref(NAME, base + path)
    post = parse_post_path(path)
    return Ref(NAME, post_id(base, post.name, post.number)) if post and post.host is None else None


def permalink(ref: Ref) -> str | None:
    """The id itself where it is a web address; None for ids that are not."""
    return ref.id if re.match(_URL, ref.id, re.I) else None


def account_url(handle: str) -> str | None:
    """``mira@kilns.example`` -> ``https://kilns.example/@mira``; None for a name without its server."""
    match = re.fullmatch(_HANDLE, handle, re.A)
    return f"https://{match[2]}/@{match[1]}" if match else None


def snowflake_time(number: str) -> datetime | None:
    """When the status with this number was created, to the millisecond; None for years Mastodon did not exist in.

    Raises ValueError where ``number`` is not one.
    """
    try:
        moment = _EPOCH + timedelta(milliseconds=int(number) >> 16)
    except OverflowError:
        return None
    return moment if moment.year in _YEARS else None


def time_of_id(id_: str) -> When | None:
    """The time in the id of a post, by the number that it ends with; None where it has none."""
    number = id_.rstrip("/").rpartition("/")[2]
    if not (number.isascii() and number.isdigit()):
        return None
    moment = snowflake_time(number)
    return None if moment is None else When(moment, origin="derived")

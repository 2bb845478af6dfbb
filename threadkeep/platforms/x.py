"""X (Twitter): addresses of posts and accounts, and the time in a post's id.

https://x.com/mira/status/1750?s=20         -> x:1750, by mira
https://twitter.com/i/web/status/1750       -> x:1750
https://mobile.twitter.com/#!/mira/statuses/1750/photo/1
x:1750                                      -> https://x.com/i/status/1750
1750000000000000000                         -> 2024-01-24T03:38:08.084Z

Patterns stay text and are compiled at their first use, so that a search does not wait for them.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from threadkeep.records import Ref, When

NAME = "x"
ALIASES: tuple[str, ...] = ("twitter",)

SITE = "https://x.com"

_POST = r"/(?:#!/)?(?:i/web|([^/?#\s]{1,60}))/status(?:es)?/([0-9]{1,20})(?![0-9])([^?#\s]*)"
_HOSTS = r"(?:[\w-]+\.)*(?:twitter|x)\.com"
_MIRRORS = r"(?:[\w-]+\.)*(?:fxtwitter|vxtwitter|fixupx|fixvx|xcancel)\.com|nitter\.net"
"""Other sites that show X's posts under X's own paths."""
_PATH = r"(?:^|/)(?:(\w{1,30})|i/web)/status(?:es)?/(\d{1,20})(?!\d)([^?#\s]*)"
_HANDLE = r"\w{1,30}"

_ID_DIGITS = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SNOWFLAKE_EPOCH = 1_288_834_974_657
"""Milliseconds: ids count from 2010-11-04T01:42:54.657Z."""
_FIRST_SNOWFLAKE = 30_000_000_000
"""Until that day ids were counted one by one and had reached 29,700,859,247."""
_LAST_SNOWFLAKE = 2**63 - 1


class PostAddress(NamedTuple):
    """The post an address names. ``handle`` is None where the address does not name the author (``/i/status/1750``).

    ``subpath`` is the rest of the path: ``""`` for the post itself, ``/photo/1`` for its first picture.
    """

    handle: str | None
    id: str
    subpath: str = ""

    @property
    def ref(self) -> Ref:
        """The post."""
        return Ref(NAME, self.id)


def parse_post_url(url: str) -> PostAddress | None:
    """The post that an address on one of X's own hosts names; None for anything else."""
    return _post_address(re.match(rf"https?://{_HOSTS}{_POST}", url, re.I | re.A))


def parse_post_path(href: str) -> PostAddress | None:
    """The post that a link on a page names, relative or on any host: ``/mira/status/1750#m`` -> mira, 1750."""
    return _post_address(re.search(_PATH, href, re.A))


def _post_address(match: re.Match[str] | None) -> PostAddress | None:
    if match is None:
        return None
    named = match[1] is not None and match[1] != "i" and re.fullmatch(_HANDLE, match[1], re.A)
    return PostAddress(match[1] if named else None, match[2].lstrip("0") or "0", match[3].rstrip("/"))


def ref_of_url(url: str) -> Ref | None:
    """The post at an address of X, or of a site that mirrors it; None for anything else."""
    found = _post_address(re.match(rf"https?://(?:{_HOSTS}|{_MIRRORS}){_POST}", url, re.I | re.A))
    return found.ref if found else None


def permalink(ref: Ref) -> str | None:
    """``x:1750`` -> ``https://x.com/i/status/1750``; None for ids that X did not give."""
    return f"{SITE}/i/status/{ref.id}" if ref.id.isascii() and ref.id.isdigit() else None


def post_url(id_: str, handle: str | None) -> str:
    """The address of a post, with its author's handle where that is known."""
    return f"{SITE}/{handle or 'i'}/status/{id_}"


def account_url(handle: str) -> str | None:
    """``mira`` -> ``https://x.com/mira``; None for what cannot be a handle."""
    return f"{SITE}/{handle}" if re.fullmatch(_HANDLE, handle, re.A) else None


def snowflake_time(id_: str) -> datetime | None:
    """When the post with this id was created, to the millisecond; None for ids from before November 2010.

    ``1750000000000000000`` -> 2024-01-24T03:38:08.084Z. Raises ValueError where ``id_`` is not a number.
    """
    number = int(id_)
    if not _FIRST_SNOWFLAKE <= number <= _LAST_SNOWFLAKE:
        return None
    return _EPOCH + timedelta(milliseconds=(number >> 22) + _SNOWFLAKE_EPOCH)


def time_of_id(id_: str) -> When | None:
    """The time in the id of a post; None where it has none."""
    if len(id_) > _ID_DIGITS or not (id_.isascii() and id_.isdigit()):
        return None
    moment = snowflake_time(id_)
    return None if moment is None else When(moment, origin="derived")

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

_RETWEET = r"RT @([A-Za-z0-9_]{1,20}): ?"
_LEADING = r"(?:@\w{1,20} )+"
_LINK = r"https?://\S+"
_WIDE = (
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60"
    r"\U0001f000-\U0001faff\U00020000-\U0003ffff]"
)
"""Characters that X counts as two."""
_LINK_WIDTH = 23
_CUT_WIDTHS = range(262, 303)
"""How wide the beginning of a long post is, as X hands it out: its limit was 280, and cuts end with a word."""
_OLD_CUT_WIDTHS = range(130, 146)
"""The same for the limit of 140, which ended on 7 November 2017."""
_CUT_BEFORE_LINK = r"…\s+https?://t\.co/\w{1,20}"
_CUT_WITH_LINK_WIDTHS = range(138, 141)
_LIMIT_RAISED = datetime(2017, 11, 8, tzinfo=UTC)

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


class RetweetText(NamedTuple):
    """The handle that a text of the form ``RT @mira: The kiln…`` names, and where her words begin."""

    handle: str
    start: int


def parse_retweet_text(text: str) -> RetweetText | None:
    """Whose words ``RT @mira: The kiln…`` are; None for other texts, also for one with words of its own before it."""
    match = re.match(_RETWEET, text, re.A)
    return RetweetText(match[1], match.end()) if match else None


def is_cut_text(text: str, created: datetime | None = None, *, has_entities: bool = True) -> bool:
    """Whether a text that ends in ``…`` is the beginning of a longer one: it is as wide as X's cuts are.

    An author's own ``…`` closes texts of any length. Cuts are as wide as the limit of their time, less the last word;
    without ``has_entities``, which would say where it leads, a link after the ``…`` may be the one to the whole post.
    """
    if "…" not in text:
        return False
    text = text.rstrip()
    if text.endswith("…"):
        widths = {_width(text), _width(re.sub(_LEADING, "", text, count=1, flags=re.A))}
        if any(width in _CUT_WIDTHS for width in widths):
            return True
        return created is not None and created < _LIMIT_RAISED and any(width in _OLD_CUT_WIDTHS for width in widths)
    if has_entities or re.search(rf"{_CUT_BEFORE_LINK}\Z", text[-60:], re.A) is None:
        return False
    return _width(text) in _CUT_WITH_LINK_WIDTHS


def _width(text: str) -> int:
    """How long X counts a text: a link 23, an emoji or a Chinese character 2, any other 1."""
    bare = re.sub(_LINK, "", text)
    links = len(re.findall(_LINK, text))
    return len(bare) + len(re.findall(_WIDE, bare)) + links * _LINK_WIDTH


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

"""The web at large: home pages, and any other page that belongs to no network."""

import re
from typing import TypeGuard

from threadkeep.records import Ref, When

NAME = "web"
ALIASES: tuple[str, ...] = ()


def is_web_url(url: str | None) -> TypeGuard[str]:
    """Whether ``url`` may become something to click: http and https alone."""
    return url is not None and re.match(r"https?://[^\s/?#]", url, re.I) is not None


def permalink(ref: Ref) -> str | None:
    """The id itself where it is a web address."""
    return ref.id if is_web_url(ref.id) else None


def account_url(handle: str) -> str | None:
    """The name itself where it is a web address."""
    return handle if is_web_url(handle) else None


def ref_of_url(_url: str) -> Ref | None:
    """None: any address may be of the web, so none says that a post is there."""
    return None


def time_of_id(_id: str) -> When | None:
    """None: addresses have no time in common."""
    return None

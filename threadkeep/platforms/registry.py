"""Registry of the networks: all of them, one by its name, and the posts that addresses name.

Each module of this package besides this one is a network and satisfies ``Platform``. Modules do not import one another.
"""

import re
from typing import Protocol

from threadkeep.platforms import bluesky, linkedin, mastodon, text, threads, web, x
from threadkeep.records import Post, Ref, When


class Platform(Protocol):
    """What a network's module holds."""

    NAME: str
    """What ``Ref.platform`` calls it."""
    ALIASES: tuple[str, ...]
    """What else people call it, in small letters."""

    def permalink(self, ref: Ref, /) -> str | None:
        """The address of a post, as far as its id says it."""

    def account_url(self, handle: str, /) -> str | None:
        """The address of an account by its handle."""

    def ref_of_url(self, url: str, /) -> Ref | None:
        """The post at an address; None for the addresses of other networks and of what is not a post."""

    def time_of_id(self, id_: str, /) -> When | None:
        """When a post was created, as far as its id says it."""


_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)

_PLATFORMS: tuple[Platform, ...] = (x, bluesky, mastodon, threads, linkedin, web, text)


def all_platforms() -> tuple[Platform, ...]:
    """The networks whose posts are read, in the order in which they are named to people."""
    return _PLATFORMS


def platform_named(name: str) -> Platform | None:
    """The network of that name or alias, whatever the case of its letters."""
    name = name.lower()
    return next((platform for platform in _PLATFORMS if name == platform.NAME or name in platform.ALIASES), None)


def platform_name(stated: str) -> str:
    """What ``Ref.platform`` is where a source states it: a network's name for one of its aliases, else as it is.

    Raises ValueError where it is no name: small letters a to z, digits and hyphens, at most 32, a letter first.

    >>> platform_name("Twitter"), platform_name("myspace")
    ('x', 'myspace')
    """
    known = platform_named(stated)
    if known is not None:
        return known.NAME
    if not _NAME.fullmatch(stated.lower()):
        raise ValueError(f"{stated[:40]!r} is no name of a platform: letters from a to z, digits and hyphens")
    return stated.lower()


def ref_of_url(url: str) -> Ref | None:
    """The post that an address names on any network; None where no network knows it."""
    return next((ref for platform in _PLATFORMS if (ref := platform.ref_of_url(url)) is not None), None)


def permalink(ref: Ref) -> str | None:
    """``x:1750`` -> ``https://x.com/i/status/1750``; an id that is a web address itself; None for others."""
    platform = next((platform for platform in _PLATFORMS if ref.platform == platform.NAME), web)
    return platform.permalink(ref) or web.permalink(ref)


def url_of(post: Post) -> str | None:
    """The address of a post, as its source gives it or as its id says it."""
    return post.url if web.is_web_url(post.url) else permalink(post.ref)

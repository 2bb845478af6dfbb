"""Threads, Meta's network: addresses of posts and accounts.

https://www.threads.net/@kiln.diary/post/C8xyz_1AbCd?hl=en     -> threads:C8xyz_1AbCd
threads:C8xyz_1AbCd                                            -> https://www.threads.com/t/C8xyz_1AbCd
"""

import re

from threadkeep.records import Ref, When

NAME = "threads"
ALIASES: tuple[str, ...] = ()

SITE = "https://www.threads.com"

_POST = r"https?://(?:www\.)?threads\.(?:net|com)/(?:@[\w.]{1,60}/post|t)/([\w-]{5,40})/?(?:[?#].*)?"
_CODE = r"[A-Za-z0-9_-]{5,40}"
_HANDLE = r"[\w.]{1,60}"


def permalink(ref: Ref) -> str | None:
    """The page of a post by its code; None for other ids."""
    return f"{SITE}/t/{ref.id}" if re.fullmatch(_CODE, ref.id) else None


def account_url(handle: str) -> str | None:
    """``kiln.diary`` -> its page; None for what cannot be a handle."""
    return f"{SITE}/@{handle}" if re.fullmatch(_HANDLE, handle, re.A) else None


def ref_of_url(url: str) -> Ref | None:
    """The post at an address of Threads; None for anything else."""
    match = re.fullmatch(_POST, url, re.I | re.A)
    return Ref(NAME, match[1]) if match else None


def time_of_id(_id: str) -> When | None:
    """None: codes are not read."""
    return None

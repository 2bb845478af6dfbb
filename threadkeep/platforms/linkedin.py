"""LinkedIn: addresses of posts and people.

https://www.linkedin.com/feed/update/urn:li:share:7100/     -> linkedin:urn:li:share:7100
https://www.linkedin.com/posts/mira_kilns-activity-7100-AbCd  -> linkedin:urn:li:activity:7100
linkedin:urn:li:share:7100                                  -> https://www.linkedin.com/feed/update/urn:li:share:7100/
"""

import re

from threadkeep.records import Ref, When

NAME = "linkedin"
ALIASES: tuple[str, ...] = ()

SITE = "https://www.linkedin.com"

_URN = r"urn:li:(?:share|activity|ugcPost|comment):[\w:(),%-]{1,200}"
_UPDATE = rf"https?://(?:\w+\.)?linkedin\.com/feed/update/({_URN})/?(?:[?#].*)?"
_SLUG = r"https?://(?:\w+\.)?linkedin\.com/posts/[^/?#\s]*?(activity|share|ugcPost)-(\d{10,25})[^/\s]*/?"
_NAME_IN_ADDRESS = r"[\w-]{3,100}"


def permalink(ref: Ref) -> str | None:
    """The page of a post by its URN; None for other ids."""
    return f"{SITE}/feed/update/{ref.id}/" if re.fullmatch(_URN, ref.id) else None


def account_url(handle: str) -> str | None:
    """The page of a person by the name in its address; None for what cannot be one."""
    return f"{SITE}/in/{handle}/" if re.fullmatch(_NAME_IN_ADDRESS, handle) else None


def ref_of_url(url: str) -> Ref | None:
    """The post at an address of LinkedIn; None for anything else."""
    url = url.replace("%3A", ":").replace("%3a", ":")
    if (update := re.fullmatch(_UPDATE, url, re.I)) is not None:
        return Ref(NAME, update[1])
    slug = re.fullmatch(_SLUG, url, re.I)
    return Ref(NAME, f"urn:li:{slug[1]}:{slug[2]}") if slug else None


def time_of_id(_id: str) -> When | None:
    """None: URNs are not read."""
    return None

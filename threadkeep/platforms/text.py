"""Text that names no network: notes, mails, tables. Its posts have no address."""

from threadkeep.records import Ref, When

NAME = "text"
ALIASES: tuple[str, ...] = ()


def permalink(_ref: Ref) -> str | None:
    """None: a text has no address."""
    return None


def account_url(_handle: str) -> str | None:
    """None: who wrote a text has no page."""
    return None


def ref_of_url(_url: str) -> Ref | None:
    """None: no address names a text."""
    return None


def time_of_id(_id: str) -> When | None:
    """None: the ids of texts are fingerprints or numbers from elsewhere."""
    return None

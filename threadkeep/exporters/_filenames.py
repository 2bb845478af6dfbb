"""Name a thread's file: safe on every system, deterministic, and ending in the thread's id.

    2024-05-01_mira_how-we-fire-a-kiln_bluesky-3k2a7.md
    undated_the-kiln-is-hot_x-~1f0c9ab37d5e2f64.md

The parts are the date, the author, words of the title, and the id. They contain no dot, space, upper-case letter or
character that some file system forbids; no name is a device name, since each ends in an id.
"""

import hashlib
import re
import unicodedata

from threadkeep.records import Ref

LONGEST = 118
"""The longest name in bytes: encrypting file systems allow 143, and folders add to the path."""

_AUTHOR_BYTES = 20
_TITLE_BYTES = 48
_PLATFORM_BYTES = 12
_PLAIN_ID = re.compile(r"~?[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_LONGEST_SUFFIX = ".html"


def file_name(
    ref: Ref, date: str | None, author: str | None, title: str, taken: set[str], *, suffix: str = ".md"
) -> str:
    """Return the file name of the thread with root ``ref``, and add it to ``taken``.

    ``author`` is a handle, or a name where no handle is known. ``taken`` matters only if two ids look alike.
    """
    name = _joined(date, author, title, _id_part(ref)) + suffix
    if name in taken:
        name = _joined(date, author, title, f"{_id_part(ref)}-{_digest(ref)}") + suffix
    taken.add(name)
    return name


def _joined(date: str | None, author: str | None, title: str, id_part: str) -> str:
    # The first word of mira.example.com or mira@example.com is enough.
    who = _slug(re.split(r"[.@]", (author or "").lstrip("@"))[0], _AUTHOR_BYTES)
    begin = "_".join(filter(None, [date or "undated", who]))
    words = _slug(title, min(_TITLE_BYTES, LONGEST - len(f"{begin}__{id_part}{_LONGEST_SUFFIX}".encode())))
    return "_".join(filter(None, [begin, words, id_part]))


def _id_part(ref: Ref) -> str:
    """Return platform and id; of a URL its last part, and a digest where the id does not fit a file name."""
    last = ref.id.rstrip("/").rpartition("/")[2] if "://" in ref.id else ref.id
    if not _PLAIN_ID.fullmatch(last):
        last = "-".join(filter(None, [_slug(last, _PLATFORM_BYTES), _digest(ref)]))
    return "-".join(filter(None, [_slug(ref.platform, _PLATFORM_BYTES), last]))


def _digest(ref: Ref) -> str:
    return hashlib.sha256(str(ref).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _slug(text: str, longest: int) -> str:
    """Return letters and digits of any script joined by dashes, Latin without accents, cut between words."""
    plain = re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", unicodedata.normalize("NFKD", text[:400].casefold()))
    kept = ["-"]
    for character in unicodedata.normalize("NFC", plain):
        if character.isalnum() or (unicodedata.category(character)[0] == "M" and kept[-1] != "-"):
            kept.append(character)
        elif kept[-1] != "-" and character not in "'’":
            kept.append("-")
    slug = "".join(kept).strip("-")
    if len(slug.encode()) <= longest:
        return slug
    cut = slug.encode()[: longest + 1].decode("utf-8", "ignore")
    whole = cut.rpartition("-")[0]
    if len(whole.encode()) < longest // 2:
        whole = slug.encode()[:longest].decode("utf-8", "ignore")
    return whole.strip("-")

"""Take a page out of the file that a browser or an archive of the net saved it in: MHTML, Safari's, Wayback's.

From: <Saved by Blink>                                    what Chrome and Edge call "web page, single file"
Snapshot-Content-Location: https://x.com/mira
Content-Type: multipart/related; type="text/html"; boundary="----b----"

------b----
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable

<a href=3D"/mira">          -> <!-- saved from url=(0)https://x.com/mira --><a href="/mira">

/web/20200401101500/https://twitter.com/mira              -> https://twitter.com/mira, on a page from there
"""

import binascii
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from threadkeep.errors import DumpError
from threadkeep.sources.encodings import encoding_of
from threadkeep.sources.source import Source

if TYPE_CHECKING:
    from email.message import Message

_HEADERS_BYTES = 16 * 1024
"""The most that the headers of a file, or of one part of it, may have."""
_MULTIPART = re.compile(rb"^content-type:\s*multipart/related\b", re.I | re.M)
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_PLIST = (b"bplist00", b"<?xml")
_RESOURCE = b"WebMainResource"
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_FROM_WAYBACK = re.compile(
    r"saved from url=\(\d+\)https?://web\.archive\.org/web/|<!--\s*(?:FILE ARCHIVED ON|End Wayback|BEGIN WAYBACK)"
    r"|<script[^<>]{0,300}/_static/js/(?:wombat|bundle-playback)",
    re.I,
)
"""What stands on pages from there; the address alone may be that of a link."""
_WAYBACK = re.compile(
    r"(?<=[\"'=\s()])(?:(?:https?:)?//web\.archive\.org)?/web/\d{4,14}(?:[a-z]{2}_)?/(?=(?:https?:)?//)", re.I
)
_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,2000}")


class Unwrapped(NamedTuple):
    """The markup of a page as bytes, the encoding it is said to have, and its address."""

    markup: bytes
    charset: str | None
    url: str | None

    def text(self) -> str:
        """The markup decoded, below a comment with the address as browsers write it."""
        try:
            markup = self.markup.decode(self.charset or encoding_of(self.markup[:_HEADERS_BYTES]) or "utf-8", "replace")
        except LookupError:
            markup = self.markup.decode("utf-8", "replace")
        address = _ADDRESS.fullmatch(self.url or "")
        return f"<!-- saved from url=({len(address[0]):04}){address[0]} -->\n{markup}" if address else markup


def is_wrapped(source: Source) -> bool:
    """Whether the file begins as one that holds a page among other things."""
    head = source.head_bytes
    if head.startswith(_PLIST):
        return _RESOURCE in head
    top = _BLANK_LINE.split(head[:_HEADERS_BYTES], 1)[0]
    return _MULTIPART.search(top) is not None


def unwrapped(data: bytes, name: str) -> Unwrapped:
    """The page in a file that ``is_wrapped``. Raises DumpError."""
    return _in_plist(data, name) if data.startswith(_PLIST) else _in_mhtml(data, name)


def without_wayback(page: str) -> str:
    """``page`` with the addresses that the Wayback Machine put in place of others put back."""
    return _WAYBACK.sub("", page) if _FROM_WAYBACK.search(page) else page


def _in_mhtml(data: bytes, name: str) -> Unwrapped:
    """The first part that is a page: the one that the others belong to."""
    top = _headers(data)
    boundary = top.get_boundary()
    if not boundary:
        raise DumpError(f"{name}: nothing says where the parts of the file begin")
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    start = data.find(mark)
    while start >= 0:
        end = data.find(b"\n" + mark, start + len(mark))
        line = data.find(b"\n", start) + 1
        part = data[line : end if end >= 0 else len(data)] if line else b""
        headers = _headers(part)
        if headers.get_content_type() in _PAGES and _BLANK_LINE.search(part):
            url = top.get("Snapshot-Content-Location") or headers.get("Content-Location")
            return Unwrapped(_body(part, headers, name), headers.get_content_charset(), str(url or "").strip())
        start = end + 1 if end >= 0 else -1
    raise DumpError(f"{name}: there is no page in the file", "save the page once more")


def _headers(data: bytes) -> "Message":
    from email.parser import BytesHeaderParser  # most pages are saved as HTML

    top = data[:_HEADERS_BYTES]
    blank = _BLANK_LINE.search(top)
    return BytesHeaderParser().parsebytes(top[: blank.start()] if blank else top)


def _body(part: bytes, headers: "Message", name: str) -> bytes:
    blank = _BLANK_LINE.search(part)
    body = part[blank.end() :] if blank else b""
    encoding = str(headers.get("Content-Transfer-Encoding") or "").strip().lower()
    try:
        if encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        if encoding == "base64":
            return binascii.a2b_base64(body)
    except binascii.Error as error:
        raise DumpError(f"{name}: the page in the file is damaged: {error}") from error
    return body


def _in_plist(data: bytes, name: str) -> Unwrapped:
    import plistlib  # most pages are saved as HTML
    from xml.parsers.expat import ExpatError

    try:
        held: Any = plistlib.loads(data)
    except (plistlib.InvalidFileException, ExpatError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise DumpError(f"{name}: the web archive is damaged", "save the page once more") from error
    resource: Any = held.get(_RESOURCE.decode()) if isinstance(held, dict) else None
    markup = resource.get("WebResourceData") if isinstance(resource, dict) else None
    if not isinstance(markup, bytes):
        raise DumpError(f"{name}: there is no page in the file", "save the page once more")
    charset, url = (resource.get(key) for key in ("WebResourceTextEncodingName", "WebResourceURL"))
    return Unwrapped(markup, charset if isinstance(charset, str) else None, url if isinstance(url, str) else None)

"""Detect the text encoding of a source from its first bytes."""

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(head: bytes) -> str | None:
    """The encoding of text that begins with ``head``; None for bytes that are not text."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return _wide_encoding(head)
    return "utf-8" if decodes(head, "utf-8") else code_page_of(head)


def _wide_encoding(head: bytes) -> str | None:
    """The encoding of bytes with zeros among them: UTF-16 without a mark, or text with stray NULs.

    UTF-16 is recognized by the position of the zeros: Latin script has one in nearly every pair, on one side.
    """
    even, odd, half = head[0::2].count(0), head[1::2].count(0), max(1, len(head) // 2)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    is_text = _controls(head) <= 0.05 * len(head) and decodes(head, "utf-8")
    return "utf-8" if is_text else None


def code_page_of(head: bytes) -> str | None:
    """The code page of bytes that are not UTF-8; ``None`` where they do not look like text at all.

    Text in a Western language has a few accents among many ASCII letters, and cp1252 is what Windows wrote. Where most
    letters are beyond ASCII, charset-normalizer distinguishes the scripts.
    """
    if _controls(head) > 0.01 * len(head):
        return None
    high = sum(byte >= 0x80 for byte in head)
    if high < 0.25 * len(head) and decodes(head, "cp1252"):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(head).best()
    return best.encoding if best else None


def _controls(head: bytes) -> int:
    """How many bytes are control characters that text does not have."""
    return sum(byte < 0x20 and byte not in b"\t\n\f\r\x1b" for byte in head)


def decodes(head: bytes, encoding: str) -> bool:
    """Whether ``head`` is valid in ``encoding``, except for a character cut off at its end."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True

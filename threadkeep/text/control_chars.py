"""Make control characters visible, and replace characters that no file can hold.

escape_controls("\\x1b[31mred")       -> "␛[31mred"
escape_controls("evil\\u202etxt.exe") -> "evil\\ufffdtxt.exe"
escape_name("mi\\u200bra\\nhe said")   -> "mi\\\\u200bra\\\\nhe said"
"""

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")

_UNDECODABLE = re.compile("[\udc80-\udcff]")
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What takes no place or shows nothing: Unicode's default ignorable code points, and the blank pattern of Braille."""

_UNSEEN = re.compile(f"{_STEERING.pattern}|[\t\n]|{_INVISIBLE.pattern}")

_LONGEST_WORD = 200


def escape_controls(text: str) -> str:
    """``text`` with every control character but line feed and tab, and every bidirectional override, made harmless.

    C0 controls and DEL become their pictures (U+2400 to U+2421), line and paragraph separators line feeds, the rest
    U+FFFD: one character for one, so that places in the text stay right.
    """
    return _STEERING.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "\n" if code in (0x2028, 0x2029) else "\ufffd"


def escape_undecodable(name: str) -> str:
    """Return the name of a file with each byte that is not UTF-8, a lone surrogate in Python, as ``\\xe9``."""
    return name if name.isascii() else _UNDECODABLE.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", name)


def escape_line(text: str) -> str:
    """``escape_controls`` of what stands on one line: a line feed becomes its picture, too."""
    return escape_controls(text).replace("\n", "\u240a")


def escape_name(text: str) -> str:
    """A handle, an id or another name by which people tell things apart: what is not seen in it is written out.

    Control characters, zero-width characters and all that sets the direction of writing, as in ``mira\\u200b``.
    """
    return _UNSEEN.sub(lambda match: repr(match[0])[1:-1], text)


def is_plain_word(text: str) -> bool:
    """Whether bash, zsh and fish all take ``text`` as one word that is not an option and that they leave as it is.

    Letters, marks and digits of any script and ``_ . - @ # :``; nothing invisible, nothing of more than 200 characters.

    >>> [is_plain_word(text) for text in ("from:mira.example.com", "mira$(id)", "two words", "--yes")]
    [True, False, False, False]
    """
    return 0 < len(text) <= _LONGEST_WORD and text[0] != "-" and all(map(_is_of_word, text))


def _is_of_word(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in "_.-@#:"
    return unicodedata.category(character)[0] in "LMN" and not _INVISIBLE.match(character)


def replace_unstorable(value: T) -> T:
    """A record, or any part of one, with NULs and lone surrogates replaced by U+FFFD, one for one.

    Neither survives in a UTF-8 file or in SQLite's own tools; JSON dumps hold both. What came stays in the kept dump.
    """
    mended: T = value if _is_sound(value) else _mended(value)
    return mended


def _is_sound(value: object) -> bool:
    """Whether nothing in it needs mending, found out in one go; False where that does not tell."""
    import msgspec  # loaded with the first record: a search should not wait for it

    try:
        return b"\\u0000" not in msgspec.json.encode(value)  # raises for a lone surrogate
    except (ValueError, TypeError, OverflowError):
        return False


def _mended(value: Any) -> Any:
    kind = value.__class__
    if kind is str:
        return value if value.isascii() and "\x00" not in value else _UNSTORABLE.sub("\ufffd", value)
    if kind is tuple:
        return tuple([_mended(item) for item in value]) if value else value
    changed = {}
    for name in _fields_of(kind):
        if before := getattr(value, name):
            after = _mended(before)
            if after is not before and after != before:
                changed[name] = after
    return replace(value, **changed) if changed else value


@cache
def _fields_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()

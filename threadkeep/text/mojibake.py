"""Repair mojibake: UTF-8 that some program decoded as a one-byte encoding.

    β€œthink”     -> “think”     read as cp1253, the byte 0x9C filled from cp1252; the second quote was right
    cafÃ© ðŸ§µ     -> café 🧵      read as cp1252 or Latin-1
    Р·РІСѓРє      -> звук        read as cp1251

Each run is judged by itself, for a page often holds both: it is fixed where its characters, taken as bytes, are valid
UTF-8 and where nobody would write them as they stand. ``CAFÉ”`` happens to be valid UTF-8 too, and stays.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

_TAIL = "[\x80-\xbf]"
_TWO = f"[\xc2-\xdf]{_TAIL}"
_THREE = f"\xe0[\xa0-\xbf]{_TAIL}|[\xe1-\xec\xee\xef]{_TAIL}{{2}}|\xed[\x80-\x9f]{_TAIL}"
_FOUR = f"\xf0[\x90-\xbf]{_TAIL}{{2}}|[\xf1-\xf3]{_TAIL}{{3}}|\xf4[\x80-\x8f]{_TAIL}{{2}}"
_SEQUENCES = re.compile(f"(?:{_TWO}|{_THREE}|{_FOUR})++")
# In Mac Roman and cp437 the first bytes are signs that stand before letters in sound text too (“é, —é, ┬á): of these
# two, only sequences that are nothing else are believed.
_PUNCTUATION_AND_EMOJI = f"\xe2[\x80\x84]{_TAIL}|\xf0\x9f{_TAIL}{{2}}"
_SURE_IN_MAC = re.compile(f"(?:[\xc2\xc3]{_TAIL}|{_PUNCTUATION_AND_EMOJI})++")
_SURE_IN_DOS = re.compile(f"(?:\xc3[\x80-\xaf]|{_PUNCTUATION_AND_EMOJI})++")

_ENCODINGS = (
    # What is tried, in this order: the encoding, another that fills its gaps or shares its bytes, what is believed.
    ("cp1252", "cp1254", _SEQUENCES),
    ("cp1253", "cp1252", _SEQUENCES),
    ("cp1251", "cp1252", _SEQUENCES),
    ("mac-roman", None, _SURE_IN_MAC),
    ("cp437", None, _SURE_IN_DOS),
)
_FOREIGN = 0xFFFF
"""Stands for a character that the encoding does not have."""
_PASSES = 24
"""Two passes undo what happened twice; a text that never converges is not mojibake."""

_LINKING = frozenset("–—…·•\xa0\xad")
"""What may stand between a word and the next one, spaces or not."""
_QUOTES = frozenset("“”„‘’‚«»‹›")
_MARKS = frozenset("™®©°ºª²³¹†‡‰*")
"""What may follow a word."""
_SIGNS = frozenset("±²³°")
"""What formulas put after a Greek letter: ``Γ²x``."""

_RARE = re.compile(
    "[\u0180-\u018e\u0190-\u019f\u01a2-\u01ae\u01b1-\u0217\u021c-\u0258\u025a-\u02bb\u02bd-\u02ff\u0370-\u037d"
    "\u03d8-\u03ff\u0460-\u048f\u0500-\u0530\u0700-\u08ff\u3400-\u4dbf\ua000-\uabff]"
)
"""What is likelier chance than language: phonetic signs, extinct letters, scripts few pages are in."""
_WORD_SCRIPTS = re.compile("[\u0530-\u06ff]")
"""Armenian, Hebrew, Arabic: one such letter alone is chance too (``2×–4×`` would hold one)."""

_LAST_LATIN = "\u024f"

_CUT_QUOTE = re.compile("[âβ]€(?:\ufffd|(?=[\x00-\x7f]|$))")
"""A closing quote whose last byte, 0x9D, was lost on the way, for cp1252 has no such character."""
_FOLDED = re.compile(r"(?<=[a-zß-ÿ])Ã (?P<more> ?)|(?<=[a-zß-ÿ.,;:!?)\d])Â(?= )")
_FOLDED_ALONE = re.compile(r"(?<!\S)Ã (?P<more> ?)|(?<!\S)Â(?= )")
"""A no-break space, alone or as the second half of ``à``, that became a plain one. A letter alone may be a letter."""


class _Bytes(dict[int, int]):
    """The byte of each character, for ``str.translate``."""

    def __missing__(self, code: int) -> int:
        self[code] = code if code < 0x80 else _FOREIGN
        return self[code]


@dataclass(frozen=True, slots=True, eq=False)
class _Misreading:
    """An encoding that UTF-8 was taken for: ``hint`` finds where it may have been, ``sure`` what to believe of it."""

    bytes_of: _Bytes
    hint: re.Pattern[str]
    sure: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters that are valid UTF-8 when taken as bytes: what they spell, and whether they can be nothing else."""

    start: int
    end: int
    reading: str | None
    is_clear: bool


def fix_mojibake(text: str) -> str:
    """``text`` with its mojibake undone, also where it happened twice: ``â€™`` -> ``’``, ``Ã¢â‚¬â„¢`` -> ``’``.

    Sound text stays as it is, whatever its language; a run that could be either stays too, unless the whole text reads
    as UTF-8. Applying it twice changes nothing more. Takes time linear in the text and raises nothing.
    """
    if text.isascii():
        return text
    before, fixed = text, _fix_once(text)
    for _ in range(_PASSES):
        if fixed == before:
            return fixed
        before, fixed = fixed, _fix_once(fixed)
    return text


def _fix_once(text: str) -> str:
    found = {m: _runs(text, m) for m in _misreadings() if m.hint.search(text)}
    for runs in found.values():
        if any(run.is_clear for run in runs) and _is_all(text, runs):
            return "".join(_replaced(text, runs))
    fixed = text
    for misreading, runs in found.items():
        current = runs if fixed is text else _runs(fixed, misreading)
        clear = [run for run in current if run.is_clear]
        if clear:
            fixed = "".join(_replaced(fixed, clear))
    fixed = _CUT_QUOTE.sub("”", fixed)
    if fixed != text:
        fixed = _FOLDED_ALONE.sub(_unfold, fixed)
    return _FOLDED.sub(_unfold, fixed)


def _unfold(match: re.Match[str]) -> str:
    if match[0].startswith("Â"):
        return ""
    return "à" if match[0].endswith("  ") and not match["more"] else f"à{match['more'] or ' '}"


@cache
def _misreadings() -> tuple[_Misreading, ...]:
    return tuple(_misreading(name, also, sure) for name, also, sure in _ENCODINGS)


def _misreading(name: str, also: str | None, sure: re.Pattern[str]) -> _Misreading:
    bytes_of = _Bytes()
    # Where an encoding has no character, programs leave the control character of that number.
    controls = {code: code for code in range(0x80, 0xA0)} if also else {}
    for byte in range(0x80, 0x100):
        for encoding in (name, also):
            character = bytes([byte]).decode(encoding, "ignore") if encoding else ""
            if character and (encoding == name or ord(character) not in _own_characters(name)):
                bytes_of[ord(character)] = byte
    bytes_of.update(controls)
    leads = "".join(chr(code) for code, byte in bytes_of.items() if 0xC2 <= byte <= 0xF4)
    tails = "".join(chr(code) for code, byte in bytes_of.items() if 0x80 <= byte <= 0xBF)
    hint = re.compile(f"[{re.escape(leads)}][{re.escape(tails)}]")
    return _Misreading(bytes_of, hint, sure)


def _own_characters(encoding: str) -> frozenset[int]:
    return frozenset(map(ord, bytes(range(0x80, 0x100)).decode(encoding, "ignore")))


def _runs(text: str, misreading: _Misreading) -> list[_Run]:
    runs = []
    for match in _SEQUENCES.finditer(text.translate(misreading.bytes_of)):
        reading = _decoded(match[0], misreading)
        is_clear = (
            reading is not None
            and misreading.sure.fullmatch(match[0]) is not None
            and not _is_chance(reading)
            and _is_unwritten(text, match)
        )
        runs.append(_Run(match.start(), match.end(), reading, is_clear))
    return runs


def _is_all(text: str, runs: list[_Run]) -> bool:
    """Whether the whole text reads as UTF-8: then nothing in it speaks against mending every run."""
    covered = sum(run.end - run.start for run in runs)
    return covered == sum(not c.isascii() for c in text) and all(run.reading is not None for run in runs)


def _replaced(text: str, runs: list[_Run]) -> Iterator[str]:
    position = 0
    for run in runs:
        yield text[position : run.start]
        yield run.reading or ""
        position = run.end
    yield text[position:]


def _is_chance(reading: str) -> bool:
    return all(_RARE.match(c) for c in reading) or (len(reading) == 1 and _WORD_SCRIPTS.match(reading) is not None)


def _decoded(run: str, misreading: _Misreading) -> str | None:
    """What the bytes spell; None where that holds what no text does, unless it is mojibake once more."""
    reading = run.encode("latin-1").decode("utf-8")
    if all(unicodedata.category(c) not in {"Cc", "Cn", "Co"} for c in reading):
        return reading
    inner = reading.translate(misreading.bytes_of)
    again = _SEQUENCES.fullmatch(inner) and _decoded(inner, misreading)
    return reading if again else None


def _is_unwritten(text: str, run: re.Match[str]) -> bool:
    """Whether nobody would write the characters of ``run`` there: ``Ã©``, ``β€œ``; but ``É”`` closes a quotation."""
    start, end = run.span()
    lead, tails = text[start], text[start + 1 : end]
    before, after = text[max(0, start - 2) : start], text[end : end + 1]
    if lead in "¬√":
        return _is_unwritten_sign(lead, tails, before, after)
    if lead > _LAST_LATIN and lead.isalpha():
        return _is_unwritten_elsewhere(lead, tails, before, after)
    if before and before[-1].islower() and lead.isupper():
        return True
    if lead in "ÂÃ":
        # No word ends in them but a Portuguese or Romanian one in capitals, and none is only one of them.
        is_capitals = before[-1:].isupper() and all(c in _LINKING or c in _QUOTES for c in tails)
        return not is_capitals or (after.isalpha() and "\xa0" not in tails)
    return not _is_written(lead, tails, after, lead not in "ÄÅ" and lead.isalpha())


def _is_unwritten_sign(lead: str, tails: str, before: str, after: str) -> bool:
    """The same for the two signs of logic and arithmetic that Mac Roman has for first bytes."""
    if len(tails) > 1:
        return True
    if lead == "¬":
        return tails in "†©Æ´ª£™" or (tails == "∞" and before[-1:].isdigit())
    if tails in "πµΩ∞∑∂∫±≤≥∏ªº":
        return len(before) == 2 and before.isalpha()
    return before[-1:].isalpha() or after.isalpha()


def _is_unwritten_elsewhere(lead: str, tails: str, before: str, after: str) -> bool:
    """The same for Greek and Cyrillic, whose words never begin or end in Latin letters but whose formulas do."""
    if any(c.isalpha() and not c.isascii() for c in (before[-1:], after)):
        return False  # where UTF-8 was misread, no such letter is left
    is_after_word = len(before) == 2 and before.isascii() and before.isalpha()
    is_inside_word = before[-1:].isascii() and before[-1:].isalpha() and after.isascii() and after.isalpha()
    if is_after_word or (is_inside_word and not _SIGNS.issuperset(tails)):
        return True
    return not _SIGNS.issuperset(tails) and not _is_written(lead, tails, after, may_spell=True)


def _is_written(lead: str, tails: str, after: str, may_spell: bool) -> bool:
    """Whether ``lead`` can end a word in sound text, with ``tails`` as more letters of it or as what follows it."""
    rest = tails
    if may_spell:
        is_spelled: Callable[[str], bool] = str.islower if lead.islower() else str.isalpha
        rest = tails.lstrip("".join(c for c in tails if is_spelled(c) and c not in _MARKS))
        spelled = tails[: len(tails) - len(rest)]
        if len(spelled) > 1 and not (spelled.islower() or spelled.isupper()):
            return False
    is_linked = False
    for character in rest:
        if character in _LINKING:
            is_linked = True
        elif character not in _QUOTES and character not in _MARKS:
            return False
    return not rest or is_linked or not after.isalpha()

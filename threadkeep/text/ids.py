"""Tell ids that are whole from those that lost digits in a spreadsheet, a data frame or a JSON number.

"1823030000000000123", 1823030000000000123      -> whole
1.82303e18, "1.82303E+18", "1,82303E+18", "1823030000000000000.0"     -> lost: a float keeps 15 to 17 digits of 19
"1291234567890120000" in most rows of a column  -> lost: a spreadsheet keeps 15 digits and writes zeros for the others
812.0, "812.0"                                  -> whole: 812
"""

import re
from collections import Counter
from collections.abc import Iterable

EXACT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""
_EXACT = 2**53
"""Up to here a float holds every whole number."""
_FLOAT_DIGITS = 17
_MOST_EXPONENT = 25

_SCIENTIFIC = re.compile(r"[+-]?(\d+)(?:[.,](\d*))?[eE]([+-]?)(\d{1,3})", re.A)
_FRACTION = re.compile(r"([+-]?\d+)[.,]0{1,6}", re.A)

_ROWS = 2
"""As few rows say that a spreadsheet wrote the zeros: by chance one id in ten thousand ends in four of them."""
_ROWS_OF_FLOATS = 20
"""One id in a hundred looks like a rounded float, so these need more rows, and no row without."""


def exact_id(value: str | float) -> str | None:
    """``value`` as the text of an id; None if it lost digits. A string that is no number stays as it is."""
    if isinstance(value, float):
        return None if abs(value) > _EXACT else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    if value.isdigit():
        return value
    text = value.strip()
    if found := _FRACTION.fullmatch(text):
        return str(int(found[1])) if abs(int(found[1])) <= _EXACT else None
    if found := _SCIENTIFIC.fullmatch(text):
        return _written_out(found, text)
    return value


def _written_out(found: re.Match[str], text: str) -> str | None:
    """The number in scientific notation; None where it has fewer digits than the number. ``7e21`` may be any code."""
    whole, fraction, exponent = found[1], found[2] or "", int(found[3] + found[4])
    if found[2] is None and not found[3]:
        return text
    zeros = exponent - len(fraction)
    if zeros < 0:
        return text
    digits = f"{whole}{fraction}" + "0" * min(zeros, _MOST_EXPONENT)
    return (digits.lstrip("0") or "0") if not zeros or int(digits) <= _EXACT else None


def has_spreadsheet_zeros(id_: str) -> bool:
    """Whether all digits of a number after the fifteenth are zeros: ``1291234567890120000``."""
    return len(id_) > EXACT_DIGITS and id_.isascii() and id_.isdigit() and not id_[EXACT_DIGITS:].strip("0")


def is_rounded(id_: str) -> bool:
    """Whether a number looks as if it had been a float, or in a spreadsheet: 15 or 17 digits, or a power of two."""
    if not (id_.isascii() and id_.isdigit() and len(id_) <= _MOST_EXPONENT) or int(id_) <= _EXACT:
        return has_spreadsheet_zeros(id_)
    return has_spreadsheet_zeros(id_) or not id_[_FLOAT_DIGITS:].strip("0") or int(float(id_)) == int(id_)


def is_rounding_of(id_: str, whole: str) -> bool:
    """Whether ``id_`` is what a float or a spreadsheet makes of ``whole``, another number: the first digits agree."""
    return (
        id_ != whole
        and len(id_) == len(whole)
        and is_rounded(id_)
        and whole.isascii()
        and whole.isdigit()
        and abs(int(id_) - int(whole)) < 10 ** max(0, len(id_) - EXACT_DIGITS)
    )


def can_be(written: str | float, whole: str) -> bool:
    """Whether ``written``, which lost digits, can be what a float or a spreadsheet made of the number ``whole``."""
    if not (whole.isascii() and whole.isdigit()):
        return False
    text = repr(written) if isinstance(written, float) else str(written).strip().replace(",", ".")
    try:
        rounded = float(text)
    except ValueError:
        return False
    digits = len(text.lower().partition("e")[0].replace(".", "").strip("+-0"))
    tolerance: float = int(whole) / 10 ** max(1, min(digits, EXACT_DIGITS) - 1)
    return abs(rounded - int(whole)) <= tolerance


def is_rounded_column(ids: Iterable[str]) -> bool:
    """Whether the ids of a column, one a row, went through a spreadsheet or a float together.

    >>> is_rounded_column(["1291234567890120000", "1291234567890180000"])
    True
    """
    found = Counter[str]()
    distinct: set[str] = set()
    for id_ in ids:
        if len(id_) <= EXACT_DIGITS or not (id_.isascii() and id_.isdigit()):
            continue
        found["long"] += 1
        found["zeros"] += has_spreadsheet_zeros(id_)
        if is_rounded(id_):
            found["rounded"] += 1
            if len(distinct) < _ROWS_OF_FLOATS:
                distinct.add(id_)
    if found["zeros"] >= _ROWS and 2 * found["zeros"] > found["long"]:
        return True
    return found["rounded"] == found["long"] and len(distinct) >= _ROWS_OF_FLOATS

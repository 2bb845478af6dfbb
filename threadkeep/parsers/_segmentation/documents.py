"""Telling a document (prose, notes, code, data) from a set of pasted posts, by the shape of its lines."""

import re
from collections.abc import Sequence
from itertools import pairwise

from threadkeep.parsers._segmentation.layout import is_blank, is_rule

_HEADING = re.compile(r"#{1,6}\s+\S")
_TAG = re.compile(
    r"\s*<(?:!--|(?:!doctype|\?xml|html|head|body|meta|title|link|base|script|style|div|p|span|table|svg|rss|feed|article|"
    r"aside|blockquote|center|dl|figure|footer|h[1-6]|header|iframe|main|nav|ol|pre|section|ul)\b)",
    re.I,
)
_EMBED = re.compile(r"<(?:blockquote|iframe)\b[^<>]{0,500}\bclass\s*=", re.I)
"""How a post embedded in a note begins."""
_SCRIPT = re.compile(
    r"\s*(?:window\.\w|(?:var|const|let) \w+\s*=|import \w+(?:\n|;| as )|import .{1,200}\bfrom ['\"]|from \S+ import |"
    r"package \w+(?:\n|;)|#include|#!/|def \w+\(|class \w+\s*[:({]|function \w*\()"
)
_MIME = re.compile(r"^content-type:\s*multipart/", re.I | re.M)
_CODE_LINE = re.compile(
    r".*[;{}]\s*$|\s*(?:def|class|if|for|while|with|elif|else|try|except)\b.*:\s*$|"
    r"\s*(?:import \w+$|from \S+ import |return\b|//|/\*|\w+ = )"
)
_DEFINITION = re.compile(r"\s*(?:def \w+\(|class \w+[(:]|import \w+$|from \S+ import )")
_KEY = re.compile(r"\s*(?:- )?[\w.-]+:(?: |$)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ENDS = (".", "!", "?", ":", ";", "…", ")", '"', "”", "»", "。")


def is_data(text: str) -> bool:
    """Whether ``text`` is of a format for machines: JSON, XML, HTML, MIME, a script, a table."""
    start = text.lstrip("\ufeff \t\n")[:2000]
    if start.startswith(("{", "[{", '["', "[\n")) or _TAG.match(start) or _SCRIPT.match(start):
        return True
    if _MIME.search(start.partition("\n\n")[0]):
        return True
    rows = [line for line in text[:8000].split("\n")[:20] if line.strip()]
    for comma in (",", "\t", ";"):
        counts = {line.count(comma) for line in rows[:-1]}
        if len(rows) > 3 and len(counts) == 1 and counts.pop() >= 2:
            return True
    return False


def is_document(text: str) -> bool:
    """Whether ``text`` is one piece of writing: it has headings, code, or lines broken at a width."""
    lines = [line.rstrip() for line in text.split("\n")]
    full = [line for line in lines if not is_blank(line) and not is_rule(line)]
    if not full:
        return True
    headings = sum(_HEADING.match(line) is not None for line in full)
    if headings >= 2 or (headings and _HEADING.match(full[0])) or any(map(_FENCE.match, full)) or _EMBED.search(text):
        return True
    if sum(_DEFINITION.match(line) is not None for line in full) >= 3:
        return True
    for pattern, share in ((_CODE_LINE, 1 / 3), (_KEY, 1 / 2)):
        if len(full) >= 4 and sum(pattern.match(line) is not None for line in full) > share * len(full):
            return True
    return is_wrapped(lines)


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether sentences run on from line to line at a width of 50 to 110, as editors and mail programs break them."""
    widths = sorted(len(line) for line in lines if line)
    if len(widths) < 4:
        return False
    width = widths[int(0.95 * (len(widths) - 1))]
    if not 50 <= width <= 110:
        return False
    pairs = [(line, after) for line, after in pairwise(lines) if line and after]
    broken = [line for line, after in pairs if not line.endswith(_ENDS) and after[:1].isalnum()]
    full = [line for line in broken if len(line) >= 0.7 * width]
    return len(pairs) >= 3 and len(broken) >= 0.4 * len(pairs) and len(full) >= 0.6 * len(broken)


def is_set_of_posts(text: str) -> bool:
    """Whether ``text``, of no known format, looks like short messages one after another rather than one text.

    Three lines or more, most of them closed by a stop, an emoji, a tag or a link, none very long and few of them items
    of a list; or separators between short blocks.
    """
    if is_data(text) or is_document(text):
        return False
    lines = text.split("\n")
    full = [line.strip() for line in lines if not is_blank(line) and not is_rule(line)]
    rules = sum(map(is_rule, lines))
    if any(len(line) > 1000 for line in full):
        return False
    if rules >= 1 and len(full) > rules:
        return True
    closed = sum(not line[-1].isalnum() and line[-1] not in ",;:-" for line in full)
    items = sum(line.startswith(("-", "*", "•", "[ ]", "[x]")) for line in full)
    long = sum(len(line) > 400 for line in full)
    return len(full) >= 3 and closed >= 0.6 * len(full) and items <= 0.3 * len(full) and long <= 0.2 * len(full)

"""Read from the words of posts whether one announces a thread, what number it bears, and whether it goes on with one.

"How I fire a kiln 🧵"                announces a thread
"(2/5) First, I dry it."              is the second of five
"All ash tables we used are here"     goes on with a thread about ash
"Happy new year, everyone!"           does not
"""

import re

_ANNOUNCES = re.compile(
    r"🧵|(?:👇|⬇️?|↓)\W*\Z|\b(?:a|short|quick|long|mini|small|brief|little|new|my)[ -]thread\b|\Athread\b(?! of)|"
    r"[(\[]thread[)\]]|\bthread\s*(?:[:👇⬇↓…]|below\b|follows\b|incoming\b|time\b|\Z)|"
    r"\b(?:un|mini|abro) ?hilo\b|\bhilo:",
    re.I,
)
_OF_ANOTHER = re.compile(r"(?:\bthread|🧵)\s*(?:by|from)\b", re.I)
_NUMBER = r"\(?\[?(\d{1,2})\s?/\s?(\d{1,2}|[nNxX](?![^\W_]))?\]?\)?"
_NUMBERED_FIRST = re.compile(rf"\W{{0,3}}{_NUMBER}(?=[\s:.)—–-]|\Z)")
_NUMBERED_LAST = re.compile(rf"(?<!\S){_NUMBER}\W{{0,4}}\Z")
_NUMBER_LENGTH = 30
_OPENS_AS_NEXT = re.compile(
    r"\W*(?:(?:and|but|so|then|now|next|also|first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|finally|lastly|moreover|"
    r"furthermore|additionally|however|instead|here|we|our|they|their|these|this|that|those|it|its|to do this|"
    r"in (?:addition|particular|short|summary|conclusion|other words)|for (?:example|instance|more)|as a result|"
    r"on top of|thanks|thank you|huge thanks|many thanks|joint work|work with|with|see|read|more|check out|full|paper|"
    r"preprint|code|blog|project|website|models?|data|dataset|links?|tl;?dr|ps|end|fin)\b|[/→↳⤷•-])",
    re.I,
)
_POINTS_BACK = re.compile(r"\b(?:we|our|ours|us|this|these|those|here|it|its|they|them|above|below|results?)\b", re.I)
_STARTS_ANEW = re.compile(
    r"\W*(?:new (?:paper|preprint|post|blog|work|job|project|video|episode|thread)|(?:so |very |super )?"
    r"(?:excited|thrilled|happy|delighted|proud|honou?red|pleased)\b|announcing|introducing|i(?:'|’)m hiring|"
    r"we(?:'|’)re hiring|congrat|good morning)",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_CJK_PAIR = re.compile(r"(?=([぀-ヿ㐀-鿿가-힣]{2}))")
_COMMON = frozenset(
    """all and any are but can did for get got had has her him his how its let may not now off one our out own per see
    she the too two use was way who why yes yet you about after again also always another because been before being
    could does doing done down each even every from good great have having here into itself just know like made make
    many more most much must need only other over people really same should some still such than that their them then
    there these they thing things think this those through time today under very want well were what when where which
    while will with work would your""".split()
)
_STEM = 6
_ENOUGH_SHARED = 2
_SEARCHED = 1500
"""Characters of a text that are looked at: five times the longest post."""


def announces(text: str) -> bool:
    """Whether a post says that more of it follows: ``🧵``, ``a thread``, ``1/5``."""
    number = number_of(text)
    if number is not None:
        return number[0] <= 1
    searched = text[:_SEARCHED]
    return _ANNOUNCES.search(searched) is not None and _OF_ANOTHER.search(searched) is None


def number_of(text: str) -> tuple[int, int | None] | None:
    """A post's number in its thread, and how many there are if it says so: ``(2/n)`` -> 2, None."""
    for match in (_NUMBERED_FIRST.match(text), _NUMBERED_LAST.search(text, max(0, len(text) - _NUMBER_LENGTH))):
        if match is not None:
            number, total = int(match[1]), match[2]
            if total is None or not total.isdigit():
                return number, None
            if number <= int(total) > 1:
                return number, int(total)
    return None


def opens_as_next(text: str) -> bool:
    """Whether a post opens as only a further one does: ``Finally, …``, ``We then …``, ``Paper: …``."""
    return _OPENS_AS_NEXT.match(text) is not None and _STARTS_ANEW.match(text) is None


def starts_anew(text: str, shared: int) -> bool:
    """Whether a post opens as news of its own, with hardly a word in common: ``Excited to share …``."""
    return _STARTS_ANEW.match(text) is not None and number_of(text) is None and shared < _ENOUGH_SHARED


def goes_on(text: str, shared: int, *, adjacent: bool) -> bool:
    """Whether a post reads like the next of a thread with which it has ``shared`` words in common.

    ``adjacent``: nothing doubtful lies between, so that a word in common or a ``this`` is enough.
    """
    if number_of(text) is not None or shared >= _ENOUGH_SHARED or opens_as_next(text):
        return True
    return adjacent and (shared > 0 or _POINTS_BACK.search(text[:_SEARCHED]) is not None)


def stems_of(text: str) -> set[str]:
    """The beginnings of the words that say what a text is about; pairs of characters where words have no spaces."""
    searched = text[:_SEARCHED].casefold()
    words = {word.removesuffix("s")[:_STEM] for word in _WORD.findall(searched) if word not in _COMMON}
    return words | set(_CJK_PAIR.findall(searched))

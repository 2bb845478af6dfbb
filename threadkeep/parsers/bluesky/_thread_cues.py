"""Cues in the words of a post: whether it announces a thread, its number in one, and whether it continues one.

"How I fire a kiln 🧵"                announces a thread
"(2/5) First, I dry it."              is the second of five
"All ash tables we used are here"     continues a thread about ash
"Happy new year, everyone!"           does not
"""

import re

_ANNOUNCES_THREAD = re.compile(
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
_OPENS_AS_CONTINUATION = re.compile(
    r"\W*(?:(?:and|but|so|then|now|next|also|first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|finally|lastly|moreover|"
    r"furthermore|additionally|however|instead|here|we|our|they|their|these|this|that|those|it|its|to do this|"
    r"in (?:addition|particular|short|summary|conclusion|other words)|for (?:example|instance|more)|as a result|"
    r"on top of|thanks|thank you|huge thanks|many thanks|joint work|work with|with|see|read|more|check out|full|paper|"
    r"preprint|code|blog|project|website|models?|data|dataset|links?|tl;?dr|ps|end|fin)\b|[/→↳⤷•-])",
    re.I,
)
_REFERS_BACK = re.compile(r"\b(?:we|our|ours|us|this|these|those|here|it|its|they|them|above|below|results?)\b", re.I)
_STARTS_NEW_TOPIC = re.compile(
    r"\W*(?:new (?:paper|preprint|post|blog|work|job|project|video|episode|thread)|(?:so |very |super )?"
    r"(?:excited|thrilled|happy|delighted|proud|honou?red|pleased)\b|announcing|introducing|i(?:'|’)m hiring|"
    r"we(?:'|’)re hiring|congrat|good morning)",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_CJK_PAIR = re.compile(r"(?=([぀-ヿ㐀-鿿가-힣]{2}))")
_STOP_WORDS = frozenset(
    """all and any are but can did for get got had has her him his how its let may not now off one our out own per see
    she the too two use was way who why yes yet you about after again also always another because been before being
    could does doing done down each even every from good great have having here into itself just know like made make
    many more most much must need only other over people really same should some still such than that their them then
    there these they thing things think this those through time today under very want well were what when where which
    while will with work would your""".split()
)
_STEM_LENGTH = 6
_MIN_SHARED_STEMS = 2
_SEARCH_LIMIT = 1500
"""Characters of a text that are searched: five times the longest post."""


def announces_thread(text: str) -> bool:
    """Whether a post announces more posts: ``🧵``, ``a thread``, ``1/5``."""
    number = thread_number(text)
    if number is not None:
        return number[0] <= 1
    searched = text[:_SEARCH_LIMIT]
    return _ANNOUNCES_THREAD.search(searched) is not None and _OF_ANOTHER.search(searched) is None


def thread_number(text: str) -> tuple[int, int | None] | None:
    """A post's number in its thread, and the total if stated: ``(2/n)`` -> 2, None."""
    for match in (_NUMBERED_FIRST.match(text), _NUMBERED_LAST.search(text, max(0, len(text) - _NUMBER_LENGTH))):
        if match is not None:
            number, total = int(match[1]), match[2]
            if total is None or not total.isdigit():
                return number, None
            if number <= int(total) > 1:
                return number, int(total)
    return None


def opens_as_continuation(text: str) -> bool:
    """Whether a post opens like the next post of a thread: ``Finally, …``, ``We then …``, ``Paper: …``."""
    return _OPENS_AS_CONTINUATION.match(text) is not None and _STARTS_NEW_TOPIC.match(text) is None


def starts_new_topic(text: str, shared: int) -> bool:
    """Whether a post opens as unrelated news, with hardly a word in common: ``Excited to share …``."""
    return _STARTS_NEW_TOPIC.match(text) is not None and thread_number(text) is None and shared < _MIN_SHARED_STEMS


def continues_thread(text: str, shared: int, *, adjacent: bool) -> bool:
    """Whether a post reads like the next of a thread with which it shares ``shared`` stems.

    ``adjacent``: no doubtful post lies between, so that one shared stem or a ``this`` is enough.
    """
    if thread_number(text) is not None or shared >= _MIN_SHARED_STEMS or opens_as_continuation(text):
        return True
    return adjacent and (shared > 0 or _REFERS_BACK.search(text[:_SEARCH_LIMIT]) is not None)


def word_stems(text: str) -> set[str]:
    """The stems of the content words of a text; pairs of characters in scripts without spaces."""
    searched = text[:_SEARCH_LIMIT].casefold()
    words = {word.removesuffix("s")[:_STEM_LENGTH] for word in _WORD.findall(searched) if word not in _STOP_WORDS}
    return words | set(_CJK_PAIR.findall(searched))

"""Codes of languages in the form of BCP 47, out of what networks write.

"zhCn", "zh_cn"     -> "zh-CN"
"in", "iw"          -> "id", "he"       withdrawn codes that X writes
"und", "qme"        -> None             no language
"""

import re

_WITHDRAWN = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv"}
_NO_LANGUAGE = frozenset("art mis mul und zxx".split())
_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,5}")
_JOINED = re.compile(r"([a-z]{2,3})([A-Z][A-Za-z]{1,3})")
_PRIVATE = re.compile(r"q[a-t][a-z]")
"""Codes of nobody's language: X has ``qme`` for posts of pictures only, ``qht`` for hashtags, and more."""


def language_code(written: str | None) -> str | None:
    """The code for what a source writes; None where that names no language, or is no code."""
    code = (written or "").strip().replace("_", "-")
    if joined := _JOINED.fullmatch(code):
        code = f"{joined[1]}-{joined[2]}"
    if not _CODE.fullmatch(code):
        return None
    language, *rest = code.lower().split("-")
    if language in _NO_LANGUAGE or _PRIVATE.fullmatch(language):
        return None
    parts = [_WITHDRAWN.get(language, language)]
    for part in rest:
        is_extension = any(len(before) == 1 for before in parts)
        if len(part) == 2 and not is_extension:
            parts.append(part.upper())
        else:
            parts.append(part.title() if len(part) == 4 and part.isalpha() and not is_extension else part)
    return "-".join(parts)

"""HTML made of any text: what is text stays text, and only what we say is an element.

element("p", escaped("1 < 2"), {"class": "sum"})     -> '<p class="sum">1 &lt; 2</p>'
text_of("One.\\n\\nTwo: https://a.test", [span])         -> '<p>One.</p>\\n\\n<p>Two: <a href=…>https://a.test</a></p>'
"""

import html
import re
from collections.abc import Mapping, Sequence

from threadkeep.exporters._markdown_escape import Span, trimmed, web_address
from threadkeep.platforms.web import is_web_url
from threadkeep.text.control_chars import escape_controls, replace_unstorable

_VOID = {"img", "meta"}
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def escaped(text: str) -> str:
    """Text as HTML, for between tags and for attributes; control characters and overrides are made visible."""
    return html.escape(escape_controls(replace_unstorable(text)))


def element(name: str, inner: str = "", attributes: Mapping[str, str | None] | None = None) -> str:
    """An element around HTML; attributes are text, those that are None are left out."""
    written = "".join(f' {key}="{escaped(value)}"' for key, value in (attributes or {}).items() if value is not None)
    return f"<{name}{written}>" if name in _VOID else f"<{name}{written}>{inner}</{name}>"


def name_element(name: str, text: str) -> str:
    """A name in an element, apart from the direction of what stands around it."""
    return element(name, element("bdi", escaped(text)))


def anchor(shown: str, url: str) -> str:
    """A link to an address on the web; the words alone where it is none. It tells nobody where it was followed from."""
    if not is_web_url(url):
        return escaped(shown)
    return element("a", escaped(shown), {"href": web_address(url), "rel": "noreferrer noopener nofollow ugc"})


def text_of(text: str, spans: Sequence[Span] = ()) -> str:
    """A post's text as paragraphs, every character of it, with ``spans`` as links: in order and not overlapping."""
    text = escape_controls(replace_unstorable(text))
    pieces, position = [], 0
    for span in trimmed(text, spans):
        pieces += [html.escape(text[position : span.start]), anchor(text[span.start : span.end], span.url)]
        position = span.end
    whole = "".join([*pieces, html.escape(text[position:])])
    # No link goes over a line's end, and no tag of ours holds one: blank lines part nothing but paragraphs.
    parts, last = [], 0
    for blank in _BLANK_LINES.finditer(whole):
        parts += [element("p", whole[last : blank.start()]), blank[0]]
        last = blank.end()
    return "".join([*parts, element("p", whole[last:])])


def language(tag: str | None) -> str | None:
    """The value of a ``lang`` attribute, where the tag is one."""
    return tag if tag and _LANGUAGE.fullmatch(tag) else None

"""Find the main text of a page: which element holds it, and what in it is navigation, a banner or an advertisement.

<body><nav>…</nav><div class="cookie-banner">…</div><main><article>The text.</article></main><footer>…</footer></body>
    -> the article

What a page calls its parts decides; the lengths of texts and links only say whether to believe it. Where nothing tells
the main text, it is all that is not called anything else.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from threadkeep.parsers._html.elements import Edge, Node, attribute, classes, events, every, named

_CHROME = frozenset("nav dialog form button menu noscript search".split())
_FRAME = frozenset("header footer aside".split())
"""Chrome around the main text, and part of it inside."""
_UNSEEN = frozenset("script style template title head svg textarea select noscript".split())
_ROLES = frozenset("navigation banner contentinfo search dialog alertdialog menu menubar toolbar complementary".split())
_CHROME_NAME = re.compile(
    r"(?:^|[-_ ])(?:cookie|cookies|consent|gdpr|onetrust|didomi|nav|navbar|navigation|menu|breadcrumbs?|sidebar|"
    r"side-bar|"
    r"share|sharing|sharedaddy|social|newsletter|subscribe|subscription|related|recommended|promo|popup|modal|overlay|"
    r"skip-link|skiplink|pagination|pager|post-nav|site-header|site-footer|masthead|footer|advert|advertisement|ads|ad|"
    r"paywall|toc|toolbar|mw-editsection|navbox|catlinks|printfooter|jp-relatedposts|sr-only|visually-hidden|"
    r"screen-reader-text|noprint)(?:$|[-_ ])",
    re.I,
)
_COMMENTS = re.compile(r"(?:^|[-_ ])(?:comments?|respond|disqus|discussion|responses|comment-list)(?:$|[-_ ])", re.I)
_CONTENT_NAME = frozenset(
    "entry-content post-content article-content article-body post-body story-body e-content markdown-body "
    "mw-parser-output content-body post__content article__body available-content post-full-content".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_LARGE = 0.4
"""The part of a page's text that an element must hold to be its main text, and that nothing called chrome may."""


@dataclass(frozen=True, slots=True)
class MainText:
    """The element with the main text, and what in it is not part of that."""

    node: Node
    is_chrome: Callable[[Node], bool]
    left_out: int
    comments: int
    """How many characters of the page, and of what readers wrote below, are not in it."""


def main_text(root: Node) -> MainText:
    """Find the main text of the page with the tree ``root``."""
    body = next(every(root, named("body")), root)
    sizes = _sizes(body, _is_unseen)
    whole = sizes.get(id(body), 0)
    node = _main_element(body, sizes, whole)
    inside = sizes.get(id(node), 0)
    chrome = {id(item) for item in _named_chrome(node, sizes, inside, is_whole=node is body)}
    comments = {id(item) for item in every(node, _is_comments) if sizes.get(id(item), 0) < _LARGE * inside}

    def is_chrome(item: Node) -> bool:
        return id(item) in chrome or id(item) in comments or _is_unseen(item)

    kept = sum(len(part.strip()) for part in events(node, is_chrome) if isinstance(part, str))
    if not kept and whole:  # nothing but what is called chrome
        return MainText(body, _is_unseen, 0, 0)
    written = sum(sizes.get(id(item), 0) for item in every(body, _is_comments) if not _inside(item, _is_comments))
    return MainText(node, is_chrome, max(0, whole - kept - written), written if whole > kept else 0)


def _sizes(body: Node, skips: Callable[[Node], bool]) -> dict[int, int]:
    """How many characters of text each element holds."""
    sizes = {id(body): 0}
    open_: list[tuple[int, int]] = []
    total = 0
    for item in events(body, skips):
        if isinstance(item, str):
            total += len(item.strip())
        elif isinstance(item, Edge) and not item.is_end:
            open_.append((id(item.tag), total))
        else:
            key, before = open_.pop()
            sizes[key] = total - before
    sizes[id(body)] = total
    return sizes


def _main_element(body: Node, sizes: dict[int, int], whole: int) -> Node:
    """The element that the page calls its article or its main part, if it holds enough of the text."""
    articles = [item for item in every(body, named("article")) if not _inside(item, named("article"))]
    outer = [
        item
        for item in articles
        if sizes.get(id(item), 0) > _LARGE * whole
        and not any(other is not item and other.parent is item.parent for other in articles)  # a list of articles
    ]
    told: list[Iterator[Node]] = [
        (item for item in every(body, lambda node: "articleBody" in (attribute(node, "itemprop") or "").split())),
        iter(outer if len(outer) == 1 else ()),
        (item for item in every(body, lambda node: not _CONTENT_NAME.isdisjoint(classes(node)))),
        (item for item in every(body, lambda node: node.name == "main" or attribute(node, "role") == "main")),
        (item for item in every(body, lambda node: attribute(node, "id") in ("content", "main", "main-content"))),
    ]
    for found in told:
        for item in found:
            if sizes.get(id(item), 0) >= _LARGE * whole or (item.name == "main" and sizes.get(id(item), 0) > 200):
                return item
    return body


def _named_chrome(node: Node, sizes: dict[int, int], inside: int, *, is_whole: bool) -> Iterator[Node]:
    """What in an element is called navigation, banner and the like, or looks like a menu."""
    for item in every(node, lambda item: True):
        size = sizes.get(id(item), 0)
        role = attribute(item, "role") or ""
        is_frame = (
            item.name in _FRAME and (is_whole or item.name != "header") and not _inside(item, named("blockquote"))
        )
        if item.name in _CHROME or role in _ROLES or (is_frame and size < 0.8 * inside):
            yield item
        elif size < _LARGE * inside and item.name not in ("html", "body", "p", "a", "code", "pre", "td"):
            name = f"{' '.join(classes(item))} {attribute(item, 'id') or ''}"
            if _CHROME_NAME.search(name) or (is_whole and _is_menu(item, size)):
                yield item


def _is_menu(item: Node, size: int) -> bool:
    """Whether an element is little but short links beside one another."""
    if item.name not in ("div", "ul", "ol", "table", "section", "center") or size > 1000:
        return False
    links = [
        len("".join(part.strip() for part in events(link) if isinstance(part, str))) for link in every(item, named("a"))
    ]
    return len(links) > 2 and sum(links) > 0.8 * size and sum(links) < 25 * len(links)


def _is_comments(node: Node) -> bool:
    if node.name not in ("div", "section", "ol", "ul", "aside"):
        return False
    return _COMMENTS.search(f"{' '.join(classes(node))} {attribute(node, 'id') or ''}") is not None


def _is_unseen(node: Node) -> bool:
    return (
        node.name in _UNSEEN
        or "hidden" in node.attrs
        or (attribute(node, "aria-hidden") == "true" and node.name not in ("body", "main", "article"))
        or _HIDDEN.search(attribute(node, "style") or "") is not None
    )


def _inside(item: Node, test: Callable[[Node], bool]) -> bool:
    return any(test(parent) for _, parent in zip(range(200), item.parents, strict=False))

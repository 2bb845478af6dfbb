"""Read the attachments of a post on a saved page of X: pictures, videos, link card, poll and counts.

<div data-testid="tweetPhoto"><img alt="A kiln" src="https://pbs.twimg.com/media/Ab1?format=jpg&name=small"></div>
    -> Media("image", "https://pbs.twimg.com/media/Ab1.jpg", alt="A kiln")
<button data-testid="like" aria-label="1204 Likes. Like"><span>1.2K</span></button>    -> likes: 1204
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs

from threadkeep.parsers._cards import Card
from threadkeep.parsers._html.elements import (
    Node,
    above,
    address,
    attribute,
    every,
    first,
    named,
    plain,
    split_address,
    tested,
)
from threadkeep.platforms.x import SITE
from threadkeep.records import Link, Media
from threadkeep.text.counts import read_exact_count

_NUMBER = re.compile(
    r"(\d{1,3}(?:[,.\u00a0\u202f]\d{3}){1,5}|\d{1,15})(?![\d.,]*\s?(?:[KMB](?!\w)|[万億亿만천]|mil\b|Mio|Tsd|тыс|млн))",
    re.A,
)
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,8}[a-z]{2,20}\s+", re.I)
_PERCENT = re.compile(r"\s*\d{1,3}(?:[.,]\d+)?\s?%\s*\Z")
_COUNTS = {"reply": "replies", "retweet": "reposts", "unretweet": "reposts", "like": "likes", "unlike": "likes"}
_LABELS = {"Reply": "replies", "Repost": "reposts", "Like": "likes"}
_ROWS = {"likes": "likes", "retweets": "reposts", "quotes": "quotes", "with_comments": "quotes", "analytics": "views"}
"""Counts by the last segment of the link they are on."""
_PARTS = re.compile(r",\s+|[、،]")
_STEMS = {
    "replies": "repl antwort répon respuesta respost rispost reacti antwoord 返信 回复 回覆 답글 ответ yanıt odpow",
    "reposts": "repost retweet リポスト リツイート 转帖 轉發 转推 轉推 재게시 리트윗 репост ретвит republi odsłon",
    "likes": "like gefällt aime gusta curti piace いいね 喜欢 喜歡 마음 нрав beğen polub",
    "views": "view angezeigt vues visuali reproduc weergav 表示 观看 觀看 查看 次瀏覽 조회 просмотр görüntü wyświet",
}
"""Beginnings of the words for each count in X's languages."""
_NO_ALT = frozenset(
    "image bild imagen imagem immagine afbeelding obraz görsel gambar billede kuva изображение "
    "画像 图像 图片 圖片 이미지".split()
)
"""X's alt text for pictures without description, by language."""


def media_of(node: Node) -> Iterator[Media]:
    """Yield the pictures and videos of a post, each once."""
    given: set[str | None] = {None}
    for item in every(node, named("img", "video")):
        if above(item, tested("card.wrapper", "Tweet-User-Avatar")) is not None:
            continue
        source = attribute(item, "src") or ""
        holder = above(item, tested("tweetPhoto", "videoPlayer", "previewInterstitial", "testCondensedMedia"))
        if item.name == "video":
            url = address(source) or address(attribute(first(item, named("source")), "src"))
            poster = attribute(item, "poster") or ""
            given.add(poster)
            yield Media("gif" if "tweet_video" in f"{url} {poster}" else "video", url=url)
        elif "video_thumb" in source:
            if source not in given and (holder is None or first(holder, named("video")) is None):
                yield Media("gif" if "tweet_video_thumb" in source else "video")
            given.add(source)
        elif "pbs.twimg.com/media/" in source or (holder is not None and first(holder, named("video")) is None):
            url = _picture(address(source))
            if url is None or url not in given:
                given.add(url)
                alt = attribute(item, "alt")
                yield Media("image", url=url, alt=alt if alt and alt.lower() not in _NO_ALT else None)


def card_of(node: Node, links: dict[str, str]) -> Card:
    """Return the link card; ``links`` maps the ``t.co`` addresses in the text to their targets.

    Its lines are the domain, the title and the description; a card of X itself (``/i/broadcasts/…``) has a title only.
    """
    wrapper = first(node, tested("card.wrapper"))
    link = first(wrapper, named("a"))
    href, label = attribute(link, "href"), attribute(link, "aria-label")
    if href is None:
        return Card()
    detail = first(wrapper, tested("card.layoutSmall.detail", "card.layoutLarge.detail"))
    lines = (plain(detail) or "").split("\n")
    if len(lines) > 1:
        title: str | None = lines[1]
    elif label:
        title = _DOMAIN.sub("", label, count=1)
    else:
        title = None if _DOMAIN.fullmatch(f"{lines[0]} ") else lines[0]
    url = f"{SITE}{href}" if href.startswith("/") and not href.startswith("//") else links.get(href, href)
    return Card(url, title, description=" ".join(lines[2:]))


def note_of(node: Node) -> tuple[Link, ...]:
    """Return the note that readers added to the post, as a card: its first line, and what it says."""
    pivot = first(node, tested("birdwatch-pivot"))
    lines = [line for line in (plain(pivot) or "").split("\n") if line]
    if pivot is None or not lines:
        return ()
    anchors = (attribute(anchor, "href") or "" for anchor in every(pivot, named("a")))
    path = next((href for href in anchors if "/birdwatch/" in href), None)
    url = f"{SITE}{path}" if path is not None and path.startswith("/") else path
    return (Link(url, title=f"Community Note: {lines[0]}", description="\n".join(lines[1:]) or None),)


def options_of(node: Node) -> list[str]:
    """Return the options of the poll, without percentages."""
    poll = first(node, tested("cardPoll"))
    if poll is None:
        return []
    chosen = list(every(poll, lambda item: item.attrs.get("role") == "radio")) or list(every(poll, named("li")))
    return [_PERCENT.sub("", " ".join((plain(option) or "").split())) for option in chosen]


def counts_of(node: Node) -> dict[str, int]:
    """Return the exact counts; labels for screen readers have them where the page shows ``1.2K``."""
    found: dict[str, int] = {}
    kind = None
    for item in every(node, named("a", "button", "div")):
        label, name = attribute(item, "aria-label") or "", attribute(item, "data-testid") or ""
        number = None
        if name in _COUNTS:
            kind, number = _COUNTS[name], _number(label)
        elif item.name == "a":
            kind = _ROWS.get((attribute(item, "href") or "").rpartition("/")[2])
            number = _number(label or plain(item) or "") if kind is not None else None
        elif item.attrs.get("role") == "group":
            found |= {key: value for key, value in _summed(label) if key not in found}
        elif item.name == "button" and label in _LABELS:
            kind = _LABELS[label]
        elif item.name == "button":
            number = read_exact_count(label)
        if kind is not None and number is not None:
            found.setdefault(kind, number)
            kind = None
    return found


def _summed(label: str) -> Iterator[tuple[str, int]]:
    """Yield the counts in the label of a row of buttons: ``5 replies, 28 reposts``, in any language of X."""
    for part in _PARTS.split(label):
        number, said = _number(part), part.lower()
        kind = next((kind for kind, stems in _STEMS.items() if any(stem in said for stem in stems.split())), None)
        if number is not None and kind is not None:
            yield kind, number


def _number(label: str) -> int | None:
    found = _NUMBER.search(label)
    return read_exact_count(found[1]) if found else None


def _picture(url: str | None) -> str | None:
    """Return the address of a picture in full size: ``…/media/Ab1?format=jpg&name=small`` -> ``…/media/Ab1.jpg``.

    X converts any picture to WebP, so for WebP the original format is unknown.
    """
    if url is None:
        return None
    parts = split_address(url)
    form = parse_qs(parts.query).get("format", [""])[0]
    is_own = form in ("jpg", "png") and parts.netloc == "pbs.twimg.com"
    return f"https://{parts.netloc}{parts.path}.{form}" if is_own else url

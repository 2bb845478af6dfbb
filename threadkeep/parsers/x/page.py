"""Read saved pages of X as the site is now, logged in or not: posts, threads, profiles, searches.

    <title>Mira Lane on X: "The kiln is hot." / X</title> <link rel="canonical" href="https://x.com/mira/status/1750">
    <article data-testid="tweet">…</article>      the posts: what the first of the page answers, itself, the replies
    <h2>Discover more</h2>                        what follows is suggested, and not of the conversation

Above the main post stand those it answers, each answering the one above it; below it first its author's continuation.
Both are inferred from the order. The page does not say whom the other replies answer, so only their thread is known.
Advertisements and suggestions are left out. Quoted posts come without their id.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from threadkeep.parsers._html.cutter import Attributes, Block, Head, Marks
from threadkeep.parsers._html.elements import (
    Node,
    Style,
    above,
    attribute,
    every,
    first,
    fragment,
    named,
    plain,
    tested,
)
from threadkeep.parsers._html.page_format import PROFILE, Accounts, PageFormat, SavedPage, with_thread
from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.values import get_count, get_object, get_objects, get_str, object_of
from threadkeep.parsers.entry import Entry
from threadkeep.parsers.x._ids_and_times import id_of
from threadkeep.parsers.x._page_links import account_of, handle_of, missing, post_address
from threadkeep.parsers.x._page_post import PagePost, author_of, is_post, place_of, read_post
from threadkeep.parsers.x._retweet import with_reposts
from threadkeep.platforms.x import PostAddress
from threadkeep.records import Account, Parsed, Pin, Ref, Repost, Skipped
from threadkeep.text.counts import read_exact_count

NAME = "x-page"
TITLE = "X page, saved as HTML (best effort)"
VERSION = 4

_SIGNS = (
    re.compile(
        r"<(?:article|div)\b[^<]{0,3000}\bdata-testid\s*=\s*[\"']?(?:tweet|twitterArticle\w+)\b"
        r"|<article\b[^<]{0,3000}data-tweet-id\s*=",
        re.I,
    ),
    re.compile(r"\b(?:twimg|x|twitter)\.com\b|/ X</title>", re.I),
)
_SIGN = re.compile(r"<article|<h2|placementTracking|User(?:Name|Description)|follow(?:ers|ing)|twitterArticle", re.I)
_TIMED = re.compile(r"href\s*=\s*[\"']?([^\"'\s<>]{0,200}/status/\d{1,20})\b[^<]{0,1000}>\s*<time\b")
_ID = re.compile(r"\d{1,20}", re.A)
_SCHEMA = re.compile(r"<script\b[^<>]{0,300}UserProfileSchema[^<>]{0,300}>")
_NETWORK = re.compile(r"/\w{1,30}/(?:verified_)?(followers|following)", re.A)
_MARKUP = re.compile(r"<[^<>]*+>")
_ARTICLE = re.compile(r"(//[^/]+/(?!i/)\w{1,30}/)article(?=/\d)", re.A)
"""The address of a long article, which has the id of its post."""
_SUGGESTIONS = frozenset(
    (
        "discover more|more tweets|more posts|mehr entdecken|découvrir plus|descubre más|descubrir más|descubra mais"
        "|scopri di più|meer ontdekken|もっと見つける|发现更多|發現更多|더 찾아보기|найти больше|daha fazlasını keşfet"
    ).split("|")
)
_ADVERTISEMENTS = (
    "ad promoted anzeige gesponsert sponsorisé publicité promocionado anuncio anúncio promovido sponsorizzato 広告 "
    "プロモーション 推荐 推廣 推广 광고 프로모션 реклама gesponsord reklama reklam iklan"
)
_REPOSTED = (
    "repost retweet retuit retwit ritwit ripubblic republi reenvi dalej gönderdi リポスト リツイート "
    "轉發 转发 转帖 转推 轉推 리트윗 재게시 репост ретвит"
)
_KINDS = {
    "placementTracking": "advertisement",
    "UserName": "name",
    "UserDescription": "bio",
    "twitterArticleReadView": "post",
    "twitterArticleRichTextView": "post",
}
"""Kinds of blocks by ``data-testid``; the last two are the only ones on the page of a long article."""
_PINNED = "pinned angeheftet angepinnt épinglé fijado fixado fissato 固定 ピン 置顶 置頂 закреп"
_NAME = re.compile(r"(.{1,200}) (?:reposted|retweeted)", re.I | re.S)
_STATISTICS = {"Follows": "followers", "Friends": "following", "Tweets": "posts"}


@dataclass(frozen=True, slots=True)
class _Page:
    """The main post of a page, if it has one, and the accounts yielded so far."""

    link: PostAddress | None
    accounts: Accounts = field(default_factory=Accounts)


@dataclass(frozen=True, slots=True)
class _Item:
    """A block, or the blocks of a profile's header, and the position of a post in its thread."""

    blocks: tuple[Block, ...]
    page: _Page
    above: Ref | None = None
    root: Ref | None = None
    is_own: bool = False
    is_suggested: bool = False
    schema: str | None = None


def parse(entry: Entry) -> Iterator[Parsed]:
    """Yield a post with its author, quotes and repost, or the account of a profile's header. Raises ValueError."""
    item: _Item = entry.data
    if entry.locator == PROFILE:
        yield from item.page.accounts.new(_profile(item))
        return
    block = item.blocks[0]
    tree = fragment(block)
    article = first(tree, named("article")) or tree
    if item.is_suggested:
        yield Skipped("suggested post", entry.locator)
    elif block.group == "advertisement" or _is_advertisement(article):
        yield Skipped("advertisement", entry.locator)
    elif not is_post(article):
        yield missing(None, plain(article), entry.locator)
    else:
        yield from with_reposts(_posts(article, item))


def _schema_in(text: str) -> str | None:
    """Return the JSON-LD of a profile."""
    found = _SCHEMA.search(text)
    end = text.find("</script", found.end()) if found is not None else -1
    return text[found.end() : end] if found is not None and end > 0 else None


def _kind(name: str, attributes: Attributes) -> str | None:
    if name in ("article", "h2"):
        return "post" if name == "article" else "heading"
    if name == "a" and _NETWORK.search(attributes.get("href", "")):
        return "network"
    return _KINDS.get(attributes.get("data-testid", ""))


def _page_link(head: Head, blocks: Sequence[Block]) -> PostAddress | None:
    """Return the main post: by the address of the page, or the focused article."""
    focused = next((block for block in blocks if block.attributes.get("tabindex") == "-1"), None)
    return post_address(_ARTICLE.sub(r"\1status", head.url or "")) or (
        _place_in(focused) if focused is not None else None
    )


def _place_in(block: Block) -> PostAddress | None:
    """Return the address of the post in a block, from its markup."""
    own = block.attributes.get("data-tweet-id", "")
    if _ID.fullmatch(own):
        link = re.search(rf"/(\w{{1,30}})/status/{own}\b", block.html)
        return PostAddress(link[1] if link else None, own)
    timed = _TIMED.search(block.html)
    return post_address(timed[1]) if timed else None


def _in_threads(blocks: Sequence[Block], page: _Page) -> list[_Item]:
    """Return the posts with the thread their order implies: down to the main post each answers the one above."""
    places = [_place_in(block) if block.kind == "post" else None for block in blocks]
    focal = _focal(blocks, places, page.link)
    items: list[_Item] = []
    upper, root, is_suggested = None, None, False
    for at, (block, place) in enumerate(zip(blocks, places, strict=True)):
        if block.kind == "heading":
            words = " ".join(_MARKUP.sub(" ", block.html).split()).lower()
            is_suggested = is_suggested or words in _SUGGESTIONS or (focal is not None and at > focal)
            continue
        if focal is None or is_suggested or block.group == "advertisement":
            items.append(_Item((block,), page, is_suggested=is_suggested))
            continue
        is_first = root is None and not items
        root = place.ref if is_first and place is not None else root
        goes_on = at <= focal or (upper is not None and place is not None and place.handle == upper.handle)
        items.append(_Item((block,), page, upper.ref if upper and goes_on else None, root, is_own=at == focal))
        upper = place if goes_on else None
    return items


def _focal(blocks: Sequence[Block], places: list[PostAddress | None], link: PostAddress | None) -> int | None:
    """Return the index of the main post. Until 2022 it had no time, only links below its own address."""
    if link is None:
        return None
    for at, place in enumerate(places):
        if place is not None and place.id == link.id:
            return at
    hanging = re.compile(
        rf"/status/{link.id}/(?:likes|retweets|quotes|history|photo|video|analytics)\b|/status/{link.id}[\"']"
    )
    for at, (block, place) in enumerate(zip(blocks, places, strict=True)):
        if place is None and block.kind == "post" and ("twitterArticle" in block.html or hanging.search(block.html)):
            places[at] = link
            return at
    return None


def _posts(article: Node, item: _Item) -> Iterator[Parsed]:
    accounts = item.page.accounts
    link = item.page.link
    is_own = item.is_own or (link is not None and _is_of(article, link))
    found = read_post(article, link if is_own else None)
    for quote in found.quoted:
        yield from accounts.new(quote.author)
        yield quote.post
    yield from accounts.new(found.author)
    yield with_thread(found.post, item.above, item.root)
    yield from _reason(article, found, accounts)


def _reason(article: Node, found: PagePost, accounts: Accounts) -> Iterator[Account | Repost | Pin]:
    """Yield the repost or pin for which a list shows the post."""
    context = first(article, tested("socialContext")) or _context_until_2021(article)
    said = plain(context) or ""
    around = (context, first(context, named("a")), above(context, named("a"))) if context is not None else ()
    handle = next((handle for node in around if (handle := handle_of(attribute(node, "href")))), None)
    verb = said.lower().split()[-1:]
    if handle is not None and any(word in verb[0] for word in _REPOSTED.split() if verb):
        name = _NAME.fullmatch(said)
        reposter = account_of(handle, name[1] if name and name[1] != "You" else None)
        yield from accounts.new(reposter)
        yield Repost(reposter.ref, found.post.ref)
    elif handle is None and any(word in said.lower() for word in _PINNED.split()):
        yield Pin(found.author.ref, found.post.ref)


def _context_until_2021(article: Node) -> Node | None:
    """Return the line above a repost of that time, without ``data-testid``: a profile link before the portrait."""
    for anchor in every(article, named("a")):
        said = plain(anchor)
        if said is not None:
            is_context = _NAME.fullmatch(said) and "@" not in said and above(anchor, tested("User-Name")) is None
            return anchor if is_context else None
    return None


def _is_of(article: Node, link: PostAddress) -> bool:
    """Whether an article without an author's name is the main post."""
    place = place_of(article, None)
    return author_of(article) is None and (place is None or place.id == link.id)


def _is_advertisement(article: Node) -> bool:
    """Whether an article is labelled as one and has no time, so no link to itself."""
    if first(article, named("time")) is not None or attribute(article, "data-tweet-id") is not None:
        return False
    words = _ADVERTISEMENTS.split()
    return any(str(string).strip().lower() in words for string in article.strings)


def _profile(item: _Item) -> Account:
    if item.schema is not None:
        return _described(item.schema)
    # The first of each kind is the header's; later ones are of suggested people.
    parts_of = {block.kind: fragment(block) for block in reversed(item.blocks) if block.kind != "network"}
    strings = [str(string).strip() for string in parts_of["name"].strings]
    handle = next((text[1:] for text in strings if re.fullmatch(r"@\w{1,30}", text)), None)
    if handle is None:
        raise ValueError("there is no handle in the profile's header")
    name = (plain(parts_of["name"]) or "").partition(f"@{handle}")[0]
    counts: dict[str, int | None] = {}
    for block in item.blocks:
        link = first(fragment(block), named("a")) if block.kind == "network" else None
        kind = _NETWORK.search(attribute(link, "href") or "")
        if kind is not None:
            counts.setdefault(kind[1], read_exact_count((plain(link) or "").partition(" ")[0]))
    return replace(
        account_of(handle, " ".join(name.split()) or None),
        bio=plain(parts_of.get("bio"), Style(keeps_lines=True)),
        followers=counts.get("followers"),
        following=counts.get("following"),
    )


def _described(schema: str) -> Account:
    """Convert the JSON-LD of a profile, which has its id and exact counts. Raises ValueError."""
    person = get_object(object_of(loads(schema), "the profile's description"), "mainEntity")
    handle = get_str(person, "additionalName")
    if handle is None:
        raise ValueError("there is no handle in the profile's description")
    counts = {
        get_str(item, "name"): get_count(item, "userInteractionCount")
        for item in get_objects(person, "interactionStatistic")
    }
    account = account_of(handle, get_str(person, "givenName"), id_of(person, "identifier"))
    numbers = {ours: counts.get(theirs) for theirs, ours in _STATISTICS.items()}
    return replace(
        account,
        bio=get_str(person, "description"),
        followers=numbers["followers"],
        following=numbers["following"],
        posts=numbers["posts"],
    )


def _lay_out(saved: SavedPage) -> Iterator[Entry]:
    """Yield the profile's header, if there is one, then the posts."""
    page = _Page(_page_link(saved.head, saved.blocks))
    header = tuple(block for block in saved.blocks if block.kind in ("name", "bio", "network"))
    schema = _schema_in(saved.text)
    if schema is not None or any(block.kind == "name" for block in header):
        yield Entry(PROFILE, _Item(header, page, schema=schema), schema or header[0].raw)
    posts = [block for block in saved.blocks if block.kind in ("post", "heading")]
    for number, item in enumerate(_in_threads(posts, page), 1):
        yield Entry(f"post {number}", item, item.blocks[0].raw)


_PAGES = PageFormat(_SIGNS, Marks(_SIGN, _kind, frozenset({"advertisement"}), nests=True), _lay_out)
recognizes, entries = _PAGES.recognizes, _PAGES.entries

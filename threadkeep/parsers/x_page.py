"""Read saved pages of X as the site is now, logged in or not: posts, threads, profiles, searches.

    <title>Mira Lane on X: "The kiln is hot." / X</title> <link rel="canonical" href="https://x.com/mira/status/1750">
    <article data-testid="tweet">…</article>      the posts: what the first of the page answers, itself, the replies
    <h2>Discover more</h2>                        what follows is suggested, and not of the conversation

Above the post that a page is about stand those it answers, each answering the one above it; below it first what its
author went on with. Both are concluded from the order; whom the other replies answer the page does not tell, so they
hang below the first post. Advertisements and suggestions are left out. A quoted post is shown without its id.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from threadkeep.parsers import Entry
from threadkeep.parsers._page_cuts import Attributes, Block, Head, Marks, cut, head_of, looked_at, no_posts, read_page
from threadkeep.parsers._pages import Node, Style, above, attribute, exact, first, fragment, named, plain, tested
from threadkeep.parsers._tweet_values import count_of, decoded, id_of, object_of, part, parts, words
from threadkeep.parsers._x_pages import Accounts, Permalink, account_of, handle_of, missing, permalink, with_thread
from threadkeep.parsers._x_web import author_of, is_post, place_of, shown
from threadkeep.records import Account, Parsed, Pin, Ref, Repost, Skipped
from threadkeep.sources import Source

NAME = "x-page"
TITLE = "X page, saved as HTML (best effort)"
VERSION = 1

_SIGNS = (
    re.compile(r"<article\b[^<]{0,3000}(?:data-testid\s*=\s*[\"']?tweet\b|data-tweet-id\s*=)", re.I),
    re.compile(r"\b(?:twimg|x|twitter)\.com\b|/ X</title>", re.I),
)
_SIGN = re.compile(r"<article|<h2|placementTracking|UserName|UserDescription|followers|following", re.I)
_TIMED = re.compile(r"href\s*=\s*[\"']?([^\"'\s<>]{0,200}/status/\d{1,20})\b[^<]{0,1000}>\s*<time\b")
_ID = re.compile(r"\d{1,20}", re.A)
_SCHEMA = re.compile(r"<script\b[^<>]{0,300}UserProfileSchema[^<>]{0,300}>")
_NETWORK = re.compile(r"/\w{1,30}/(?:verified_)?(followers|following)", re.A)
_MARKUP = re.compile(r"<[^<>]*+>")
_SUGGESTIONS = frozenset({"discover more", "more tweets", "more posts"})
_ADVERTISEMENTS = (
    "ad promoted anzeige gesponsert sponsorisé publicité promocionado anuncio anúncio promovido sponsorizzato 広告 "
    "プロモーション 推荐 推廣 推广 광고 프로모션 реклама gesponsord reklama reklam iklan"
)
_REPOSTED = "repost retweet retuit republic リポスト リツイート 轉發 转发 转推 轉推 репост ретвит"
_PINNED = "pinned angeheftet angepinnt épinglé fijado fixado fissato 固定 ピン 置顶 置頂 закреп"
_NAME = re.compile(r"(.{1,200}?) (?:reposted|retweeted)\b.*", re.I | re.S)
_STATISTICS = {"Follows": "followers", "Friends": "following", "Tweets": "posts"}


@dataclass(frozen=True, slots=True)
class _Page:
    """The post a page is about, if it is about one, and the accounts it has shown."""

    link: Permalink | None
    accounts: Accounts = field(default_factory=Accounts)


@dataclass(frozen=True, slots=True)
class _Item:
    """A block, or the parts of a profile's header, and where a post stands in its conversation."""

    blocks: tuple[Block, ...]
    page: _Page
    above: Ref | None = None
    root: Ref | None = None
    is_suggested: bool = False
    schema: str | None = None


def recognizes(source: Source) -> bool:
    """Whether the page has the elements of X's site of today, and mentions its hosts."""
    page = looked_at(source)
    return all(sign.search(page) for sign in _SIGNS)


def entries(source: Source) -> Iterator[Entry]:
    """The profile's header, if there is one, and the posts of the page. Raises DumpError where there is no post."""
    text = read_page(source)
    blocks = list(cut(text, Marks(_SIGN, _kind, frozenset({"advertisement"}), nests=True)))
    page = _Page(_page_link(head_of(text), blocks))
    header = tuple(block for block in blocks if block.kind in ("name", "bio", "network"))
    schema = _schema_in(text)
    if schema is not None or any(block.kind == "name" for block in header):
        yield Entry("profile", _Item(header, page, schema=schema), schema or header[0].raw)
    items = _laid_out([block for block in blocks if block.kind in ("post", "heading")], page)
    if not items:
        raise no_posts(source)
    for number, item in enumerate(items, 1):
        yield Entry(f"post {number}", item, item.blocks[0].raw)


def parse(entry: Entry) -> Iterator[Parsed]:
    """A post, with who wrote, quoted and passed it on; the account of a profile's header. Raises ValueError."""
    item: _Item = entry.data
    if entry.locator == "profile":
        yield from item.page.accounts.new(_profile(item))
        return
    block = item.blocks[0]
    article = first(fragment(block), named("article"))
    if item.is_suggested:
        yield Skipped("suggested post", entry.locator)
    elif article is None or block.group == "advertisement" or _is_advertisement(article):
        yield Skipped("advertisement", entry.locator)
    elif not is_post(article):
        yield missing(None, plain(article), entry.locator)
    else:
        yield from _posts(article, item)


def _schema_in(text: str) -> str | None:
    """What the page says of a profile in JSON."""
    found = _SCHEMA.search(text)
    end = text.find("</script", found.end()) if found is not None else -1
    return text[found.end() : end] if found is not None and end > 0 else None


def _kind(name: str, attributes: Attributes) -> str | None:
    if name in ("article", "h2"):
        return "post" if name == "article" else "heading"
    if name == "a" and _NETWORK.search(attributes.get("href", "")):
        return "network"
    kinds = {"placementTracking": "advertisement", "UserName": "name", "UserDescription": "bio"}
    return kinds.get(attributes.get("data-testid", ""))


def _page_link(head: Head, blocks: Sequence[Block]) -> Permalink | None:
    """The post the page is about: its address says, or the article that has the focus."""
    focused = next((block for block in blocks if block.attributes.get("tabindex") == "-1"), None)
    return permalink(head.url) or (_place_in(focused) if focused is not None else None)


def _place_in(block: Block) -> Permalink | None:
    """The place of the post in a block, from its markup."""
    own = block.attributes.get("data-tweet-id", "")
    if _ID.fullmatch(own):
        link = re.search(rf"/(\w{{1,30}})/status/{own}\b", block.html)
        return Permalink(link[1] if link else None, own)
    timed = _TIMED.search(block.html)
    return permalink(timed[1]) if timed else None


def _laid_out(blocks: Sequence[Block], page: _Page) -> list[_Item]:
    """The posts with what their order says: above the page's own post each answers the one before it."""
    places = [_place_in(block) if block.kind == "post" else None for block in blocks]
    own = page.link.id if page.link is not None else None
    focal = next((at for at, place in enumerate(places) if place is not None and place.id == own), None)
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
        items.append(_Item((block,), page, upper.ref if upper and goes_on else None, root))
        upper = place if goes_on else None
    return items


def _posts(article: Node, item: _Item) -> Iterator[Parsed]:
    accounts = item.page.accounts
    is_own = item.page.link is not None and _is_of(article, item.page.link)
    found = shown(article, item.page.link if is_own else None)
    for quote in found.quoted:
        yield from accounts.new(quote.author)
        yield quote.post
    yield from accounts.new(found.author)
    yield with_thread(found.post, item.above, item.root)
    context = first(article, tested("socialContext"))
    said = (plain(context) or "").lower()
    link = first(context, named("a")) or (above(context, named("a")) if context is not None else None)
    handle = handle_of(attribute(link, "href"))
    if handle is not None and any(word in said for word in _REPOSTED.split()):
        name = _NAME.fullmatch(plain(context) or "")
        reposter = account_of(handle, name[1] if name else None)
        yield from accounts.new(reposter)
        yield Repost(reposter.ref, found.post.ref)
    elif handle is None and any(word in said for word in _PINNED.split()):
        yield Pin(found.author.ref, found.post.ref)


def _is_of(article: Node, link: Permalink) -> bool:
    """Whether an article without an author's name is the page's own post."""
    place = place_of(article, None)
    return author_of(article) is None and (place is None or place.id == link.id)


def _is_advertisement(article: Node) -> bool:
    """Whether an article is labelled as one. Those have no time, and so no link to themselves."""
    if first(article, named("time")) is not None or attribute(article, "data-tweet-id") is not None:
        return False
    words = _ADVERTISEMENTS.split()
    return any(str(string).strip().lower() in words for string in article.strings)


def _profile(item: _Item) -> Account:
    if item.schema is not None:
        return _described(item.schema)
    parts_of = {block.kind: fragment(block) for block in item.blocks if block.kind != "network"}
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
            counts.setdefault(kind[1], exact((plain(link) or "").partition(" ")[0]))
    return replace(
        account_of(handle, " ".join(name.split()) or None),
        bio=plain(parts_of.get("bio"), Style(keeps_lines=True)),
        followers=counts.get("followers"),
        following=counts.get("following"),
    )


def _described(schema: str) -> Account:
    """The account as the page describes it for search engines, with its id and counts that are not rounded."""
    person = part(object_of(decoded(schema), "the profile's description"), "mainEntity")
    handle = words(person, "additionalName")
    if handle is None:
        raise ValueError("there is no handle in the profile's description")
    counts = {
        words(item, "name"): count_of(item, "userInteractionCount") for item in parts(person, "interactionStatistic")
    }
    account = account_of(handle, words(person, "givenName"), id_of(person, "identifier"))
    numbers = {ours: counts.get(theirs) for theirs, ours in _STATISTICS.items()}
    return replace(
        account,
        bio=words(person, "description"),
        followers=numbers["followers"],
        following=numbers["following"],
        posts=numbers["posts"],
    )

"""Read one post, or the header of a profile, of a saved page of Mastodon. ``page`` cuts the page into these.

<a href="/@mira/1125" class="status__relative-time"><time datetime="2026-04-20T12:05:00.000Z">5m</time></a>
<span class="display-name"><strong class="display-name__html">Mira Lane</strong>
  <span class="display-name__account">@mira</span></span>
<div class="status__content__text" lang="en"><p>The kiln is hot.</p></div>
    -> mastodon:https://kilns.example/users/mira/statuses/1125 by mira@kilns.example
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from threadkeep.parsers._cards import poll_of
from threadkeep.parsers._html.elements import (
    Node,
    all_classed,
    attribute,
    classed,
    classes,
    every,
    first,
    has_class,
    inner_html,
    named,
    plain,
    split_address,
)
from threadkeep.parsers._html.page_format import Accounts
from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.values import get_objects, get_str, object_of
from threadkeep.parsers.fediverse._post_html import HtmlText, html_to_text
from threadkeep.parsers.fediverse._values import (
    InvalidTime,
    distinct_handles,
    handle_of_mention,
    kind_of_media,
    parse_time,
    tags_of,
    with_card,
)
from threadkeep.platforms import mastodon
from threadkeep.records import Account, Media, Post, Ref, When, account_ref, post_ref
from threadkeep.text.counts import read_exact_count
from threadkeep.text.languages import language_code

_HANDLE = re.compile(r"@[\w.-]{1,100}(?:@[\w.:-]{1,253})?", re.A)
_VISIBILITIES = {"public": "public", "unlisted": "unlisted", "private": "followers", "direct": "direct"}
_VISIBLE = re.compile(r"(?:detailed-status__wrapper|status__wrapper|status)-(public|unlisted|private|direct)")
_NO_TEXT = has_class(
    "poll",
    "translate-button",
    "status__content__translate-button",
    "status__content__read-more-button",
    "status__content__spoiler-link",
)


class StatusAddress(NamedTuple):
    """The address of a post: its ActivityPub id, its page, the handle of its author, and its number on the server.

    A server shows posts of other servers under its own numbers, which are not ids: their ``id`` begins with ``~``.
    """

    id: str
    url: str
    handle: str | None
    number: str | None

    @property
    def ref(self) -> Ref:
        """The post."""
        return Ref(mastodon.NAME, self.id)


@dataclass(slots=True)
class MastodonPage:
    """A page: its server, the address and time of its own post, and the accounts shown so far."""

    base: str | None
    domain: str | None
    address: StatusAddress | None = None
    published: str | None = None
    id_prefixes: dict[str, str] = field(default_factory=dict)
    """The prefix of the ids of a handle's posts, if the page shows that they are numbered."""
    accounts: Accounts = field(default_factory=Accounts)

    def handle(self, name: str, host: str | None) -> str:
        """``mira`` -> ``mira@kilns.example``, on the server of the page."""
        host = host or self.domain
        return f"{name}@{host}" if host else name

    def address_of(self, href: str | None) -> StatusAddress | None:
        """The address of the post that a link leads to; None if it leads to none."""
        parts = split_address(href)
        base = f"{parts.scheme}://{parts.netloc}" if parts.netloc else self.base
        if base is None or not base.startswith("http"):
            return None
        if (post := mastodon.parse_post_path(parts.path)) is not None:
            own_hosts = {None, base.partition("://")[2]} | ({self.domain} if base == self.base else set())
            if post.host in own_hosts:
                return self._own(base, post.name, post.number)
            handle = f"{post.name}@{post.host}"
            url = f"{base}/@{handle}/{post.number}"
            return StatusAddress(f"~{url}", url, handle, post.number)
        return StatusAddress(f"~{href}", href, None, None) if href and parts.netloc and len(parts.path) > 1 else None

    def _own(self, base: str, name: str, number: str) -> StatusAddress:
        """A post of the server's own account, by its number."""
        handle = self.handle(name, None) if base == self.base else f"{name}@{base.partition('://')[2]}"
        prefix = self.id_prefixes.get(handle)
        id_ = f"{prefix}{number}" if prefix else mastodon.post_id(base, name, number)
        return StatusAddress(id_, f"{base}/@{name}/{number}", handle, number)

    def person(self, href: str | None) -> str | None:
        """The handle in the address of a profile; None for other addresses."""
        parts = split_address(href)
        found = mastodon.parse_account_path(parts.path)
        if found is None:
            return None
        name, host = found
        is_own = not parts.netloc or f"{parts.scheme}://{parts.netloc}" == self.base
        return self.handle(name, host) if is_own or host else f"{name}@{parts.netloc}"


def author_of(node: Node, page: MastodonPage) -> Account:
    """The author of a post. Raises ValueError if nobody is named."""
    holder = classed(node, "display-name") or node
    shown = _HANDLE.search(plain(classed(holder, "display-name__account")) or plain(holder) or "")
    link = classed(node, "status__display-name", "detailed-status__display-name")
    handle = page.person(attribute(link, "href"))
    if handle is None and shown is not None:
        name, _, host = shown[0][1:].partition("@")
        handle = page.handle(name, host or None)
    if handle is None:
        raise ValueError("there is no author's name on the post")
    return account_of(handle, plain(classed(holder, "display-name__html")))


def account_of(handle: str, name: str | None) -> Account:
    """The account with a handle."""
    return Account(account_ref(mastodon.NAME, handle), handle, name)


def address_of(node: Node, page: MastodonPage) -> StatusAddress | None:
    """The address of a post: the link on its time."""
    return page.address_of(attribute(classed(node, "status__relative-time", "detailed-status__datetime"), "href"))


def read_post(node: Node, author: Account, page: MastodonPage) -> Post:
    """The post in ``node``. Raises ValueError."""
    address = address_of(node, page)
    warning = _warning(node)
    content = _content(node)
    shown = _text_of(content, page)
    bar = classed(node, "hashtag-bar")
    below = _tags_below(bar)
    text = "\n\n".join(filter(None, (shown.text, " ".join(below))))
    created = _created(node, address, page)
    is_own = address is not None and page.address is not None and address.number == page.address.number
    known = page.address if is_own else address
    inferred = ["created"] if created is not None and created.origin == "derived" else []
    if (content is None and warning is not None) or first(bar, named("button")) is not None:
        inferred.append("truncated")
    card = classed(node, "status-card")
    return Post(
        known.ref if known else post_ref(mastodon.NAME, author.handle, text),
        author.ref,
        text,
        created=created,
        url=address.url if address else None,
        links=with_card(
            shown.links,
            attribute(card, "href") or attribute(first(card, named("a")), "href"),
            plain(classed(card, "status-card__title")),
            plain(classed(card, "status-card__description")),
        ),
        media=tuple(_media(node)),
        poll=poll_of((plain(item), None) for item in all_classed(node, "poll__option__text")),
        tags=tags_of((*shown.tags, *below), shown),
        mentions=distinct_handles(handle_of_mention(mention) for mention in shown.mentions),
        language=language_code(attribute(content, "lang")),
        warning=warning,
        visibility=_visibility(node),
        counts=_counts(node),
        inferred=tuple(inferred),
    )


def parse_profile(tree: Node, page: MastodonPage) -> Account:
    """The account in a profile's header. Raises ValueError."""
    names = classed(tree, "account__header__tabs__name", "public-account-header__tabs__name") or tree
    title, small = first(names, named("h1")) or names, first(names, named("small"))
    shown = _HANDLE.search(plain(small) or plain(title) or "")
    if shown is None:
        raise ValueError("there is no handle in the profile's header")
    name, _, host = shown[0][1:].partition("@")
    handle = page.handle(name, host or None)
    heading = (plain(title) or "").partition(shown[0])[0]
    bio = classed(tree, "account__header__content")
    numbers = [_number(node) for node in _numbers(tree)]
    posts, following, followers = numbers if len(numbers) == 3 else (None, None, None)
    account = account_of(handle, " ".join(heading.split()) or None)
    return Account(
        account.ref,
        handle,
        account.name,
        bio=_text_of(bio, page).text or None,
        url=f"{page.base}/@{name}" if page.base and (host or page.domain) == page.domain else None,
        followers=followers,
        following=following,
        posts=posts,
    )


def _numbers(tree: Node) -> list[Node]:
    """The counts of posts, following and followers, in the order of every version."""
    links = classed(tree, "account__header__extra__links")
    if links is not None:
        return list(every(links, named("a")))
    return all_classed(tree, "counter-number")[:3]


def _number(node: Node) -> int | None:
    return read_exact_count(attribute(node, "title")) or read_exact_count((plain(node) or "").partition(" ")[0])


def _content(node: Node) -> Node | None:
    return classed(node, "status__content__text") or classed(node, "e-content") or classed(node, "status__content")


def _text_of(content: Node | None, page: MastodonPage) -> HtmlText:
    """The text, with addresses of the server's own pages written out."""
    if content is None:
        return HtmlText()
    for item in list(every(content, _NO_TEXT)):
        item.extract()
    for anchor in every(content, named("a")):
        href = attribute(anchor, "href")
        if href is not None and href.startswith("/") and page.base is not None:
            anchor["href"] = f"{page.base}{href}"
    return html_to_text(inner_html(content), without_quote=True)


def _tags_below(bar: Node | None) -> list[str]:
    """The hashtags of the last line of a text: the page removes that line and shows it below."""
    anchors = every(bar, named("a")) if bar is not None else ()
    return [tag for anchor in anchors if (tag := plain(anchor))]


def _warning(node: Node) -> str | None:
    """The content warning."""
    banner = classed(node, "content-warning") or classed(node, "p-summary")
    if banner is None:
        link = classed(node, "status__content__spoiler-link")
        banner = link.parent if link is not None else None
    if banner is None:
        return None
    for button in list(every(banner, named("button"))):
        button.extract()
    return plain(banner)


def _created(node: Node, address: StatusAddress | None, page: MastodonPage) -> When | None:
    """When the post was created: as its element states, or the page for its own post, or by the server's number."""
    number = address.number if address is not None else None
    is_own = number is not None and page.address is not None and page.address.number == number
    stated = attribute(first(node, named("time")), "datetime") or (page.published if is_own else None)
    if stated is not None:
        try:
            return parse_time(stated)
        except InvalidTime:
            pass  # the number in its address has it too
    if number is None:
        return None
    derived = mastodon.snowflake_time(number)
    return When(derived, origin="derived") if derived else None


def _visibility(node: Node) -> str | None:
    found = (_VISIBLE.fullmatch(name) for item in (node, *every(node, lambda _: True)) for name in classes(item))
    return next((_VISIBILITIES[match[1]] for match in found if match), None)


def _media(node: Node) -> Iterator[Media]:
    for item in every(node, lambda item: "data-component" in item.attrs):
        yield from _component_media(item)
    for item in all_classed(node, "media-gallery__item", "video-player", "audio-player"):
        film, sound = first(item, named("video")), first(item, named("audio"))
        link, image = classed(item, "media-gallery__item-thumbnail"), first(item, named("img"))
        if sound is not None:
            yield Media("audio", url=attribute(sound, "src"), alt=_label(sound) or _label(item))
        elif film is not None:
            is_gif = "media-gallery__item" in classes(item)
            yield Media("gif" if is_gif else "video", url=attribute(film, "src"), alt=_label(film))
        elif image is not None:
            yield Media("image", url=attribute(link, "href") or attribute(image, "src"), alt=attribute(image, "alt"))


def _label(node: Node) -> str | None:
    return attribute(node, "aria-label") or attribute(node, "title")


def _component_media(node: Node) -> Iterator[Media]:
    """The media in the JSON of pages until 2022, which a script was to show."""
    component = attribute(node, "data-component")
    if component not in ("MediaGallery", "Video", "Audio"):
        return
    props = object_of(loads(attribute(node, "data-props") or "{}"), "data-props")
    if component != "MediaGallery":
        yield Media(component.lower(), url=get_str(props, "src"), alt=get_str(props, "alt"))
        return
    for item in get_objects(props, "media"):
        url = get_str(item, "url")
        kind = {"gifv": "gif"}.get(
            get_str(item, "type") or "", get_str(item, "type") or kind_of_media(None, url, "image")
        )
        yield Media(kind, url=url, alt=get_str(item, "description"))


def _counts(node: Node) -> dict[str, int]:
    found = {}
    for name, kind in (("detailed-status__reblogs", "reposts"), ("detailed-status__favorites", "likes")):
        count = read_exact_count(plain(classed(node, name)))
        if count is not None:
            found[kind] = count
    return found

"""Convert an ActivityStreams post or actor into a Post or an Account.

    {"id": "https://kilns.example/users/mira/statuses/1", "type": "Note", "summary": "food", "sensitive": true,
     "content": "<p>Frost again.</p>", "published": "2024-05-01T06:00:00Z", "to": ["as:Public"],
     "attachment": [{"type": "Document", "mediaType": "image/jpeg", "url": "/instance/…/a.jpg", "name": "a bowl"}]}

``updated`` means that a post was edited; only ``formerRepresentations`` has earlier versions.
"""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from threadkeep.parsers._cards import plain_words, poll_of
from threadkeep.parsers._json.values import Object, get_str
from threadkeep.parsers.fediverse._object_values import (
    address_of,
    id_of,
    in_language,
    objects,
    stated_type,
    total_of,
    type_of,
    visibility_of,
    when_of,
)
from threadkeep.parsers.fediverse._post_html import HtmlText, html_to_text, plain_text
from threadkeep.parsers.fediverse._values import (
    distinct_handles,
    handle_at,
    handle_in,
    handle_of_mention,
    host_of,
    is_bridged,
    kind_of_media,
    tags_of,
)
from threadkeep.platforms import mastodon
from threadkeep.records import Account, Edit, Link, Media, PollOption, Post, Ref, When, account_ref, post_ref
from threadkeep.text.languages import language_code

_MEDIA = frozenset("Document Image Video Audio".split())
_WITHOUT_TITLE = frozenset({"Note", "Question"})
_COUNTS = (("replies", "replies"), ("reposts", "shares"), ("likes", "likes"))

QUOTES = ("quote", "quoteUri", "_misskey_quote", "quoteUrl")
"""Keys of the quoted post; the last may hold its address instead of its id."""


class ArchiveFiles:
    """The files of a container, found by the end of the path of a post's media."""

    def __init__(self, members: Iterable[str] = (), folder: str = "") -> None:
        """``folder`` is the prefix of the members' names before the paths begin."""
        self._members = {name[len(folder) :]: name for name in members if name.startswith(folder)}

    def find(self, path: str) -> str | None:
        """``/instance/media_attachments/files/1/a.jpg`` -> ``media_attachments/files/1/a.jpg``, if that is there."""
        for spelled in dict.fromkeys((path, unquote(path))):
            parts = [part for part in spelled.partition("?")[0].split("/") if part]
            # A bare file name is found only for a bare path: other files may have the same name.
            for first in range(max(1, len(parts) - 1)):
                if member := self._members.get("/".join(parts[first:])):
                    return member
        return None


class PostContext(NamedTuple):
    """The context of a post: the activity that created it, its author, and the files of the source.

    ``followers`` is the address of the author's collection of followers.
    """

    activity: Object
    author: Account | None
    followers: str | None
    files: ArchiveFiles


class _PostText(NamedTuple):
    text: str
    shown: HtmlText
    title: str | None
    warning: str | None
    language: str | None


def post_of(item: Object, context: PostContext) -> tuple[Post, str | None]:
    """The post in ``item``, and what is wrong with its time, if anything. Raises ValueError."""
    created, wrong = when_of(item.get("published"), context.activity.get("published"))
    id_, url = id_of(item, "id"), address_of(item.get("url"))
    quoted, parent = _quoted(item, id_), id_of(item.get("inReplyTo"), "inReplyTo")
    body = _body(item, is_quoting=bool(quoted))
    author = context.author
    who = author and (author.handle or author.ref.id)
    media, cards = _attachments(item, context.files)
    mentions, tags = _mentions_and_tags(item, body.shown)
    post = Post(
        Ref(mastodon.NAME, id_) if id_ else post_ref(mastodon.NAME, who if isinstance(who, str) else None, body.text),
        author.ref if author else None,
        body.text,
        title=body.title,
        created=created,
        url=url if host_of(url) else None,
        reply_to=Ref(mastodon.NAME, parent) if parent and parent != id_ else None,
        quotes=quoted,
        links=(*body.shown.links, *cards),
        media=media,
        poll=_poll(item),
        tags=tags,
        mentions=mentions,
        language=language_code(body.language),
        warning=body.warning,
        visibility=visibility_of(item, context.activity, context.followers),
        counts={ours: total for ours, key in _COUNTS if (total := total_of(item.get(key))) is not None},
        edits=_edits(item),
        edited=_edited(item, created),
    )
    return post, wrong


def _quoted(item: Object, own: str | None) -> tuple[Ref, ...]:
    id_ = next((id_ for key in QUOTES if (id_ := id_of(item.get(key), key))), None)
    return (Ref(mastodon.NAME, id_),) if id_ and id_ != own else ()


def _body(item: Object, *, is_quoting: bool) -> _PostText:
    """Text, title and warning. The summary of a note is a warning, that of an article part of its text."""
    html, language = in_language(item, "content")
    summary, _ = in_language(item, "summary")
    title = None
    if type_of(item) not in _WITHOUT_TITLE:
        title, _ = in_language(item, "name")
        if html is None:
            html = summary
        summary = None
    shown = html_to_text(html or "", without_quote=is_quoting, keeps_lines=is_bridged(id_of(item, "id")))
    warning = plain_words(summary) or ("sensitive" if item.get("sensitive") is True else None)
    return _PostText(shown.text, shown, title, warning, language)


def _poll(item: Object) -> tuple[PollOption, ...]:
    """``{"oneOf": [{"type": "Note", "name": "Raku", "replies": {"totalItems": 3}}]}`` -> ``PollOption("Raku", 3)``."""
    options = (option for key in ("oneOf", "anyOf") for option in objects(item, key))
    return poll_of((get_str(option, "name"), total_of(option.get("replies"))) for option in options)


def _mentions_and_tags(item: Object, shown: HtmlText) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The handles and hashtags of a post, by its ``tag`` or else by its HTML.

    ``{"type": "Mention", "href": "https://kilns.example/users/bea", "name": "@bea"}`` -> ``bea@kilns.example``
    """
    if "tag" not in item:
        return distinct_handles(map(handle_of_mention, shown.mentions)), tags_of(shown.tags, shown)
    mentions: list[str | None] = []
    tags: list[str] = []
    for tag in objects(item, "tag"):
        kind, name, href = stated_type(tag), get_str(tag, "name"), address_of(tag)
        if kind == "Mention":
            # A name without @ is a display name, not a handle.
            mentions.append(handle_at(name, href) if name and name.startswith("@") else handle_in(href))
        elif kind in ("Hashtag", "Tag") and name:
            tags.append(name)
    return distinct_handles(mentions), tags_of(tags, shown)


def _attachments(item: Object, files: ArchiveFiles) -> tuple[tuple[Media, ...], tuple[Link, ...]]:
    """The media of a post, and its link cards."""
    media: dict[str, Media] = {}
    cards: list[Link] = []
    own = [item] if type_of(item) in _MEDIA else []  # a post that is a picture or a video
    for thing in (*own, *objects(item, "attachment"), *objects(item, "image")):
        kind = stated_type(thing)
        family = kind.lower() if kind in ("Image", "Video", "Audio") else "unknown"
        address = address_of(thing.get("url", thing.get("href")), "" if family == "unknown" else family)
        name, _ = in_language(thing, "name")
        if kind in _MEDIA:
            found = Media(
                kind_of_media(get_str(thing, "mediaType"), address, family),
                address if host_of(address) else None,
                files.find(address or ""),
                None if thing is item else name,
            )
            media.setdefault(address or f"~{len(media)}", found)
        elif host_of(address):
            description, _ = in_language(thing, "summary")
            cards.append(Link(address, title=plain_words(name), description=plain_words(description)))
    return tuple(media.values()), tuple(cards)


def _edited(item: Object, created: When | None) -> When | None:
    """When the version shown was written, if it was edited; servers write ``updated`` on every object they touch."""
    updated, _ = when_of(item.get("updated"))
    return None if updated is None or (created and updated.instant <= created.instant) else updated


def _edits(item: Object) -> tuple[Edit, ...]:
    """The earlier versions of a post, oldest first (Pleroma keeps them, Mastodon does not)."""
    found = []
    for holder in objects(item, "formerRepresentations"):
        for version in objects(holder, "orderedItems"):
            html, _ = in_language(version, "content")
            if html is not None:
                found.append(
                    Edit(html_to_text(html).text, when_of(version.get("updated"), version.get("published"))[0])
                )
    if all(edit.created for edit in found):
        found.sort(key=lambda edit: edit.created.instant.timestamp() if edit.created else 0)
    return tuple(found)


def account_of(actor: Object) -> Account:
    """The account in an actor object. Raises ValueError if nothing identifies it.

    ``{"id": I, "type": "Person", "preferredUsername": "mira", "summary": "<p>Pots.</p>"}`` -> ``Account(I, mira@host)``
    """
    id_, url = id_of(actor, "actor"), address_of(actor.get("url"))
    name, _ = in_language(actor, "name")
    username, full = get_str(actor, "preferredUsername"), get_str(actor, "webfinger")
    ref = Ref(mastodon.NAME, id_) if id_ else account_ref(mastodon.NAME, name) if name else None
    if ref is None:
        raise ValueError("an actor has neither 'id' nor 'url' nor 'name'")
    if full and "@" in full:
        handle = handle_at(full.removeprefix("acct:"), None)
    else:
        handle = handle_at(username, id_ or url) if username else handle_in(url)
    summary, _ = in_language(actor, "summary")
    return Account(
        ref,
        handle,
        name,
        plain_text(summary) if summary else None,
        url,
        followers=total_of(actor.get("followers")),
        following=total_of(actor.get("following")),
        posts=total_of(actor.get("outbox")),
    )

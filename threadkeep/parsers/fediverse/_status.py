"""Convert statuses and accounts of Mastodon's API into records.

    {"id": "11", "uri": "https://kilns.example/users/mira/statuses/11", "url": "https://kilns.example/@mira/11",
     "created_at": "2024-05-01T06:00:00.000Z", "in_reply_to_id": "10", "in_reply_to_account_id": "3",
     "content": "<p>Frost again.</p>", "spoiler_text": "", "sensitive": false, "visibility": "public",
     "account": {"id": "3", "acct": "mira", "uri": "https://kilns.example/users/mira", …}, "reblog": null, …}

A status names its parent by the number that the responding server gave it, not by its id. ``StatusIds`` maps the
numbers in the source to ids. For others the id is the number after ``~``: a reply to a post of unknown id.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from threadkeep.parsers._cards import plain_words, poll_of
from threadkeep.parsers._json.values import (
    Object,
    get_count,
    get_counts,
    get_object,
    get_objects,
    get_str,
    kind_of,
)
from threadkeep.parsers.fediverse._object_values import when_of
from threadkeep.parsers.fediverse._post_html import HtmlText, html_to_text, plain_text
from threadkeep.parsers.fediverse._values import (
    distinct_handles,
    handle_at,
    handle_of_mention,
    host_of,
    is_bridged,
    kind_of_media,
    tags_of,
    with_card,
)
from threadkeep.platforms import mastodon
from threadkeep.records import (
    Account,
    Edit,
    Media,
    Parsed,
    Pin,
    PollOption,
    Post,
    Ref,
    Repost,
    Skipped,
    When,
    account_ref,
    post_ref,
)
from threadkeep.text.ids import exact_id
from threadkeep.text.languages import language_code

_COUNTS = (
    ("replies", "replies_count"),
    ("reposts", "reblogs_count"),
    ("likes", "favourites_count"),
    ("quotes", "quotes_count"),
)
_KINDS = {"image": "image", "video": "video", "gifv": "gif", "audio": "audio"}
_VISIBILITIES = {
    "public": "public",
    "unlisted": "unlisted",
    "private": "followers",
    "mutual": "followers",
    "local": "followers",
}
"""The API's values to ours. Other software has more, each for fewer people: those count as direct."""


class StatusText(NamedTuple):
    """The text of a status, or of one version of it."""

    text: str
    shown: HtmlText


class StatusIds:
    """Maps the numbers that one server gave the statuses of a source to their ids."""

    def __init__(self) -> None:
        self._ids: dict[str, str | None] = {}
        self._beginnings: dict[str, str] = {}

    def add(self, status: Object) -> None:
        """Add a status with those it boosts and quotes. Raises ValueError."""
        pending = [status]
        while pending:
            item = pending.pop()
            pending += [inner for inner in (_reblog(item), _quoted(item)) if inner]
            number, uri, account = (
                number_of(item, "id"),
                get_str(item, "uri"),
                number_of(get_object(item, "account"), "id"),
            )
            if number is None or uri is None:
                continue
            # A number of two servers is ambiguous.
            self._ids[number] = uri if self._ids.get(number, uri) == uri else None
            if account and uri.endswith(f"/statuses/{number}"):
                self._beginnings[account] = uri[: -len(number)]

    def id_of(self, number: str | None, account: str | None = None) -> str | None:
        """The id of a status by its number; of one not in the source, by the ids of its author's other statuses."""
        if number is None:
            return None
        if number not in self._ids and account in self._beginnings:
            return self._beginnings[account] + number
        return self._ids.get(number)

    def parent(self, status: Object) -> Ref | None:
        """The parent of a status; ``mastodon:~10`` if its id is unknown."""
        number = number_of(status, "in_reply_to_id")
        id_ = self.id_of(number, number_of(status, "in_reply_to_account_id"))
        return None if number is None else Ref(mastodon.NAME, id_ or f"~{number}")


def number_of(object_: Object, key: str) -> str | None:
    """The number under ``key`` as text; None if it lost digits. Raises ValueError if it is no number and no string."""
    value = object_.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return exact_id(value)
    if not isinstance(value, str):
        raise ValueError(f"{key!r} should be an id, found {kind_of(value)}")
    return exact_id(value)


def records_of(status: Object, ids: StatusIds, root: Ref | None = None) -> Iterator[Parsed]:
    """A status with its author, and those it boosts and quotes with theirs. Raises ValueError.

    ``{"uri": U, "account": A, "reblog": {"uri": V, "account": B, …}}`` -> ``Account(A)``, ``Repost(A, V)``,
    ``Account(B)``, ``Post(V, author=B)``. ``root`` is the first post of the conversation it was fetched with.
    """
    pending = [status]
    while pending:
        item = pending.pop()
        author = author_of(item)
        if author:
            yield author
        created, wrong = when_of(item.get("created_at"))
        reblog = _reblog(item)
        if reblog:
            if author is None:
                raise ValueError("a status that boosts another one has no 'account'")
            yield Repost(author.ref, _ref_of(reblog), created)
            pending.append(reblog)
        else:
            post = _post_of(item, author, created, ids, root if item is status else None)
            yield post
            if item.get("pinned") is True and author:
                yield Pin(author.ref, post.ref)
            quoted = _quoted(item)
            if quoted:
                pending.append(quoted)
        if wrong:
            yield Skipped(wrong)


def _reblog(status: Object) -> Object | None:
    return get_object(status, "reblog") or None


def _quoted(status: Object) -> Object | None:
    """The quoted status, if present: in a quote with its state, or directly in older software."""
    quote = status.get("quote")
    if not isinstance(quote, dict):
        return None
    inner = quote if "content" in quote else get_object(quote, "quoted_status")
    return inner or None


def _ref_of(status: Object) -> Ref:
    id_ = get_str(status, "uri") or get_str(status, "url")
    if id_ is not None:
        return Ref(mastodon.NAME, id_)
    author = author_of(status)
    return post_ref(mastodon.NAME, author.handle if author else None, _body_of(status, is_quoting=False).text)


def _post_of(status: Object, author: Account | None, created: When | None, ids: StatusIds, root: Ref | None) -> Post:
    ref = _ref_of(status)
    quotes = _quotes(status, ids, ref)
    body = _body_of(status, is_quoting=bool(quotes))
    parent, url, card = ids.parent(status), get_str(status, "url"), get_object(status, "card")
    return Post(
        ref,
        author.ref if author else None,
        body.text,
        created=created,
        url=url if host_of(url) else None,
        reply_to=parent if parent != ref else None,
        root=root if root != ref else None,
        quotes=quotes,
        links=with_card(body.shown.links, *(get_str(card, key) for key in ("url", "title", "description"))),
        media=tuple(map(_media, get_objects(status, "media_attachments"))),
        poll=_poll(status),
        tags=_tags(status, body.shown),
        mentions=_mentions(status, body.shown),
        language=language_code(get_str(status, "language")),
        warning=_warning(status),
        visibility=_visibility(status),
        counts=get_counts(status, _COUNTS),
        edited=when_of(status.get("edited_at"))[0],
    )


def _quotes(status: Object, ids: StatusIds, own: Ref) -> tuple[Ref, ...]:
    """The quoted post: a complete status, or by its number, or by its id as in Pleroma."""
    quoted = _quoted(status)
    if quoted:
        ref = _ref_of(quoted)
    else:
        quote = status.get("quote")
        holder = quote if isinstance(quote, dict) else {}
        number = number_of(holder, "quoted_status_id") or number_of(status, "quote_id")
        id_ = ids.id_of(number) or get_str(get_object(status, "pleroma"), "quote_url")
        if id_ is None:
            return ()
        ref = Ref(mastodon.NAME, id_)
    return (ref,) if ref != own else ()


def _body_of(status: Object, *, is_quoting: bool) -> StatusText:
    """The text. A status returned for redrafting has its source instead of HTML."""
    html, source = get_str(status, "content"), get_str(status, "text")
    if html is None and source is None and "content" not in status:
        raise ValueError("a status has no 'content'")
    if html is None:
        shown = HtmlText((source or "").strip())
    else:
        shown = html_to_text(html, without_quote=is_quoting, keeps_lines=is_bridged(get_str(status, "uri")))
    return StatusText(shown.text, shown)


def _poll(status: Object) -> tuple[PollOption, ...]:
    """``{"poll": {"options": [{"title": "Raku", "votes_count": 3}]}}`` -> ``PollOption("Raku", 3)``."""
    options = get_objects(get_object(status, "poll"), "options")
    return poll_of((get_str(option, "title"), get_count(option, "votes_count")) for option in options)


def _media(item: Object) -> Media:
    """``{"type": "gifv", "url": …, "description": "a cube"}`` -> ``Media("gif", …, alt="a cube")``.

    The author's server (``remote_url``) keeps files longer than the servers that hold a copy (``url``).
    """
    kind, address = get_str(item, "type"), get_str(item, "remote_url") or get_str(item, "url")
    return Media(_KINDS.get(kind or "") or kind_of_media(None, address), address, alt=get_str(item, "description"))


def _tags(status: Object, shown: HtmlText) -> tuple[str, ...]:
    if "tags" not in status:
        return tags_of(shown.tags, shown)
    names = (get_str(tag, "name") for tag in get_objects(status, "tags"))
    return tags_of((name for name in names if name), shown)


def _mentions(status: Object, shown: HtmlText) -> tuple[str, ...]:
    if "mentions" not in status:
        return distinct_handles(map(handle_of_mention, shown.mentions))
    return distinct_handles(
        handle_at(get_str(item, "acct") or "", get_str(item, "url")) for item in get_objects(status, "mentions")
    )


def _warning(status: Object) -> str | None:
    return plain_words(get_str(status, "spoiler_text")) or ("sensitive" if status.get("sensitive") is True else None)


def _visibility(status: Object) -> str | None:
    said = get_str(status, "visibility")
    return None if said is None else _VISIBILITIES.get(said, "direct")


def author_of(status: Object) -> Account | None:
    """The author of a status."""
    account = get_object(status, "account")
    return account_of(account) if account else None


def account_of(account: Object) -> Account:
    """The account in an object of the API. Raises ValueError if nothing identifies it.

    ``{"acct": "mira", "url": "https://kilns.example/@mira", "note": "<p>Pots.</p>"}`` -> ``mira@kilns.example``
    """
    uri, url = get_str(account, "uri"), get_str(account, "url")
    handle = handle_at(get_str(account, "acct") or get_str(account, "username") or "", url or uri)
    if uri is None and handle is None:
        raise ValueError("an account has neither 'uri' nor 'acct'")
    note = get_str(account, "note")
    return Account(
        Ref(mastodon.NAME, uri) if uri else account_ref(mastodon.NAME, handle or ""),
        handle,
        get_str(account, "display_name"),
        plain_text(note) if note else None,
        url,
        followers=get_count(account, "followers_count"),
        following=get_count(account, "following_count"),
        posts=get_count(account, "statuses_count"),
    )


def post_from_history(versions: Iterable[Object]) -> Iterator[Parsed]:
    """One post of all its versions, oldest first, from the history of an edited status. Raises ValueError.

    A history has no id, so the post is identified by author and text.
    """
    *earlier, current = versions
    author = author_of(current)
    if author:
        yield author
    bodies = [_body_of(version, is_quoting=False) for version in earlier]
    times = [when_of(version.get("created_at")) for version in (*earlier, current)]
    post = _post_of({**current, "uri": None, "url": None}, author, times[0][0], StatusIds(), None)
    edits = (Edit(body.text, created) for body, (created, _) in zip(bodies, times, strict=False))
    yield Post(
        **{name: getattr(post, name) for name in Post.__slots__ if name != "edits"},
        edits=tuple(edits),
    )
    yield from (Skipped(wrong) for _, wrong in times if wrong)


def post_from_source(source: Object, ids: StatusIds) -> Iterator[Parsed]:
    """The text of a status as typed: ``{"id": "11", "text": "Frost again.", "spoiler_text": ""}``.

    Skipped if the source has the status; else a post by an unknown author.
    """
    if ids.id_of(number_of(source, "id")):
        yield Skipped("the source of a post that the dump has")
        return
    text = (get_str(source, "text") or "").strip()
    yield Post(post_ref(mastodon.NAME, None, text), None, text, warning=_warning(source))

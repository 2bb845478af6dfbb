"""What a status or an account of Mastodon's API says of itself, as records.

    {"id": "11", "uri": "https://kilns.example/users/mira/statuses/11", "url": "https://kilns.example/@mira/11",
     "created_at": "2024-05-01T06:00:00.000Z", "in_reply_to_id": "10", "in_reply_to_account_id": "3",
     "content": "<p>Frost again.</p>", "spoiler_text": "", "sensitive": false, "visibility": "public",
     "account": {"id": "3", "acct": "mira", "uri": "https://kilns.example/users/mira", …}, "reblog": null, …}

A status names the one it answers by the number that the answering server gave it, not by its own id. ``Local`` knows
the ids of those in the dump. For others the number stands with ``~`` before it: a reply, to a post of unknown id.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from threadkeep.parsers._cards import with_options
from threadkeep.parsers._json.values import Object, get_count, get_counts, get_object, get_objects, get_str, kind_of
from threadkeep.parsers.fediverse._object_values import when_of
from threadkeep.parsers.fediverse._post_html import Written, plain, written
from threadkeep.parsers.fediverse._values import (
    PLATFORM,
    distinct,
    handle_at,
    host_of,
    kind_of_media,
    mentioned,
    tags_of,
    with_card,
)
from threadkeep.records import (
    Account,
    Edit,
    Media,
    Parsed,
    Pin,
    Post,
    Ref,
    Repost,
    Skipped,
    When,
    account_ref,
    post_ref,
)

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
"""What the API calls them. Other software has more, each for fewer people: those count as direct."""


class Body(NamedTuple):
    """The words of a status, or of one version of it."""

    text: str
    shown: Written


class Local:
    """The ids behind the numbers that one server gave the statuses of a dump."""

    def __init__(self) -> None:
        self._ids: dict[str, str | None] = {}
        self._beginnings: dict[str, str] = {}

    def see(self, status: Object) -> None:
        """Remember a status with those it passes on and quotes. Raises ValueError."""
        waiting = [status]
        while waiting:
            held = waiting.pop()
            waiting += [inner for inner in (_reblogged(held), _quoted(held)) if inner]
            number, uri, account = (
                number_of(held, "id"),
                get_str(held, "uri"),
                number_of(get_object(held, "account"), "id"),
            )
            if number is None or uri is None:
                continue
            # Two servers may have given one number: then it says nothing.
            self._ids[number] = uri if self._ids.get(number, uri) == uri else None
            if account and uri.endswith(f"/statuses/{number}"):
                self._beginnings[account] = uri[: -len(number)]

    def id_of(self, number: str | None, account: str | None = None) -> str | None:
        """The id of a status by its number; of one that is not in the dump, if its author's others show how they go."""
        if number is None:
            return None
        if number not in self._ids and account in self._beginnings:
            return self._beginnings[account] + number
        return self._ids.get(number)

    def parent(self, status: Object) -> Ref | None:
        """What a status answers; ``mastodon:~10`` where its id cannot be known."""
        number = number_of(status, "in_reply_to_id")
        id_ = self.id_of(number, number_of(status, "in_reply_to_account_id"))
        return None if number is None else Ref(PLATFORM, id_ or f"~{number}")


def number_of(object_: Object, key: str) -> str | None:
    """The number a server gave something, as text. Raises ValueError."""
    value = object_.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{key!r} should be an id, found {kind_of(value)}")
    return value


def records_of(status: Object, local: Local, root: Ref | None = None) -> Iterator[Parsed]:
    """A status with its author, and those it passes on and quotes under theirs. Raises ValueError.

    ``{"uri": U, "account": A, "reblog": {"uri": V, "account": B, …}}`` -> ``Account(A)``, ``Repost(A, V)``,
    ``Account(B)``, ``Post(V, author=B)``. ``root`` is the first post of the conversation it was fetched with.
    """
    waiting = [status]
    while waiting:
        held = waiting.pop()
        author = account_of(held)
        if author:
            yield author
        created, wrong = when_of(held.get("created_at"))
        passed_on = _reblogged(held)
        if passed_on:
            if author is None:
                raise ValueError("a status that passes another one on has no 'account'")
            yield Repost(author.ref, _ref_of(passed_on), created)
            waiting.append(passed_on)
        else:
            post = _post_of(held, author, created, local, root if held is status else None)
            yield post
            if held.get("pinned") is True and author:
                yield Pin(author.ref, post.ref)
            quoted = _quoted(held)
            if quoted:
                waiting.append(quoted)
        if wrong:
            yield Skipped(wrong)


def _reblogged(status: Object) -> Object | None:
    return get_object(status, "reblog") or None


def _quoted(status: Object) -> Object | None:
    """The status that is quoted, where it is there: in a quote with its state, or as itself in older software."""
    quote = status.get("quote")
    if not isinstance(quote, dict):
        return None
    inner = quote if "content" in quote else get_object(quote, "quoted_status")
    return inner or None


def _ref_of(status: Object) -> Ref:
    id_ = get_str(status, "uri") or get_str(status, "url")
    if id_ is not None:
        return Ref(PLATFORM, id_)
    author = account_of(status)
    return post_ref(PLATFORM, author.handle if author else None, _body_of(status, is_quoting=False).text)


def _post_of(status: Object, author: Account | None, created: When | None, local: Local, root: Ref | None) -> Post:
    ref = _ref_of(status)
    quotes = _quotes(status, local, ref)
    body = _body_of(status, is_quoting=bool(quotes))
    parent, url, card = local.parent(status), get_str(status, "url"), get_object(status, "card")
    return Post(
        ref,
        author.ref if author else None,
        body.text,
        created=created,
        url=url if host_of(url) else None,
        reply_to=parent if parent != ref else None,
        root=root if root != ref else None,
        quotes=quotes,
        links=with_card(body.shown.links, get_str(card, "url"), get_str(card, "title")),
        media=tuple(map(_media, get_objects(status, "media_attachments"))),
        tags=_tags(status, body.shown),
        mentions=_mentions(status, body.shown),
        language=get_str(status, "language"),
        warning=_warning(status),
        visibility=_visibility(status),
        counts=get_counts(status, _COUNTS),
    )


def _quotes(status: Object, local: Local, own: Ref) -> tuple[Ref, ...]:
    """What is quoted: a status in full, or by its number, or by its id as Pleroma and others have it."""
    quoted = _quoted(status)
    if quoted:
        ref = _ref_of(quoted)
    else:
        quote = status.get("quote")
        holder = quote if isinstance(quote, dict) else {}
        number = number_of(holder, "quoted_status_id") or number_of(status, "quote_id")
        id_ = local.id_of(number) or get_str(get_object(status, "pleroma"), "quote_url")
        if id_ is None:
            return ()
        ref = Ref(PLATFORM, id_)
    return (ref,) if ref != own else ()


def _body_of(status: Object, *, is_quoting: bool) -> Body:
    """The text with the options of its poll. A status given back to be written anew has its source instead of HTML."""
    html, source = get_str(status, "content"), get_str(status, "text")
    if html is None and source is None and "content" not in status:
        raise ValueError("a status has no 'content'")
    shown = Written((source or "").strip()) if html is None else written(html, without_quote=is_quoting)
    options = (get_str(option, "title") for option in get_objects(get_object(status, "poll"), "options"))
    return Body(with_options(shown.text, tuple(option for option in options if option)), shown)


def _media(item: Object) -> Media:
    """``{"type": "gifv", "url": …, "description": "a cube"}`` -> ``Media("gif", …, alt="a cube")``.

    The author's server keeps its files longer than those that hold a copy (``url`` beside a ``remote_url``).
    """
    kind, address = get_str(item, "type"), get_str(item, "remote_url") or get_str(item, "url")
    return Media(_KINDS.get(kind or "") or kind_of_media(None, address), address, alt=get_str(item, "description"))


def _tags(status: Object, shown: Written) -> tuple[str, ...]:
    if "tags" not in status:
        return tags_of(shown.tags, shown)
    names = (get_str(tag, "name") for tag in get_objects(status, "tags"))
    return tags_of((name for name in names if name), shown)


def _mentions(status: Object, shown: Written) -> tuple[str, ...]:
    if "mentions" not in status:
        return distinct(map(mentioned, shown.mentions))
    return distinct(
        handle_at(get_str(item, "acct") or "", get_str(item, "url")) for item in get_objects(status, "mentions")
    )


def _warning(status: Object) -> str | None:
    said = (get_str(status, "spoiler_text") or "").strip()
    return said or ("sensitive" if status.get("sensitive") is True else None)


def _visibility(status: Object) -> str | None:
    said = get_str(status, "visibility")
    return None if said is None else _VISIBILITIES.get(said, "direct")


def account_of(status: Object) -> Account | None:
    """Who wrote a status."""
    account = get_object(status, "account")
    return described(account) if account else None


def described(account: Object) -> Account:
    """Somebody as the API describes them. Raises ValueError where nothing names them.

    ``{"acct": "mira", "url": "https://kilns.example/@mira", "note": "<p>Pots.</p>"}`` -> ``mira@kilns.example``
    """
    uri, url = get_str(account, "uri"), get_str(account, "url")
    handle = handle_at(get_str(account, "acct") or get_str(account, "username") or "", url or uri)
    if uri is None and handle is None:
        raise ValueError("an account has neither 'uri' nor 'acct'")
    note = get_str(account, "note")
    return Account(
        Ref(PLATFORM, uri) if uri else account_ref(PLATFORM, handle or ""),
        handle,
        get_str(account, "display_name"),
        plain(note) if note else None,
        url,
        followers=get_count(account, "followers_count"),
        following=get_count(account, "following_count"),
        posts=get_count(account, "statuses_count"),
    )


def history_of(versions: Iterable[Object]) -> Iterator[Parsed]:
    """One post of all its versions, oldest first, as the API tells the history of an edited status. Raises ValueError.

    It names no id, so the post is known again by its author and its words.
    """
    *earlier, current = versions
    author = account_of(current)
    if author:
        yield author
    bodies = [_body_of(version, is_quoting=False) for version in earlier]
    times = [when_of(version.get("created_at")) for version in (*earlier, current)]
    post = _post_of({**current, "uri": None, "url": None}, author, times[0][0], Local(), None)
    edits = (Edit(body.text, created) for body, (created, _) in zip(bodies, times, strict=False))
    yield Post(
        **{name: getattr(post, name) for name in Post.__slots__ if name != "edits"},
        edits=tuple(edits),
    )
    yield from (Skipped(wrong) for _, wrong in times if wrong)


def source_of(source: Object, local: Local) -> Iterator[Parsed]:
    """The words of a status as they were typed: ``{"id": "11", "text": "Frost again.", "spoiler_text": ""}``.

    A dump that has the status has them already; alone they are a post by nobody known.
    """
    if local.id_of(number_of(source, "id")):
        yield Skipped("the source of a post that the dump has")
        return
    text = (get_str(source, "text") or "").strip()
    yield Post(post_ref(PLATFORM, None, text), None, text, warning=_warning(source))

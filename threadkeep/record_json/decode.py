"""Decode records from JSON objects: missing keys are unknown, wrong values are errors."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, cast, get_args

from threadkeep.platforms.registry import platform_name, ref_of_url
from threadkeep.record_json import validation
from threadkeep.record_json.account_lookup import Accounts
from threadkeep.record_json.encode import FOREIGN
from threadkeep.record_json.validation import Object
from threadkeep.records import (
    Account,
    Edit,
    Gap,
    Link,
    Media,
    Pin,
    PollOption,
    Post,
    Precision,
    Record,
    Ref,
    Repost,
    When,
    media_kind,
    post_ref,
)
from threadkeep.text.ids import can_be

TYPES = ("account", "post", "repost", "pin", "gap")
"""What ``"type"`` can be."""

_PRECISIONS = get_args(Precision)


def records_of(object_: Object, accounts: Accounts) -> Iterator[Record]:
    """Yield the record of ``object_``, preceded by the account it names if that is not in ``accounts`` yet.

    Adds the accounts to ``accounts``. Raises ValueError, which says which key is wrong and what was expected.
    """
    record = record_of(object_, accounts)
    if isinstance(record, Account):
        accounts.add(record)
    elif isinstance(record, Post | Repost | Pin):
        of_post = isinstance(record, Post)
        ref = record.author if isinstance(record, Post) else record.account
        if ref is not None and ref not in accounts:
            handle = validation.handle(object_, "author" if of_post else "handle")
            account = Account(
                ref, handle=handle, name=validation.text_or_none(object_, "author_name") if of_post else None
            )
            accounts.add(account)
            yield account
    yield record


def record_of(object_: Object, accounts: Accounts) -> Record:
    """Return the record of ``object_``. Unknown keys are ignored, missing keys mean unknown.

    Raises ValueError, which says which key is wrong and what was expected.
    """
    kind = object_.get("type")
    if kind == "post":
        return _post(object_, accounts)
    if kind == "account":
        return _account(object_)
    platform = validation.platform(object_)
    if kind == "repost":
        account, post = Ref(platform, validation.native_id(object_, "account")), _ref(object_, "post", platform)
        return Repost(account, post, _when(object_))
    if kind == "pin":
        return Pin(Ref(platform, validation.native_id(object_, "account")), _ref(object_, "post", platform))
    if kind == "gap":
        return Gap(Ref(platform, validation.native_id(object_, "id")), validation.word(object_, "reason"))
    raise ValueError(f'"type": expected one of {", ".join(TYPES)}, found {repr(kind)[:40]}')


def _post(object_: Object, accounts: Accounts) -> Post:
    platform = validation.platform(object_)
    ref = _post_ref(object_, platform)
    is_lost = not ref.is_native and validation.has_lost_digits(object_, "id")
    thread = None if is_lost or object_.get("thread") in (None, object_["id"]) else _ref(object_, "thread", platform)
    return Post(
        ref=ref,
        author=_author(object_, ref, accounts),
        text=validation.text(object_, "text"),
        title=validation.text_or_none(object_, "title"),
        created=_when(object_),
        url=validation.text_or_none(object_, "url"),
        reply_to=_reply_to(object_, platform),
        root=thread if thread != ref else None,
        quotes=validation.items(object_, "quotes", lambda item: _ref({"id": item}, "id", platform)),
        links=validation.items(object_, "links", _link),
        media=validation.items(object_, "media", _media),
        poll=validation.items(object_, "poll", _poll_option),
        tags=validation.texts(object_, "tags"),
        mentions=validation.texts(object_, "mentions"),
        language=validation.text_or_none(object_, "language"),
        warning=validation.text_or_none(object_, "warning"),
        visibility=validation.text_or_none(object_, "visibility"),
        counts=validation.counts(object_),
        edits=validation.items(object_, "edits", _edit),
        inferred=(*validation.texts(object_, "inferred"), *(("id",) if is_lost else ())),
        origins=validation.texts(object_, "sources"),
        edited=_when(object_, "edited", "edited_precision"),
    )


def _post_ref(object_: Object, platform: str) -> Ref:
    """The id of a post; where a program rounded it, that in its address, else a fingerprint of author, words, time."""
    if not validation.has_lost_digits(object_, "id"):
        return Ref(platform, validation.native_id(object_, "id"))
    linked = ref_of_url(validation.text_or_none(object_, "url") or "")
    if linked is not None and linked.platform == platform and can_be(object_["id"], linked.id.rpartition("/")[2]):
        return linked
    who = validation.handle(object_, "author") or validation.text_or_none(object_, "author_name")
    return post_ref(platform, who, validation.text(object_, "text"), _when(object_))


def _reply_to(object_: Object, platform: str) -> Ref | None:
    if object_.get("reply_to") is None or validation.has_lost_digits(object_, "reply_to"):
        return None
    return _ref(object_, "reply_to", platform)


def _author(object_: Object, post: Ref, accounts: Accounts) -> Ref | None:
    handle, name = validation.handle(object_, "author"), validation.text_or_none(object_, "author_name")
    if object_.get("author_ref") is not None:
        return _ref(object_, "author_ref", post.platform)
    return accounts.author(post, handle, name)


def _account(object_: Object) -> Account:
    return Account(
        ref=Ref(validation.platform(object_), validation.native_id(object_, "id")),
        handle=validation.handle(object_, "handle"),
        name=validation.text_or_none(object_, "name"),
        bio=validation.text_or_none(object_, "bio"),
        url=validation.text_or_none(object_, "url"),
        followers=validation.number(object_, "followers"),
        following=validation.number(object_, "following"),
        posts=validation.number(object_, "posts"),
    )


def _link(item: Any) -> Link:
    object_ = validation.object_of(item)
    url, text, title, description = (
        validation.text_or_none(object_, key) for key in ("url", "text", "title", "description")
    )
    start, end = validation.number(object_, "start"), validation.number(object_, "end")
    return Link(url, text, title, start, end, description)


def _media(item: Any) -> Media:
    object_ = validation.object_of(item)
    url, file, alt = (validation.text_or_none(object_, key) for key in ("url", "file", "alt"))
    return Media(media_kind(validation.word(object_, "kind")), url, file, alt)


def _poll_option(item: Any) -> PollOption:
    object_ = validation.object_of(item)
    return PollOption(validation.text(object_, "option"), validation.number(object_, "votes"))


def _edit(item: Any) -> Edit:
    object_ = validation.object_of(item)
    id_ = None if object_.get("id") is None else validation.native_id(object_, "id")
    return Edit(validation.text(object_, "text"), _when(object_), id_)


def _ref(object_: Object, key: str, platform: str) -> Ref:
    text = validation.native_id(object_, key)
    foreign = FOREIGN.match(text)
    if foreign is None:
        return Ref(platform, text)
    if foreign.end() == len(text):
        raise ValueError(f'"{key}": expected platform:id, found {text!r}')
    return Ref(platform_name(foreign[1]), text[foreign.end() :])


def _when(object_: Object, key: str = "created", precision_key: str = "precision") -> When | None:
    text = validation.text_or_none(object_, key)
    if text is None:
        return None
    precision = object_.get(precision_key) or "second"
    if precision not in _PRECISIONS:
        raise ValueError(f'"{precision_key}": expected one of {", ".join(_PRECISIONS)}, found {precision!r}')
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{key}": expected a date in ISO 8601, found {text[:40]!r}') from None
    if instant.tzinfo is None:
        raise ValueError(f'"{key}": expected a date with a time zone, found {text!r}')
    origin: Literal["stated", "derived"] = "derived" if key in validation.texts(object_, "inferred") else "stated"
    try:
        return When(instant, cast(Precision, precision), origin)
    except OverflowError:
        raise ValueError(f'"{key}": {text} lies outside the years 1 to 9999 in UTC') from None

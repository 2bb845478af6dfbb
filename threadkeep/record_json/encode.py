"""Encode records as JSON objects: the keys and their order are a public contract."""

import re

from threadkeep.record_json.account_lookup import Accounts
from threadkeep.record_json.validation import Object
from threadkeep.records import Account, Edit, Gap, Link, Pin, Ref, Repost, StoredPost, When

# What a reader would take for an id of another platform. URIs are ids themselves: their schemes are not platforms.
FOREIGN = re.compile(r"(?!(?:at|did|https?|tag|urn):)([A-Za-z][A-Za-z0-9-]{0,31}):(?!//)")


def account_object(account: Account) -> Object:
    """The object of an account."""
    return {
        "type": "account",
        "platform": account.ref.platform,
        "id": account.ref.id,
        "handle": account.handle,
        "name": account.name,
        "bio": account.bio,
        "url": account.url,
        "followers": account.followers,
        "following": account.following,
        "posts": account.posts,
    }


def post_object(stored: StoredPost, accounts: Accounts | None = None) -> Object:
    """The object of a post, with its author's handle and name, the id of its thread's root, and its sources.

    Where handle and name would not lead a reader of ``accounts`` back to an author that the network knows by an id,
    ``author_ref`` stands behind them.
    """
    post, author, platform = stored.post, stored.author, stored.post.ref.platform
    return {
        "type": "post",
        "id": post.ref.id,
        "platform": platform,
        "author": author.handle if author else None,
        "author_name": author.name if author else None,
        **_author_ref(stored, accounts),
        "url": post.url,
        "title": post.title,
        "text": post.text,
        "created": _instant_text(post.created),
        "precision": post.created.precision if post.created else None,
        **_edited(post.edited),
        "language": post.language,
        "reply_to": _id_text(post.reply_to, platform) if post.reply_to else None,
        "thread": post.ref.id if stored.thread == post.ref else _id_text(stored.thread, platform),
        "quotes": [_id_text(ref, platform) for ref in post.quotes],
        "links": list(map(_link_object, post.links)),
        "media": [{"kind": item.kind, "url": item.url, "file": item.file, "alt": item.alt} for item in post.media],
        **({"poll": [{"option": item.text, "votes": item.votes} for item in post.poll]} if post.poll else {}),
        "tags": list(post.tags),
        "mentions": list(post.mentions),
        "warning": post.warning,
        "visibility": post.visibility,
        "counts": dict(post.counts),
        "edits": [_edit_object(edit) for edit in post.edits],
        "inferred": _with_edited(_inferred(post.inferred, post.created), post.edited),
        "sources": list(stored.sources),
    }


def _author_ref(stored: StoredPost, accounts: Accounts | None) -> Object:
    """For an author without handle and name, or with those of somebody else: ``{"author_ref": "12"}``."""
    post, author = stored.post, stored.author
    if accounts is None or author is None or post.author is None or not post.author.is_native:
        return {}
    if accounts.author(post.ref, author.handle, author.name) == post.author:
        return {}
    return {"author_ref": _id_text(post.author, post.ref.platform)}


def repost_object(repost: Repost, account: Account | None = None) -> Object:
    """The object of a repost; ``account`` is the reposter's, for its handle."""
    return {
        "type": "repost",
        **_pointer(repost.account, repost.post, account),
        "created": _instant_text(repost.created),
        "precision": repost.created.precision if repost.created else None,
        **_if_derived(repost.created),
    }


def pin_object(pin: Pin, account: Account | None = None) -> Object:
    """The object of a pin; ``account`` is the one that pinned, for its handle."""
    return {"type": "pin", **_pointer(pin.account, pin.post, account)}


def gap_object(gap: Gap) -> Object:
    """The object of a gap."""
    return {"type": "gap", "platform": gap.ref.platform, "id": gap.ref.id, "reason": gap.reason}


def _link_object(link: Link) -> Object:
    """The object of a link; ``description`` is there only where its card has one."""
    found = {"url": link.url, "text": link.text, "title": link.title, "start": link.start, "end": link.end}
    return found if link.description is None else {**found, "description": link.description}


def _edit_object(edit: Edit) -> Object:
    return {
        "id": edit.id,
        "text": edit.text,
        "created": _instant_text(edit.created),
        "precision": edit.created.precision if edit.created else None,
        **_if_derived(edit.created),
    }


def _pointer(account_ref: Ref, post: Ref, account: Account | None) -> Object:
    """What reposts and pins have in common."""
    platform = account_ref.platform
    handle = account.handle if account else None
    return {"platform": platform, "account": account_ref.id, "handle": handle, "post": _id_text(post, platform)}


def _id_text(ref: Ref, platform: str) -> str:
    """The id alone on the same platform, unless a reader would take it for one of another."""
    return ref.id if ref.platform == platform and not FOREIGN.match(ref.id) else str(ref)


def _instant_text(when: When | None) -> str | None:
    """ISO 8601 in UTC, with a fraction only where there is one: ``2024-05-01T12:30:00Z``, ``…00.250Z``."""
    if when is None:
        return None
    instant = when.instant
    timespec = "microseconds" if instant.microsecond % 1000 else "milliseconds" if instant.microsecond else "seconds"
    return instant.isoformat(timespec=timespec).removesuffix("+00:00") + "Z"


def _inferred(names: tuple[str, ...], created: When | None) -> list[str]:
    """Return ``names``, plus ``created`` if the date was inferred rather than stated."""
    is_derived = created is not None and created.origin == "derived"
    return [*names, "created"] if is_derived and "created" not in names else list(names)


def _edited(edited: When | None) -> Object:
    """When the version shown was written: of an edited post only."""
    if edited is None:
        return {}
    precision = {} if edited.precision == "second" else {"edited_precision": edited.precision}
    return {"edited": _instant_text(edited), **precision}


def _with_edited(names: list[str], edited: When | None) -> list[str]:
    """Return ``names``, plus ``edited`` if the time of the edit was inferred rather than stated."""
    return [*names, "edited"] if edited and edited.origin == "derived" and "edited" not in names else names


def _if_derived(created: When | None) -> Object:
    """The key ``inferred`` of a repost or an edit, which is there only when it says something."""
    inferred = _inferred((), created)
    return {"inferred": inferred} if inferred else {}

"""Convert posts and accounts of X in the shape of the API v1.1, which archives and browser captures share.

    {"id_str": "1750", "created_at": "Mon Oct 03 00:23:22 +0000 2016", "user": {"id_str": "12", "screen_name": "mira"},
     "full_text": "Tea &amp; kilns https://t.co/a1", "favorite_count": "3",
     "entities": {"urls": [{"url": "https://t.co/a1", "expanded_url": "https://example.com/", "indices": [16, 31]}]}}

Values may be strings throughout, as in archives. Text and links: see ``_tweet_text``.

Two flags mean less than their names say. ``possibly_sensitive`` is about the links of a post and was set without a
warning to readers, so only a warning on media (``ext_sensitive_media_warning``) becomes one. ``protected`` is the state
of the account at the time of the export, not who may read a post, so visibility stays unknown.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from threadkeep.parsers._cards import Card, plain_words, poll_of, titled
from threadkeep.parsers._json.values import (
    Object,
    get_count,
    get_counts,
    get_flag,
    get_object,
    get_objects,
    get_str,
    object_of,
)
from threadkeep.parsers.x._ids_and_times import PLATFORM, id_of, parse_id, post_time, ref_of
from threadkeep.parsers.x._tweet_text import (
    EntitySpan,
    display_text,
    leading_mentions,
    may_be_escaped,
    status_id,
    unescape,
)
from threadkeep.platforms.x import SITE, is_cut_text, parse_post_url, post_url
from threadkeep.records import (
    Account,
    Edit,
    Link,
    Media,
    PollOption,
    Post,
    Ref,
    Repost,
    When,
    account_ref,
    media_kind,
    post_ref,
)
from threadkeep.text.entities import find_links, find_mentions, find_tags
from threadkeep.text.ids import exact_id, is_rounding_of
from threadkeep.text.languages import language_code

_COUNTS = (
    ("replies", "reply_count"),
    ("reposts", "retweet_count"),
    ("likes", "favorite_count"),
    ("quotes", "quote_count"),
    ("views", "view_count"),
)
_ADDRESS = re.compile(r"https?://\S+")
_SHORT = re.compile(r"https?://t\.co/[A-Za-z0-9]++")
_WARNINGS = {"adult_content": "adult content", "graphic_violence": "graphic violence", "other": "sensitive content"}

_POLL = re.compile(r"poll[0-9]choice")
_POLL_OPTIONS_MAX = 4

_ADDRESSES = ("url", "permalink", "permanentUrl", "tweet_url", "link")
"""Keys under which tools write the address of a post."""

LOST_ID = "id"
"""In ``Post.inferred``: the source's id had lost digits, so author, words and time say which post it is."""

EARLIER_VERSION = "earlier version of an edited post, kept in its history"
"""Why such an entry gives no post."""


class Note(NamedTuple):
    """The long text of a post, with its entities in the shape of the API v1.1."""

    text: str
    entities: Object


class Body(NamedTuple):
    """The content of a post, without author and time."""

    text: str
    links: tuple[Link, ...]
    media: tuple[Media, ...]
    poll: tuple[PollOption, ...]
    tags: tuple[str, ...]
    mentions: tuple[str, ...]
    warning: str | None
    is_cut: bool


def tweet_id(tweet: Object) -> str | None:
    """Return the id of a post; None if its digits are lost and no address in it has them. Raises ValueError if none.

    ``{"id": 1.75e18, "url": "https://x.com/mira/status/1750000000000000123"}`` -> ``1750000000000000123``
    """
    id_ = id_of(tweet, "id")
    if id_ is not None and "id_str" in tweet:
        return id_
    if id_ is None and not any(isinstance(tweet.get(key), str | float) and tweet[key] for key in ("id_str", "id")):
        raise ValueError("there is neither 'id_str' nor 'id'")
    linked = _own_address(tweet)
    return linked if linked is not None and (id_ is None or is_rounding_of(id_, linked)) else id_


def _own_address(tweet: Object) -> str | None:
    """Return the id in the address of a post, or in that of its own picture; None if neither is there."""
    own = (status_id(url) for key in _ADDRESSES if isinstance(url := tweet.get(key), str))
    pictures = (
        parse_post_url(get_str(item, "expanded_url") or "")
        for item in media_objects(tweet)
        if item.get("source_status_id_str") is None and item.get("source_status_id") is None
    )
    return next((id_ for id_ in own if id_), None) or next((found.id for found in pictures if found), None)


def text_holder(tweet: Object) -> tuple[Object, str]:
    """Return the object that holds the fullest text with its entities, and that text, unprocessed. Raises ValueError.

    ``extended_tweet.full_text`` precedes ``full_text``, and that ``text``.
    """
    extended = get_object(tweet, "extended_tweet")
    for holder, key in ((extended, "full_text"), (tweet, "full_text"), (tweet, "text")):
        text = holder.get(key)
        if isinstance(text, str):
            return holder, text
        if text is not None:
            get_str(holder, key)
    raise ValueError("there is neither 'full_text' nor 'text'")


def body_of(tweet: Object, note: Note | None = None) -> Body:
    """Return text, links, media, tags and mentions; a ``note`` replaces text and entities, not the media."""
    holder, raw = text_holder(tweet)
    entities = get_object(holder, "entities")
    attached = media_objects(tweet)
    if note is None:
        urls = (*_url_spans(entities, tweet), *_quote_spans(tweet, raw, entities))
        text, links = display_text(raw, (*urls, *_media_spans(entities, attached)))
        if holder.get("entities") is None:
            links = find_links(text)
    else:
        text, links = _long_text(raw, note, attached)
        entities = note.entities
    card = card_of(tweet)
    return Body(
        text,
        titled(links, card),
        tuple(map(_media, attached)),
        card.poll,
        _entity_names(entities, "hashtags", "text") if "hashtags" in entities else find_tags(text),
        _entity_names(entities, "user_mentions", "screen_name") if "user_mentions" in entities else find_mentions(text),
        _warning(attached),
        note is None and "…" in raw and _is_cut(tweet, holder, text, raw),
    )


def _is_cut(tweet: Object, holder: Object, text: str, raw: str) -> bool:
    """Whether a flag says so, or the text ends in an ellipsis: before a link to the post itself, or where X cuts."""
    created: When | None = None
    if holder is tweet and "full_text" not in tweet:
        if get_flag(tweet, "truncated"):
            return True
        if "truncated" not in tweet:
            created = post_time(get_str(tweet, "created_at"), tweet_id(tweet))
    if text.endswith("…") and is_cut_text(unescape(raw), created.instant if created else None):
        return True
    return text.endswith("…") and any(
        _is_own(get_str(item, "expanded_url"), id_of(tweet, "id")) and indices_of(item)[1] == len(raw)
        for item in get_objects(get_object(holder, "entities"), "urls")
    )


def _is_own(url: str | None, own: str | None) -> bool:
    """Whether X appended this link to the post itself: its author could not know the address yet."""
    return own is not None and url is not None and "/i/web/status/" in url and status_id(url) == own


def post_of(tweet: Object, author: Ref | None, handle: str | None = None, note: Note | None = None) -> Post:
    """Convert ``tweet``, which must not be a retweet; ``handle`` is the author's, for the address. Raises ValueError.

    ``{"id_str": "50", "text": "Tea", "in_reply_to_status_id_str": "49"}`` -> ``Post(x:50, text="Tea", reply_to=x:49)``
    """
    id_ = tweet_id(tweet)
    body = body_of(tweet, note)
    created = post_time(get_str(tweet, "created_at"), id_)
    conversation = ref_of(tweet, "conversation_id")
    ref = post_ref(PLATFORM, handle, body.text, created) if id_ is None else Ref(PLATFORM, id_)
    inferred = ("created",) if created is not None and created.origin == "derived" else ()
    if id_ is None:
        inferred = (*inferred, LOST_ID)
    return Post(
        ref,
        author,
        body.text,
        created=created,
        url=post_url(id_, handle) if handle is not None and id_ is not None else None,
        reply_to=_unless_own(ref_of(tweet, "in_reply_to_status_id"), ref),
        root=_unless_own(conversation, ref),
        quotes=_quotes(tweet, body.links, ref),
        links=(*body.links, *community_note(tweet)),
        media=body.media,
        poll=body.poll,
        tags=body.tags,
        mentions=body.mentions,
        language=language_of(tweet),
        warning=body.warning,
        counts=get_counts(tweet, _COUNTS),
        inferred=(*inferred, "truncated") if body.is_cut else inferred,
        edited=_edited(tweet, id_),
    )


def _edited(tweet: Object, id_: str | None) -> When | None:
    """Return when this version was written, by its id; None for the first one."""
    versions = version_ids(tweet)
    return post_time(None, id_) if id_ is not None and versions and id_ != versions[0] else None


def tweet_records(tweet: Object) -> Iterator[Account | Post | Repost]:
    """Yield a post or a repost with its author, then the posts inside it, to any depth. Raises ValueError."""
    waiting = [tweet]
    while waiting:
        current = waiting.pop()
        author = account_of(user) if (user := get_object(current, "user")) else None
        ref = author.ref if author else ref_of(current, "user_id")
        original = get_object(current, "retweeted_status")
        if author:
            yield author
        if original:
            if ref is None:
                raise ValueError("a retweet that does not say by whom: no 'user'")
            created = post_time(get_str(current, "created_at"), tweet_id(current))
            yield Repost(ref, tweet_ref(original), created)
            waiting.append(original)
            continue
        yield post_of(current, ref, author.handle if author else None)
        if quoted := get_object(current, "quoted_status"):
            waiting.append(quoted)


def tweet_ref(tweet: Object) -> Ref:
    """Return what a post with its author in it is called: its id, else a fingerprint. Raises ValueError."""
    id_ = tweet_id(tweet)
    return Ref(PLATFORM, id_) if id_ else post_of(tweet, None, get_str(get_object(tweet, "user"), "screen_name")).ref


def _unless_own(ref: Ref | None, own: Ref) -> Ref | None:
    """Return ``ref``, or None if it is the post itself."""
    return None if ref == own else ref


def language_of(tweet: Object) -> str | None:
    """Return the language, ``en``; None for X's codes for posts without words (``und``, ``zxx``, ``qme``, …)."""
    return language_code(get_str(tweet, "lang"))


def _quotes(tweet: Object, links: Iterable[Link], own: Ref) -> tuple[Ref, ...]:
    """Return the post that this one quotes: as stated, else the last link to a post, which is the one X displays.

    Archives never state it; the API also says when there is none (``is_quote_status``).
    """
    stated = ref_of(tweet, "quoted_status_id") or ref_of(get_object(tweet, "quoted_status"), "id")
    if stated is None and tweet.get("is_quote_status") not in (False, "false"):
        linked = [id_ for link in links if (id_ := status_id(link.url)) and id_ != own.id]
        stated = Ref(PLATFORM, linked[-1]) if linked else None
    return (stated,) if stated is not None and stated != own else ()


def media_objects(tweet: Object) -> list[Object]:
    """Return the media objects of a post: ``extended_entities``, since ``entities`` holds the first only."""
    for holder in (get_object(tweet, "extended_tweet"), tweet):
        for key in ("extended_entities", "entities") if holder else ():
            if found := get_objects(get_object(holder, key), "media"):
                return found
    return []


def _media(item: Object) -> Media:
    """``{"type": "photo", "media_url_https": …}`` -> an image; for a video its file with the highest bitrate."""
    kind = get_str(item, "type") or "photo"
    url = get_str(item, "media_url_https") or get_str(item, "media_url")
    return Media(media_kind(kind), best_variant_url(item) or url, alt=_alt(item))


def _alt(item: Object) -> str | None:
    """Return the description of a medium; archives until 2018 call it ``media_alt``, and may have an address there."""
    said = (get_str(item, "ext_alt_text") or get_str(item, "media_alt") or "").strip()
    return None if not said or _ADDRESS.fullmatch(said) else said


def community_note(tweet: Object) -> tuple[Link, ...]:
    """Return the note that readers added to a post, as the card that X shows below it.

    ``{"subtitle": {"text": "Raku needs a kiln."}, "note": {"rest_id": "7"}}`` -> ``Link("https://x.com/i/birdwatch/n/7",
    title="Community Note: Readers added context", description="Raku needs a kiln.")``
    """
    pivot = get_object(tweet, "birdwatch_pivot")
    if not pivot:
        return ()
    number = get_str(get_object(pivot, "note"), "rest_id")
    url = get_str(pivot, "destinationUrl") or (f"{SITE}/i/birdwatch/n/{number}" if number else None)
    title = f"Community Note: {get_str(pivot, 'title') or 'Readers added context'}"
    return (Link(url, title=title, description=plain_words(get_str(get_object(pivot, "subtitle"), "text"))),)


def best_variant_url(item: Object) -> str | None:
    """Return the address of a video's file with the highest bitrate; None for pictures."""
    files = [
        # A playlist (m3u8) has no bitrate: the last resort.
        (-1 if (rate := get_count(variant, "bitrate")) is None else rate, url)
        for variant in get_objects(get_object(item, "video_info"), "variants")
        if (url := get_str(variant, "url"))
    ]
    return max(files, key=lambda file: file[0])[1] if files else None


def _warning(attached: Iterable[Object]) -> str | None:
    """Return the warning shown before the media: ``adult content``."""
    found: dict[str, None] = {}
    for item in attached:
        for key in ("ext_sensitive_media_warning", "sensitive_media_warning"):
            flags = get_object(item, key)
            found.update({said: None for flag, said in _WARNINGS.items() if get_flag(flags, flag)})
    return ", ".join(found) or None


def _span(entity: Object, *, is_hidden: bool = False) -> EntitySpan:
    start, end = indices_of(entity)
    return EntitySpan(
        get_str(entity, "url") or "",
        start,
        end,
        get_str(entity, "expanded_url"),
        plain_words(get_str(entity, "title")),
        is_hidden,
        plain_words(get_str(entity, "description")),
    )


def _url_spans(entities: Object, tweet: Object) -> list[EntitySpan]:
    spans = [_span(entity) for entity in get_objects(entities, "urls")]
    own = id_of(tweet, "id") if spans else None
    return [span._replace(is_hidden=True) if _is_own(span.url, own) else span for span in spans]


def _quote_spans(tweet: Object, raw: str, entities: Object) -> list[EntitySpan]:
    """Return the link to the quoted post, which newer sources have outside the entities."""
    link = get_object(tweet, "quoted_status_permalink")
    written = get_str(link, "url")
    if (
        written is None
        or written not in raw
        or any(item.get("url") == written for item in get_objects(entities, "urls"))
    ):
        return []
    start = raw.rindex(written)
    return [EntitySpan(written, start, start + len(written), get_str(link, "expanded"))]


def _media_spans(entities: Object, attached: Iterable[Object]) -> list[EntitySpan]:
    return [_span(item, is_hidden=True) for item in get_objects(entities, "media") or attached]


def card_of(tweet: Object) -> Card:
    """Return the card of a post, empty if it has none.

    Browser captures hold it under ``legacy``, with a list of values; the API v1.1 directly, with an object of values::

        {"legacy": {"name": "poll2choice_text_only", "binding_values": [{"key": "choice1_label", "value": {…}}, …]}}
            -> Card(poll=(PollOption("Raku"), PollOption("Salt")))
    """
    outer = get_object(tweet, "card")
    card = get_object(outer, "legacy") or outer
    if not card:
        return Card()
    values = _card_values(card)
    if _POLL.match(get_str(card, "name") or ""):
        names = [f"choice{number}" for number in range(1, _POLL_OPTIONS_MAX + 1)]
        options = ((values.get(f"{name}_label"), _votes(values.get(f"{name}_count"))) for name in names)
        return Card(poll=poll_of(options))
    url = get_str(card, "url") or ""
    title = values.get("title") or values.get("broadcast_title")
    return Card(
        url if "://t.co" in url else values.get("card_url") or url, title, description=values.get("description")
    )


def poll_card(options: Iterable[tuple[object, object]]) -> Object:
    """Return a poll's labels and votes as a card of the API v1.1: what other APIs hold, in the shape read here."""
    values: Object = {}
    for number, (label, votes) in enumerate(options, 1):
        values[f"choice{number}_label"] = {"string_value": label}
        if isinstance(votes, int | str):
            values[f"choice{number}_count"] = {"string_value": str(votes)}
    return {"name": f"poll{number}choice_text_only", "binding_values": values}


def _votes(count: str | None) -> int | None:
    return int(count) if count is not None and count.isascii() and count.isdigit() else None


def _card_values(card: Object) -> dict[str, str]:
    """Return the string values by name."""
    held = card.get("binding_values")
    if isinstance(held, list):
        pairs = [(get_str(item, "key"), get_object(item, "value")) for item in get_objects(card, "binding_values")]
    else:
        pairs = [(key, object_of(value, repr(key))) for key, value in get_object(card, "binding_values").items()]
    found = {}
    for key, value in pairs:
        text = get_str(value, "string_value")
        if key and text:
            found[key] = text
    return found


def indices_of(entity: Object) -> tuple[int, int]:
    """``{"indices": ["16", "31"]}`` -> ``(16, 31)``; ``(-1, -1)`` if missing. Raises ValueError."""
    indices = entity.get("indices")
    if indices is None:
        return -1, -1
    try:
        start, end = (int(index) for index in indices)
    except (TypeError, ValueError):
        raise ValueError("'indices' should be two whole numbers") from None
    return start, end


def _long_text(raw: str, note: Note, attached: Iterable[Object]) -> tuple[str, tuple[Link, ...]]:
    """Return the long text, preceded by the mentions that only the short one has."""
    mentions = leading_mentions(raw, note.text)
    spans = (*_url_spans(note.entities, {}), *_media_spans(note.entities, attached))
    moved = [
        span._replace(start=span.start + len(mentions), end=span.end + len(mentions)) if span.start >= 0 else span
        for span in spans
    ]
    return display_text(mentions + note.text, moved, escaped=may_be_escaped(note.text))


def _entity_names(entities: Object, key: str, name: str) -> tuple[str, ...]:
    """Return the names in a list of entities in order, without duplicates (ignoring case)."""
    items = get_objects(entities, key)
    if not items:
        return ()
    found: dict[str, str] = {}
    for item in items:
        if word := get_str(item, name):
            found.setdefault(word.casefold(), word)
    return tuple(found.values())


def account_of(user: Object) -> Account:
    """Convert a user object. Raises ValueError if it has neither id nor handle.

    ``t.co`` links in a bio are expanded, since accounts have no field for link targets.
    """
    handle = get_str(user, "screen_name")
    ref = ref_of(user, "id") or (account_ref(PLATFORM, handle) if handle else None)
    if ref is None:
        raise ValueError("an account has neither 'id_str' nor 'screen_name'")
    entities = get_object(user, "entities")
    bio, name, url = get_str(user, "description"), get_str(user, "name"), get_str(user, "url")
    if bio is not None:
        bio = expand_links(bio, get_objects(get_object(entities, "description"), "urls"))
    if url is not None:
        url = expand_links(url, get_objects(get_object(entities, "url"), "urls"))
    return Account(
        ref,
        handle,
        name and unescape(name),
        bio and unescape(bio),
        url,
        followers=get_count(user, "followers_count"),
        following=get_count(user, "friends_count"),
        posts=get_count(user, "statuses_count"),
    )


def expand_links(text: str, urls: Iterable[Object]) -> str:
    """Return ``text`` with every ``t.co`` link of ``urls`` replaced by its target."""
    targets = {get_str(entity, "url"): get_str(entity, "expanded_url") for entity in urls}
    return _SHORT.sub(lambda match: targets.get(match[0]) or match[0], text) if targets else text


def version_ids(tweet: Object) -> tuple[str, ...]:
    """Return the ids of all versions of an edited post, its own included, oldest first; empty if it was never edited.

    Archives say ``edit_info``, browsers ``edit_control``, the APIs ``edit_history`` and ``edit_history_tweet_ids``.
    """
    ids: set[str] = set()
    if info := get_object(tweet, "edit_info"):
        ids |= _ids(get_object(info, "initial"), "editTweetIds")
        if edit := get_object(info, "edit"):
            ids |= _ids(get_object(edit, "editControlInitial"), "editTweetIds")
    if control := get_object(tweet, "edit_control"):
        ids |= _ids(control, "edit_tweet_ids")
        ids |= _ids(get_object(control, "edit_control_initial"), "edit_tweet_ids")
    if history := get_object(tweet, "edit_history"):
        ids |= _ids(history, "edit_tweet_ids")
    if "edit_history_tweet_ids" in tweet:
        ids |= _ids(tweet, "edit_history_tweet_ids")
    return tuple(sorted(ids, key=int)) if len(ids) > 1 else ()


def _ids(holder: Object, key: str) -> set[str]:
    listed = holder.get(key)
    listed = [exact_id(id_) if isinstance(id_, float) else id_ for id_ in listed] if isinstance(listed, list) else []
    return {parse_id(id_, key) for id_ in listed if id_ is not None}


def merge_versions(versions: Iterable[Post]) -> Post:
    """Merge the versions of a post, in any order: the highest id is current, the others are its edits, oldest first."""
    found = list(versions)
    if len(found) == 1:
        return found[0]
    *earlier, current = sorted(found, key=lambda post: int(post.ref.id) if post.ref.is_native else 0)
    return replace(current, edits=tuple(Edit(post.text, post.created, post.ref.id) for post in earlier))


class Versions:
    """Groups ``tweets``, by id, that are versions of one post. Malformed ones are ignored: they fail as entries.

    posts 9 and 10, each stating that 9 and 10 are versions   ->   current("9") == "10", earlier("10") == [post 9]
    """

    def __init__(self, tweets: Mapping[str, Object]) -> None:
        self._tweets = tweets
        self._here: dict[str, tuple[str, ...]] = {}
        for tweet in tweets.values():
            with contextlib.suppress(ValueError):
                here = tuple(id_ for id_ in version_ids(tweet) if id_ in tweets)
                self._here.update(dict.fromkeys(here, here))

    def current(self, id_: str) -> str:
        """Return the id of the newest version present; ``id_`` itself if it was never edited."""
        return self._here[id_][-1] if id_ in self._here else id_

    def earlier(self, id_: str) -> list[Object]:
        """Return the versions present that precede the newest, oldest first."""
        return [self._tweets[version] for version in self._here.get(id_, ())[:-1]]

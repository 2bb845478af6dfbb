"""Posts of X in the shape the API v1.1 gave them, which account archives and browser captures still have.

    {"id_str": "1750", "created_at": "Mon Oct 03 00:23:22 +0000 2016", "user": {"id_str": "12", "screen_name": "mira"},
     "full_text": "Tea &amp; kilns https://t.co/a1", "favorite_count": "3",
     "entities": {"urls": [{"url": "https://t.co/a1", "expanded_url": "https://example.com/", "indices": [16, 31]}]}}

Values may be strings throughout, as in archives. Text and links: see ``_tweet_text``.

Two flags say less than they seem to. ``possibly_sensitive`` is about the links of a post and was set without anybody
being warned, so it makes no warning; a warning on a picture (``ext_sensitive_media_warning``) does. ``protected`` says
how an account was kept when the dump was made, not who may read a post, so visibility stays unknown.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from threadkeep.parsers._cards import titled, with_options
from threadkeep.parsers._json.values import Object, get_count, get_counts, get_flag, get_object, get_objects, get_str
from threadkeep.parsers.x._ids_and_times import PLATFORM, id_of, id_text, ref_of, when
from threadkeep.parsers.x._tweet_cards import card_of
from threadkeep.parsers.x._tweet_text import Place, is_escaped, leading_mentions, shown, status_id, unescaped
from threadkeep.records import Account, Edit, Link, Media, Post, Ref, Repost, account_ref
from threadkeep.text.entities import find_links, find_mentions, find_tags

_COUNTS = (
    ("replies", "reply_count"),
    ("reposts", "retweet_count"),
    ("likes", "favorite_count"),
    ("quotes", "quote_count"),
    ("views", "view_count"),
)
_KINDS = {"photo": "image", "video": "video", "animated_gif": "gif"}
_SHORT = re.compile(r"https?://t\.co/[A-Za-z0-9]++")
_NO_LANGUAGE = frozenset({"und", "zxx"})
_WARNINGS = {"adult_content": "adult content", "graphic_violence": "graphic violence", "other": "sensitive content"}


class Note(NamedTuple):
    """The long text of a post, with its entities in the shape of the API v1.1."""

    text: str
    entities: Object


class Body(NamedTuple):
    """What stands in a post, whoever wrote it and whenever."""

    text: str
    links: tuple[Link, ...]
    media: tuple[Media, ...]
    tags: tuple[str, ...]
    mentions: tuple[str, ...]
    warning: str | None
    is_cut: bool


def tweet_id(tweet: Object) -> str:
    """The id of a post. Raises ValueError where there is none."""
    id_ = id_of(tweet, "id")
    if id_ is None:
        raise ValueError("there is neither 'id_str' nor 'id'")
    return id_


def text_part(tweet: Object) -> tuple[Object, str]:
    """The object that holds the fullest text, with its entities, and that text as it came. Raises ValueError.

    ``extended_tweet.full_text`` goes before ``full_text``, and that before ``text``.
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
    """Text, links, media, tags and mentions; with a ``note``, its text and entities and the media of the tweet."""
    holder, raw = text_part(tweet)
    entities = get_object(holder, "entities")
    attached = media_objects(tweet)
    if note is None:
        urls = (*_url_places(entities, tweet), *_quote_places(tweet, raw, entities))
        text, links = shown(raw, (*urls, *_media_places(entities, attached)))
        if holder.get("entities") is None:
            links = find_links(text)
    else:
        text, links = _noted(raw, note, attached)
        entities = note.entities
    card = card_of(tweet)
    return Body(
        with_options(text, card.options),
        titled(links, card),
        tuple(map(_media, attached)),
        _named(entities, "hashtags", "text") if "hashtags" in entities else find_tags(text),
        _named(entities, "user_mentions", "screen_name") if "user_mentions" in entities else find_mentions(text),
        _warning(attached),
        note is None and _is_cut(tweet, holder, text, len(raw)),
    )


def _is_cut(tweet: Object, holder: Object, text: str, length: int) -> bool:
    """Whether the dump says so, or the text ends in three dots before a link to itself, which is hidden by now."""
    if holder is tweet and "full_text" not in tweet and get_flag(tweet, "truncated"):
        return True
    return text.endswith("…") and any(
        _is_own(get_str(item, "expanded_url"), id_of(tweet, "id")) and indices_of(item)[1] == length
        for item in get_objects(get_object(holder, "entities"), "urls")
    )


def _is_own(url: str | None, own: str | None) -> bool:
    """Whether X put this link to the post itself behind its text: nobody else can know the address before it is out."""
    return own is not None and url is not None and "/i/web/status/" in url and status_id(url) == own


def post_of(tweet: Object, author: Ref | None, handle: str | None = None, note: Note | None = None) -> Post:
    """The post that ``tweet`` is, by ``author``, whose ``handle`` makes its address. Retweets are not for this.

    ``{"id_str": "50", "text": "Tea", "in_reply_to_status_id_str": "49"}`` -> ``Post(x:50, text="Tea", reply_to=x:49)``
    """
    id_ = tweet_id(tweet)
    body = body_of(tweet, note)
    created = when(get_str(tweet, "created_at"), id_)
    conversation = ref_of(tweet, "conversation_id")
    ref = Ref(PLATFORM, id_)
    inferred = ("created",) if created is not None and created.origin == "derived" else ()
    return Post(
        ref,
        author,
        body.text,
        created=created,
        url=address(id_, handle),
        reply_to=_other(ref_of(tweet, "in_reply_to_status_id"), ref),
        root=_other(conversation, ref),
        quotes=_quotes(tweet, body.links, ref),
        links=body.links,
        media=body.media,
        tags=body.tags,
        mentions=body.mentions,
        language=language_of(tweet),
        warning=body.warning,
        counts=get_counts(tweet, _COUNTS),
        inferred=(*inferred, "truncated") if body.is_cut else inferred,
    )


def tweet_records(tweet: Object) -> Iterator[Account | Post | Repost]:
    """A post or a repost with its author, then what stands in it, however deep."""
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
            created = when(get_str(current, "created_at"), tweet_id(current))
            yield Repost(ref, Ref(PLATFORM, tweet_id(original)), created)
            waiting.append(original)
            continue
        yield post_of(current, ref, author.handle if author else None)
        if quoted := get_object(current, "quoted_status"):
            waiting.append(quoted)


def address(id_: str, handle: str | None) -> str | None:
    """Where a post stands on the web, where its author's handle is known."""
    return None if handle is None else f"https://x.com/{handle}/status/{id_}"


def _other(ref: Ref | None, own: Ref) -> Ref | None:
    """``ref``, unless it is the post itself."""
    return None if ref == own else ref


def language_of(tweet: Object) -> str | None:
    """``en``; None for X's codes for posts without words (``und``, ``zxx``, ``qme``: only a picture, ``qht``: …)."""
    code = get_str(tweet, "lang")
    if code is None or code in _NO_LANGUAGE or (len(code) == 3 and code[0] == "q"):
        return None
    return code


def _quotes(tweet: Object, links: Iterable[Link], own: Ref) -> tuple[Ref, ...]:
    """The post that this one quotes: as stated, else the last link to a post, which is the one X shows.

    Archives state nothing, the API also when there is none (``is_quote_status``).
    """
    stated = ref_of(tweet, "quoted_status_id") or ref_of(get_object(tweet, "quoted_status"), "id")
    if stated is None and tweet.get("is_quote_status") not in (False, "false"):
        linked = [id_ for link in links if (id_ := status_id(link.url)) and id_ != own.id]
        stated = Ref(PLATFORM, linked[-1]) if linked else None
    return (stated,) if stated is not None and stated != own else ()


def media_objects(tweet: Object) -> list[Object]:
    """The media of a post as the dump has them: ``extended_entities``, since ``entities`` holds the first only."""
    for holder in (get_object(tweet, "extended_tweet"), tweet):
        for key in ("extended_entities", "entities") if holder else ():
            if found := get_objects(get_object(holder, key), "media"):
                return found
    return []


def _media(item: Object) -> Media:
    """``{"type": "photo", "media_url_https": …}`` -> an image; of a video the best of its files."""
    kind = get_str(item, "type") or "photo"
    url = get_str(item, "media_url_https") or get_str(item, "media_url")
    return Media(_KINDS.get(kind, kind), best_file(item) or url, alt=get_str(item, "ext_alt_text"))


def best_file(item: Object) -> str | None:
    """The address of a video's file with the most bits a second; None for pictures."""
    files = [
        # A playlist (m3u8) has no rate: it is taken only where there is nothing else.
        (-1 if (rate := get_count(variant, "bitrate")) is None else rate, url)
        for variant in get_objects(get_object(item, "video_info"), "variants")
        if (url := get_str(variant, "url"))
    ]
    return max(files, key=lambda file: file[0])[1] if files else None


def _warning(attached: Iterable[Object]) -> str | None:
    """What readers are warned of before they see the media: ``adult content``."""
    found: dict[str, None] = {}
    for item in attached:
        for key in ("ext_sensitive_media_warning", "sensitive_media_warning"):
            flags = get_object(item, key)
            found.update({said: None for flag, said in _WARNINGS.items() if get_flag(flags, flag)})
    return ", ".join(found) or None


def _place(entity: Object, *, is_hidden: bool = False) -> Place:
    start, end = indices_of(entity)
    return Place(
        get_str(entity, "url") or "", start, end, get_str(entity, "expanded_url"), get_str(entity, "title"), is_hidden
    )


def _url_places(entities: Object, tweet: Object) -> list[Place]:
    places = [_place(entity) for entity in get_objects(entities, "urls")]
    own = id_of(tweet, "id") if places else None
    return [place._replace(is_hidden=True) if _is_own(place.url, own) else place for place in places]


def _quote_places(tweet: Object, raw: str, entities: Object) -> list[Place]:
    """The link to the quoted post, which newer dumps have in a place of its own."""
    link = get_object(tweet, "quoted_status_permalink")
    written = get_str(link, "url")
    if (
        written is None
        or written not in raw
        or any(item.get("url") == written for item in get_objects(entities, "urls"))
    ):
        return []
    start = raw.rindex(written)
    return [Place(written, start, start + len(written), get_str(link, "expanded"))]


def _media_places(entities: Object, attached: Iterable[Object]) -> list[Place]:
    return [_place(item, is_hidden=True) for item in get_objects(entities, "media") or attached]


def indices_of(entity: Object) -> tuple[int, int]:
    """``{"indices": ["16", "31"]}`` -> ``(16, 31)``; ``(-1, -1)`` where none are given."""
    indices = entity.get("indices")
    if indices is None:
        return -1, -1
    try:
        start, end = (int(index) for index in indices)
    except (TypeError, ValueError):
        raise ValueError("'indices' should be two whole numbers") from None
    return start, end


def _noted(raw: str, note: Note, attached: Iterable[Object]) -> tuple[str, tuple[Link, ...]]:
    """The long text, with the mentions before it that only the short one has."""
    mentions = leading_mentions(raw, note.text)
    places = (*_url_places(note.entities, {}), *_media_places(note.entities, attached))
    moved = [
        place._replace(start=place.start + len(mentions), end=place.end + len(mentions)) if place.start >= 0 else place
        for place in places
    ]
    return shown(mentions + note.text, moved, escaped=is_escaped(note.text))


def _named(entities: Object, key: str, name: str) -> tuple[str, ...]:
    """The names in a list of entities, distinct whatever their case, in order, as first written."""
    items = get_objects(entities, key)
    if not items:
        return ()
    found: dict[str, str] = {}
    for item in items:
        if word := get_str(item, name):
            found.setdefault(word.casefold(), word)
    return tuple(found.values())


def account_of(user: Object) -> Account:
    """Somebody as a post or a profile describes them. Raises ValueError where there is neither id nor handle.

    ``t.co`` links in a bio are written out, since an account has no other place for where they lead.
    """
    handle = get_str(user, "screen_name")
    ref = ref_of(user, "id") or (account_ref(PLATFORM, handle) if handle else None)
    if ref is None:
        raise ValueError("an account has neither 'id_str' nor 'screen_name'")
    entities = get_object(user, "entities")
    bio, name, url = get_str(user, "description"), get_str(user, "name"), get_str(user, "url")
    if bio is not None:
        bio = expanded(bio, get_objects(get_object(entities, "description"), "urls"))
    if url is not None:
        url = expanded(url, get_objects(get_object(entities, "url"), "urls"))
    return Account(
        ref,
        handle,
        name and unescaped(name),
        bio and unescaped(bio),
        url,
        followers=get_count(user, "followers_count"),
        following=get_count(user, "friends_count"),
        posts=get_count(user, "statuses_count"),
    )


def expanded(text: str, urls: Iterable[Object]) -> str:
    """``text`` with every ``t.co`` of ``urls`` replaced by where it leads."""
    targets = {get_str(entity, "url"): get_str(entity, "expanded_url") for entity in urls}
    return _SHORT.sub(lambda match: targets.get(match[0]) or match[0], text) if targets else text


def version_ids(tweet: Object) -> tuple[str, ...]:
    """The ids of all versions of an edited post, itself among them, oldest first; empty where it was never edited.

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
    return {id_text(id_, key) for id_ in listed} if isinstance(listed, list) else set()


def folded(versions: Iterable[Post]) -> Post:
    """One post of all its versions, in any order: the highest id is current, the rest its history, oldest first."""
    found = list(versions)
    if len(found) == 1:
        return found[0]
    *earlier, current = sorted(found, key=lambda post: int(post.ref.id))
    return replace(current, edits=tuple(Edit(post.text, post.created, post.ref.id) for post in earlier))

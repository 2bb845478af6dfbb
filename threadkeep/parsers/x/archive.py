"""Read an account archive of X (Twitter), 2018 to now: a zip, a folder, or one bare ``tweets.js``.

    window.YTD.tweets.part0 = [ {"tweet": {"id_str": "1750", "full_text": "Tea &amp; kilns", …}} ]

Every post is by the owner, named in ``account.js``; retweets quote others. Long texts stand in ``note-tweet.js``, and
the versions of an edited post are separate items: both are joined here.
"""

import contextlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TypeVar

from threadkeep.errors import DumpError
from threadkeep.parsers._json.stream import Value
from threadkeep.parsers._json.values import Object, get_object, get_objects, get_str
from threadkeep.parsers.entry import Entry, damage
from threadkeep.parsers.x._archive_files import (
    YtdFile,
    converted_files,
    is_converted_archive,
    is_ytd,
    unwrap,
    ytd_files,
)
from threadkeep.parsers.x._archive_manifest import Manifest, read_manifest
from threadkeep.parsers.x._ids_and_times import PLATFORM, id_of, post_time
from threadkeep.parsers.x._note_tweets import LongText, UnmatchedLongTexts, parse_long_text
from threadkeep.parsers.x._retweet import parse_retweet
from threadkeep.parsers.x._tweet import merge_versions, post_of, tweet_id, version_ids
from threadkeep.platforms.x import parse_post_url, post_url, time_of_id
from threadkeep.records import Account, Exported, Parsed, Post, Ref, Repost, Skipped, When, account_ref, post_ref
from threadkeep.sources.source import Source
from threadkeep.text.entities import find_links, find_mentions, find_tags
from threadkeep.text.formatting import plural

_T = TypeVar("_T")

NAME = "x-archive"
TITLE = "X (Twitter) account archive, 2018 to now: zip, folder or a bare tweets.js"
VERSION = 4

_CIRCLES = ("twitter_circle_tweet", "twitter_circle_tweets")
"""Files of posts that only a circle of chosen readers saw."""
_TWEETS = ("tweet", "tweets", "community_tweet", "community_tweets", "deleted_tweet", "deleted_tweets", *_CIRCLES)
_WRAPPERS = ("tweet", "deletedTweet", "communityTweet", "twitterCircleTweet")
_NOTES = ("note_tweet", "note_tweets")
_ABOUT = ("account", "profile")
_MEDIA_FOLDER = re.compile(r"(?:^|/)(?:\w+_)?tweets?_media$")
_SAY_OWNER = "import it with --owner HANDLE"


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose archive it is; ``inferred`` if only the addresses in the posts say so."""

    account: Account | None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class _Tweet:
    """A post with its earlier versions, their long texts, and all media files by the id of their post."""

    versions: tuple[Object, ...]
    notes: tuple[LongText | None, ...]
    owner: _Owner
    files: dict[str, list[str]] = field(repr=False)
    visibility: str | None = None


@dataclass(frozen=True, slots=True)
class _Like:
    value: Value


@dataclass(frozen=True, slots=True)
class _UnmatchedNote:
    """A long text whose post is missing."""

    note: LongText
    owner: _Owner


@dataclass(frozen=True, slots=True)
class _Invalid:
    """An item that is not JSON, or not of the expected shape."""

    reason: str


def recognizes(source: Source) -> bool:
    """Whether it is a JavaScript file of an archive, a zip, tar or folder of them, or an archive as plain JSON."""
    return is_ytd(source) or is_converted_archive(source)


def entries(source: Source) -> Iterator[Entry]:
    """Yield the owner, the posts, then an entry for each item of the other files, and one for each damaged file.

    Raises DumpError at the end, if a source of one file was truncated.
    """
    files = ytd_files(source) or converted_files(source)
    cut_off = _Damage()
    manifest = read_manifest(source)
    owner = _find_owner(source, files, manifest, cut_off)
    if manifest.exported is not None:
        yield Entry("manifest.js", Exported(manifest.exported), "")
    yield Entry("account.js", owner, "")
    notes: list[LongText] = []
    yield from _read_notes(files, notes, cut_off)
    tweets = [file for file in files if file.kind in _TWEETS]
    yield from _tweets(source, tweets, UnmatchedLongTexts(notes), owner, cut_off)
    for file in files:
        if file.kind == "like" and source.options.likes:
            for value in _values(file, cut_off):
                yield Entry(value.locator, _Like(value), value.raw())
        elif file.kind not in (*_TWEETS, *_NOTES, *_ABOUT):
            for value in _values(file, cut_off):
                yield Entry(value.locator, Skipped(file.kind), "")
    if cut_off.reasons and not source.members:
        raise DumpError("; ".join(cut_off.reasons.values()))
    if source.members:
        yield from _incomplete(source, files, manifest, owner, cut_off)


@dataclass(frozen=True, slots=True)
class _Damage:
    """What is wrong with files, by member, and how many items each of those read to the end has."""

    reasons: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, file: YtdFile, reason: str) -> None:
        self.reasons.setdefault(file.member, reason.removeprefix(f"{file.member}: "))


def _incomplete(
    source: Source, files: list[YtdFile], manifest: Manifest, owner: _Owner, cut_off: _Damage
) -> Iterator[Entry]:
    """Yield an entry for each file that is damaged or missing, or has fewer items than the manifest promises."""
    reasons = dict(cut_off.reasons)
    if owner.account is None and any(file.kind in _TWEETS for file in files):
        name = next((file.member for file in files if file.kind in _ABOUT and file.member in reasons), "account.js")
        reasons[name] = f"{reasons.get(name, 'it is missing')}, so nothing says whose archive this is: {_SAY_OWNER}"
    if manifest.problem:
        yield manifest.problem
    for file in files:
        promised, count = manifest.count_of(file.name), cut_off.counts.get(file.member)
        if file.kind in _TWEETS + _NOTES and file.member not in reasons and count is not None and count < promised:
            reasons[file.member] = f"it has {count:,} of the {plural(promised, 'record')} that manifest.js lists"
    parts = {file.kind: {other.number for other in files if other.kind == file.kind} for file in files}
    for kind, numbers in parts.items():
        if not manifest.promises and (lost := set(range(max(numbers))) - numbers):
            name = kind.replace("_", "-")
            names = ", ".join(f"{name}-part{number}.js" if number else f"{name}.js" for number in sorted(lost))
            reasons[names] = "it is missing: there are later parts"
    for name, reason in reasons.items():
        yield damage(name, reason)
    yield from manifest.missing(source, (*_TWEETS, *_NOTES, *_ABOUT))


def _values(file: YtdFile, cut_off: _Damage) -> Iterator[Value]:
    """Yield the items of a file; an error at its end is noted in ``cut_off``."""
    count = 0
    try:
        for value in file.values():
            count += 1
            yield value
        cut_off.counts[file.member] = count
    except DumpError as error:
        cut_off.note(file, str(error))


def _read_notes(files: Iterable[YtdFile], notes: list[LongText], cut_off: _Damage) -> Iterator[Entry]:
    """Fill ``notes``; yield an entry for each invalid one."""
    for file in files:
        if file.kind in _NOTES:
            for value in _values(file, cut_off):
                try:
                    notes.append(parse_long_text(value.locator, unwrap(value, "noteTweet")))
                except ValueError as error:
                    yield Entry(value.locator, _Invalid(str(error)), value.raw())


def _tweets(
    source: Source, files: Iterable[YtdFile], notes: UnmatchedLongTexts, owner: _Owner, cut_off: _Damage
) -> Iterator[Entry]:
    """Yield each post once: the versions of an edited one wait for the last of them."""
    media = _media_files(source)
    waiting: dict[str, list[Value]] = defaultdict(list)
    hidden: set[str] = set()
    for file in files:
        visibility = "followers" if file.kind in _CIRCLES else None
        for value in _values(file, cut_off):
            try:
                tweet = unwrap(value, *_WRAPPERS)
                if ids := version_ids(tweet):
                    waiting[ids[0]].append(value)  # undecoded: decoded values take several times the memory
                    hidden |= {ids[0]} if visibility else set()
                    continue
                item = _Tweet((tweet,), (notes.take(tweet),), owner, media, visibility)
            except ValueError as error:
                yield Entry(value.locator, _Invalid(str(error)), value.raw())
            else:
                yield Entry(value.locator, item, value.raw())
    for first, versions in waiting.items():
        yield _edited_tweet(versions, notes, owner, media, "followers" if first in hidden else None)
    for note in notes:
        yield Entry(note.locator, _UnmatchedNote(note, owner), note.text)


def _edited_tweet(
    versions: list[Value],
    notes: UnmatchedLongTexts,
    owner: _Owner,
    media: dict[str, list[str]],
    visibility: str | None,
) -> Entry:
    value = versions[-1]
    try:
        found = tuple(unwrap(version, *_WRAPPERS) for version in versions)
        item = _Tweet(found, tuple(map(notes.take, found)), owner, media, visibility)
        return Entry(value.locator, item, value.raw())
    except ValueError as error:
        return Entry(value.locator, _Invalid(str(error)), value.raw())


def _media_files(source: Source) -> dict[str, list[str]]:
    """Return the media files by the id of their post: ``tweets_media/1750-GHx.jpg`` -> ``{"1750": […]}``."""
    found: dict[str, list[str]] = defaultdict(list)
    for member in source.members:
        folder, _, name = member.rpartition("/")
        if _MEDIA_FOLDER.search(folder):
            found[name.partition("-")[0]].append(member)
    return found


def _find_owner(source: Source, files: list[YtdFile], manifest: Manifest, cut_off: _Damage) -> _Owner:
    """Find the owner: by the files, by the options of the import, or by the posts."""
    about: dict[str, Object] = {}
    for file in files:
        if file.kind in _ABOUT:
            try:
                for value in file.values():
                    about.setdefault(file.kind, unwrap(value, file.kind))
            except (ValueError, DumpError) as error:  # the next source of the owner counts
                cut_off.note(file, str(error))
    account = about.get("account") or manifest.owner
    profile = _try_get(get_object, about.get("profile", {}), "description") or {}
    handle = _try_get(get_str, account, "username") or source.options.owner or source.options.author
    id_ = _try_get(id_of, account, "accountId")
    if handle or id_:
        ref = Ref(PLATFORM, id_) if id_ else account_ref(PLATFORM, handle or "")
        name, bio = _try_get(get_str, account, "accountDisplayName"), _try_get(get_str, profile, "bio")
        return _Owner(Account(ref, handle, name, bio, _try_get(get_str, profile, "website")))
    return _infer_owner(file for file in files if file.kind in _TWEETS)


def _try_get(take: Callable[[Object, str], _T | None], held: Object, key: str) -> _T | None:
    """Return ``take(held, key)``; None if it raises ValueError."""
    with contextlib.suppress(ValueError):
        return take(held, key)
    return None


def _infer_owner(files: Iterable[YtdFile]) -> _Owner:
    """Infer the owner's handle from the address of their own media."""
    for file in files:
        for value in _values(file, _Damage()):
            if b'"media"' in value.json:
                with contextlib.suppress(ValueError):  # reported when it is parsed
                    if handle := _own_handle(unwrap(value, "tweet")):
                        return _Owner(Account(account_ref(PLATFORM, handle), handle), inferred=True)
    return _Owner(None)


def _own_handle(tweet: Object) -> str | None:
    for item in get_objects(get_object(tweet, "extended_entities"), "media") + get_objects(
        get_object(tweet, "entities"), "media"
    ):
        found = parse_post_url(get_str(item, "expanded_url") or "")
        if found and found.subpath.startswith(("/photo/", "/video/")) and found.id == tweet_id(tweet):
            return found.handle
    return None


def parse(entry: Entry) -> Iterator[Parsed]:
    """``{"id_str": "1750", "full_text": "RT @bea: Hot"}`` -> bea's account, her post, and the owner's repost of it."""
    item = entry.data
    if isinstance(item, _Invalid):
        raise ValueError(item.reason)
    if isinstance(item, Skipped | Exported):
        yield item
    elif isinstance(item, _Owner):
        if item.account:
            yield item.account
    elif isinstance(item, _Like):
        yield _liked_post(unwrap(item.value, "like"))
    elif isinstance(item, _UnmatchedNote):
        yield _unmatched_note_post(item)
    else:
        yield from _tweet_records(item)


def _tweet_records(item: _Tweet) -> Iterator[Parsed]:
    owner = item.owner.account
    newest = item.versions[0]
    if len(item.versions) > 1:
        newest = max(item.versions, key=lambda tweet: int(tweet_id(tweet) or 0))
    retweet = parse_retweet(newest)
    if retweet is not None and owner is not None:
        yield retweet.account
        yield _with_files(retweet.post, item.files.get(tweet_id(newest) or ""))
        yield Repost(owner.ref, retweet.post.ref, post_time(get_str(newest, "created_at"), tweet_id(newest)))
        return
    if retweet is not None:
        raise ValueError("a retweet, and nothing says whose archive this is: import it with --owner HANDLE")
    versions = [_version(tweet, note, item) for tweet, note in zip(item.versions, item.notes, strict=True)]
    post = merge_versions(versions)
    yield replace(post, inferred=(*post.inferred, "author")) if owner and item.owner.inferred else post


def _version(tweet: Object, note: LongText | None, item: _Tweet) -> Post:
    owner = item.owner.account
    ref, handle = (owner.ref, owner.handle) if owner else (None, None)
    post = post_of(tweet, ref, handle, note.as_note(tweet) if note else None)
    return _with_files(replace(post, visibility=item.visibility), item.files.get(post.ref.id))


def _with_files(post: Post, files: list[str] | None) -> Post:
    """Return the post with the archive's file of each of its media: by name, else by kind (videos)."""
    if not files or not post.media:
        return post
    left = {PurePosixPath(member).name.partition("-")[2]: member for member in files}
    found = [left.pop(_file_name(item.url), None) for item in post.media]
    moving = [member for name, member in left.items() if name.endswith(".mp4")]
    media = tuple(
        replace(item, file=member or (moving.pop(0) if moving and item.kind != "image" else None))
        for item, member in zip(post.media, found, strict=True)
    )
    return replace(post, media=media)


def _file_name(url: str | None) -> str:
    return (url or "").partition("?")[0].rpartition("/")[2]


def _liked_post(like: Object) -> Post:
    """Convert a liked post: the archive does not name its author, and its text only if X still had it."""
    id_ = id_of(like, "tweetId")
    if id_ is None:
        raise ValueError("a like without 'tweetId'")
    text = get_str(like, "fullText") or ""
    created = time_of_id(id_)
    return Post(
        Ref(PLATFORM, id_),
        None,
        text,
        created=created,
        url=get_str(like, "expandedUrl") or post_url(id_, "i/web"),
        links=find_links(text),
        tags=find_tags(text),
        mentions=find_mentions(text),
        inferred=("created",) if created else (),
    )


def _unmatched_note_post(item: _UnmatchedNote) -> Post:
    """Convert a long text without its post, to a post without native id: a long text has its own id."""
    owner, note = item.owner.account, item.note
    author, handle = (owner.ref, owner.handle) if owner else (None, None)
    ref = post_ref(PLATFORM, handle, note.text)
    links, tags, mentions = find_links(note.text), find_tags(note.text), find_mentions(note.text)
    created = When(note.created) if note.created else None
    return Post(ref, author, note.text, created=created, links=links, tags=tags, mentions=mentions)

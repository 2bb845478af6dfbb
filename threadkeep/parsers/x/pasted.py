"""Posts pasted from X: with the headers of a copied timeline, or bare, one after another, without separators.

    When gauges freeze, forecasts drift.        a post of three lines;
    Our #RiverML paper keeps them honest.       nothing shows where it ends
    https://t.co/aZ1example
    (1/5) Dams open at night. Why?              the next one

Bare pastes show no authors, dates or ids. The boundaries between posts are then inferred, each with a band: sure,
likely, or to check.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from threadkeep.parsers._pasted_posts import has_bare_headers, has_signed_handles
from threadkeep.parsers._segmentation import documents, posts
from threadkeep.parsers._segmentation.layout import is_blank
from threadkeep.parsers.entry import REPEATED, Entry, line_locator
from threadkeep.parsers.x import _paste_timeline
from threadkeep.parsers.x._paste_headers import YOU
from threadkeep.parsers.x._paste_profile import Profile, find_profile, is_page_chrome
from threadkeep.parsers.x._paste_timeline import PastedPost
from threadkeep.parsers.x._retweet import with_reposts
from threadkeep.platforms.x import is_cut_text
from threadkeep.records import Account, Boundary, Link, Media, Parsed, Pin, Post, Ref, Repost, Skipped, account_ref
from threadkeep.sources.source import Options, Source
from threadkeep.text.dates import date_before
from threadkeep.text.entities import is_handle

NAME = "x-text"
TITLE = "X (Twitter) posts, pasted"
VERSION = 3

PLATFORM = "x"

_SHORTENED = re.compile(r"\bt\.co/\w")
_MARK = re.compile(r"🧵|(?:^|[\s(\[])\d{1,2}\s?/\s?(?:\d{1,2}|[nNkK])?(?=$|[\s)\]])")
_NAME = re.compile(r"(?<![\w@./])@\w{2,15}(?![\w.@])|(?<![\w&/])#[^\W\d]\w+")
_BUTTONS = re.compile(r"(?:\[[^\[\]\d]{2,30}\]\s*)+")
_BLUESKY = re.compile(r"[\d.,]+[KM]? followers?\s+[\d.,]+[KM]? following|@[\w-]+(?:\.[\w-]+)+\W{0,3}[·•]", re.I)


def recognizes(source: Source) -> bool:
    """Whether it has headers of X, or X's marks: t.co links, 🧵, ``(1/5)``, mentions without a dot, hashtags."""
    head = source.head
    if head is None or documents.is_data(head):
        return False
    lines = [line.strip() for line in head.split("\n")]
    if has_signed_handles(lines) or has_bare_headers(lines):
        return False
    if _paste_timeline.has_headers(lines):
        return True
    if any(_BLUESKY.search(line[:200]) for line in lines) or sum(map(_is_domain, lines)) >= 2:
        return False
    if documents.is_document(head) or sum(_BUTTONS.fullmatch(line) is not None for line in lines) >= 2:
        return False
    full = [line for line in lines if not is_blank(line)]
    shortened = sum(_SHORTENED.search(line) is not None for line in full)
    marked = sum(_MARK.search(line) is not None for line in full)
    cues = sum(any(cue.search(line) for cue in (_SHORTENED, _MARK, _NAME)) for line in full)
    if cues >= 2:
        return shortened + marked >= 1 or 10 * cues >= len(full)
    return shortened == 1 or (marked == 1 and documents.is_set_of_posts(head))


def _is_domain(line: str) -> bool:
    return "." in line and is_handle(line.strip("\u202a\u202c\u2068\u2069").removeprefix("@"))


def entries(source: Source) -> Iterator[Entry]:
    """Yield the account if it is a profile, then the posts."""
    text, options = source.text(), source.options
    lines = text.split("\n")
    if _is_page(lines, options):
        yield from _page_entries(lines, options)
        return
    profile = find_profile(lines)
    if profile is not None:
        yield _profile_entry(profile, lines)
    pieces = posts.cut(_without(lines, profile), options)
    yield from posts.drafts(pieces, PLATFORM, options.author)


def parse(entry: Entry) -> Iterator[Parsed]:
    """``(1/2) We measured… @ivo #rivers`` -> a Post without author, and the boundary before it."""
    if isinstance(entry.data, Profile):
        yield _account(entry.data)
    elif isinstance(entry.data, _Item):
        yield from with_reposts(_item_records(entry.data))
    elif isinstance(entry.data, PastedPost):
        yield Skipped(entry.data.left_out or "", entry.locator)
    else:
        yield from with_reposts(posts.records(entry.data))


def boundaries(source: Source) -> tuple[Boundary, ...]:
    """Return every inferred or stated boundary of the paste; none for a page with headers."""
    lines = source.text().split("\n")
    if _is_page(lines, source.options):
        return ()
    return posts.boundaries(posts.cut(_without(lines, find_profile(lines)), source.options))


def _is_page(lines: Sequence[str], options: Options) -> bool:
    return options.starts is None and options.split == "auto" and _paste_timeline.has_headers(lines)


def _without(lines: Sequence[str], profile: Profile | None) -> str:
    """Return the paste with the profile's lines blanked, so that line numbers stay valid."""
    if profile is None:
        return "\n".join(lines)
    return "\n".join(
        "" if number <= profile.last and (number >= profile.first or is_page_chrome(line.strip(), profile)) else line
        for number, line in enumerate(lines, 1)
    )


def _profile_entry(profile: Profile, lines: Sequence[str]) -> Entry:
    raw = "\n".join(lines[profile.first - 1 : profile.last])
    return Entry(line_locator(profile.first, profile.last), profile, raw)


def _account(profile: Profile) -> Account:
    return Account(
        account_ref(PLATFORM, profile.handle),
        profile.handle,
        profile.name,
        profile.bio,
        profile.url,
        profile.followers,
        profile.following,
        profile.posts,
    )


@dataclass(frozen=True, slots=True)
class _Item:
    """A post of a copied page, with what only the whole page shows; ``accounts`` are those not yielded before."""

    pasted: PastedPost
    accounts: tuple[Account, ...]
    is_repeated: bool
    reposter: Ref | None
    quotes: tuple[Ref, ...]
    answers: Ref | None


def _page_entries(lines: Sequence[str], options: Options) -> Iterator[Entry]:
    profile, page = _paste_timeline.read_page(lines)
    if profile is not None:
        yield _profile_entry(profile, lines)
    owner = profile.handle if profile else options.owner
    people = {pasted.header.name: pasted.header.handle for pasted in page if pasted.header and pasted.header.name}
    if profile is not None and profile.name:
        people[profile.name] = profile.handle
    known = {account_ref(PLATFORM, profile.handle)} if profile else set()
    refs: set[Ref] = set()
    before: Post | None = None
    page = [_dated(pasted, options.saved_on) for pasted in page]
    for pasted, following in zip(page, [*page[1:], None], strict=True):
        if pasted.left_out:
            yield Entry(
                line_locator(pasted.first, pasted.last), pasted, "\n".join(lines[pasted.first - 1 : pasted.last])
            )
            continue
        reposter = _reposter(pasted, people, owner)
        accounts = [
            account for account in (_author(pasted), reposter) if account is not None and account.ref not in known
        ]
        post = _post(pasted)
        quoted = following if following is not None and following.is_quoted and following.text else None
        yield Entry(
            line_locator(pasted.first, pasted.last),
            _Item(
                pasted,
                tuple(accounts),
                post.ref in refs,
                reposter.ref if reposter else None,
                (_post(quoted).ref,) if quoted else (),
                before.ref
                if before and before.author == post.author and posts.follows(before.text, post.text)
                else None,
            ),
            "\n".join(lines[pasted.first - 1 : pasted.last]),
        )
        refs.add(post.ref)
        before = post
        known.update(account.ref for account in accounts)


def _dated(pasted: PastedPost, saved_on: date | None) -> PastedPost:
    """``pasted`` with the day that ``3d`` or ``Mar 3`` named when the page was copied."""
    time = pasted.header.time if pasted.header else None
    if pasted.created is not None or time is None or saved_on is None or pasted.left_out:
        return pasted
    created = date_before(time, saved_on)
    return pasted if created is None else replace(pasted, created=created, is_dated_by_copy=True)


def _author(pasted: PastedPost) -> Account | None:
    if pasted.header is None:
        return None
    return Account(account_ref(PLATFORM, pasted.header.handle), pasted.header.handle, pasted.header.name)


def _reposter(pasted: PastedPost, people: Mapping[str, str], owner: str | None) -> Account | None:
    """Return the account of ``Bo Gauge reposted``: by the handle if the page shows it, else by the name."""
    name = pasted.header.reposter if pasted.header else None
    if name is None:
        return None
    if name == YOU:
        return Account(account_ref(PLATFORM, owner), owner.lstrip("@")) if owner else None
    handle = people.get(name)
    return Account(account_ref(PLATFORM, handle or name), handle, name)


def _item_records(item: _Item) -> Iterator[Parsed]:
    pasted = item.pasted
    post = replace(_post(pasted), quotes=item.quotes, reply_to=item.answers)
    if item.answers:
        post = replace(post, inferred=(*post.inferred, "thread"))
    where = line_locator(pasted.first, pasted.last)
    yield from item.accounts
    if not pasted.text:
        yield Skipped("a post without text", where)
        return
    if item.is_repeated:
        yield Skipped(REPEATED, where)
    else:
        yield post
    if pasted.header is None:
        return
    if pasted.header.pinned and post.author is not None:
        yield Pin(post.author, post.ref)
    if item.reposter is not None:
        yield Repost(item.reposter, post.ref)
    elif pasted.header.reposter is not None:
        yield Skipped("reposted by an account the page does not name", where)


def _post(pasted: PastedPost) -> Post:
    author = account_ref(PLATFORM, pasted.handle) if pasted.handle else None
    bare = posts.written_post(PLATFORM, pasted.handle, author, pasted.text)
    is_cut = pasted.truncated or is_cut_text(pasted.text)
    return replace(
        bare,
        created=pasted.created,
        links=bare.links + ((Link(None, pasted.card, pasted.card_title),) if pasted.card else ()),
        media=tuple(Media(kind) for kind in pasted.media),
        mentions=tuple(dict.fromkeys((*pasted.replied, *bare.mentions))),
        counts=dict(pasted.counts),
        inferred=(("created",) if pasted.is_dated_by_copy else ()) + (("truncated",) if is_cut else ()),
    )

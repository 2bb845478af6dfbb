"""Assemble one copied Bluesky page: its profile, its posts, and who wrote, pinned and reposted them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from threadkeep.parsers.bluesky._paste_body import PostBody, ends_in_number, read_body
from threadkeep.parsers.bluesky._paste_headers import find_headers, is_full_copy
from threadkeep.parsers.bluesky._paste_lines import PasteLine, join_lines, visible_length
from threadkeep.parsers.bluesky._paste_profile import ProfileHeader, bio_lines
from threadkeep.parsers.bluesky._paste_region import PostHeader
from threadkeep.parsers.bluesky._paste_threads import PastedPost, assign_quotes, infer_threads
from threadkeep.parsers.entry import Entry, line_locator
from threadkeep.platforms import bluesky
from threadkeep.records import Account, Ref, account_ref, post_ref
from threadkeep.text.dates import date_before, read_date

MAX_BIO_LENGTH = 256
"""The longest bio of a profile, in characters as a reader counts them."""
_MIN_UNATTRIBUTED_LENGTH = 60
"""Shorter text above the first author of a profile is taken for text of the app."""

_FOOTER_LINES = frozenset({"privacy", "terms", "help"})
_FOOTER_BEGINNINGS = frozenset({"search", "discover", "trending", "feedback", "more feeds"})
_ONE_LINE_FOOTER = "feedback • privacy • terms • help"


@dataclass(frozen=True, slots=True)
class PastedPage:
    """A page as ranges of lines: posts from ``start`` to ``footer``, then the app's own lines up to ``stop``.

    ``owner`` is the handle of the profile's owner, ``saved_on`` the day on which the page was copied. ``is_profile``:
    the page is a profile or a part of one.
    """

    profile: ProfileHeader | None
    headers: Sequence[PostHeader]
    start: int
    footer: int
    stop: int
    owner: str | None
    is_owner_guessed: bool
    is_profile: bool
    saved_on: date | None = None


@dataclass(frozen=True, slots=True)
class PageEntry:
    """The data of an entry: the accounts first seen in it, its post if any, and who reposted and who pinned that."""

    accounts: tuple[Account, ...] = ()
    post: PastedPost | None = None
    reposter: Ref | None = None
    pinner: Ref | None = None


def read_page(
    lines: Sequence[PasteLine], profile: ProfileHeader | None, stop: int, owner_override: str | None
) -> PastedPage:
    """Find the posts of the page below ``profile``. ``owner_override`` is the owner's handle from the command line."""
    start = profile.end if profile else 0
    owner = (profile.handle if profile else None) or owner_override
    headers = find_headers(lines, start, stop, owner, profile.name if profile else None)
    footer = _footer_start(lines, headers[-1].end if headers else start, stop)
    is_profile = profile is not None or any(header.pinned or header.reposter for header in headers)
    guess = _guess_owner(headers) if owner is None and is_profile else None
    return PastedPage(profile, headers, start, footer, stop, owner or guess, guess is not None, is_profile)


def _footer_start(lines: Sequence[PasteLine], start: int, stop: int) -> int:
    """The first line of the app's sidebar, which comes last in a copy of the whole page; ``stop`` if it is missing."""
    folded = [line.text.casefold() for line in lines[start:stop]]
    if not _FOOTER_LINES.issubset(folded) and _ONE_LINE_FOOTER not in folded:
        return stop
    beginnings = [at for at, text in enumerate(folded) if text in _FOOTER_BEGINNINGS or text == _ONE_LINE_FOOTER]
    return start + min(beginnings) if beginnings else stop


def _guess_owner(headers: Sequence[PostHeader]) -> str | None:
    """The owner of a profile whose header was not copied: who pins, else who reposts, else who posts most."""
    reposters = {header.reposter.casefold() for header in headers if header.reposter}
    for header in headers:
        if header.pinned or (header.name or "").casefold() in reposters or (header.handle or "") in reposters:
            return header.handle
    own = Counter(header.handle for header in headers if header.handle and not header.reposter)
    return own.most_common(1)[0][0] if own else None


def page_entries(
    lines: Sequence[PasteLine], page: PastedPage, month_first: bool | None, seen: set[Ref]
) -> Iterator[Entry]:
    """The entries of a page in its order. ``seen`` has the accounts and posts of the pages above it."""
    first = page.headers[0].start if page.headers else page.footer
    start = page.start
    if page.profile is not None:
        bio_end = start if page.profile.has_tabs else _bio_end(lines, start, first)
        yield _profile_entry(lines, page, page.profile, bio_end, seen)
        start = bio_end
    if above := lines[start:first]:
        yield _unattributed_entry(above, page) if _is_unattributed_post(above, page) else page_chrome(above)
    posts = _posts(lines, page, month_first)
    names = {header.handle: header.name for header in reversed(page.headers) if header.handle and header.name}
    for post in posts:
        post.repeated = post.ref in seen
        seen.add(post.ref)
        reposter = _reposter(page, post.header, names)
        accounts = [account for account in (_account(post, names), reposter) if account is not None]
        new = {account.ref: account for account in accounts if account.ref not in seen}
        seen.update(new)
        pinner = _owner_ref(page) or post.author if post.header.pinned else None
        yield Entry(
            post.locator, PageEntry(tuple(new.values()), post, reposter.ref if reposter else None, pinner), post.raw
        )
    if page.footer < page.stop:
        yield page_chrome(lines[page.footer : page.stop])


def page_chrome(lines: Sequence[PasteLine]) -> Entry:
    """An entry for lines of the page that belong to no post; ``parse`` skips it."""
    return Entry(_locator(lines), PageEntry(), join_lines(lines))


def _locator(lines: Sequence[PasteLine]) -> str:
    first, last = lines[0].number, lines[-1].number
    return line_locator(first, last)


def _profile_entry(
    lines: Sequence[PasteLine], page: PastedPage, profile: ProfileHeader, end: int, seen: set[Ref]
) -> Entry:
    bio = (*profile.bio, *bio_lines(lines[page.start : end]))
    own = lines[profile.start : end]
    ref = _owner_ref(page)
    if ref is None:
        return page_chrome(own)
    seen.add(ref)
    account = Account(
        ref,
        page.owner,
        profile.name,
        join_lines(bio) or None,
        followers=profile.counts.get("followers"),
        following=profile.counts.get("following"),
        posts=profile.counts.get("posts"),
    )
    return Entry(_locator(own), PageEntry((account,)), join_lines(own))


def _bio_end(lines: Sequence[PasteLine], start: int, stop: int) -> int:
    """The end of a bio without tabs below it, by the longest bio that Bluesky allows."""
    total = 0
    for at in range(start, stop):
        total += visible_length(lines[at].raw[: 2 * MAX_BIO_LENGTH]) + 1
        if total > MAX_BIO_LENGTH + MAX_BIO_LENGTH // 10:
            return at
    return stop


def _is_unattributed_post(lines: Sequence[PasteLine], page: PastedPage) -> bool:
    """Whether lines above the first header, or of a page without headers, are more than the app's own text."""
    if page.profile is None:
        return not page.headers
    return sum(len(line.text) for line in lines if line.kind == "text") >= _MIN_UNATTRIBUTED_LENGTH


def _unattributed_entry(lines: Sequence[PasteLine], page: PastedPage) -> Entry:
    """Lines without an author above them, as one post of the page's owner."""
    text = join_lines(lines)
    author = _owner_ref(page)
    header, ref = PostHeader(0, 0, page.owner), post_ref(bluesky.NAME, page.owner, text)
    post = PastedPost(header, PostBody(text), ref, author, _locator(lines), text, split=True)
    accounts = (Account(author, page.owner),) if author and page.profile is None else ()
    return Entry(post.locator, PageEntry(accounts, post), text)


def _posts(lines: Sequence[PasteLine], page: PastedPage, month_first: bool | None) -> list[PastedPost]:
    """The posts of a page, with inferred quotes and replies."""
    full = is_full_copy(page.headers)
    ends = [*(header.start for header in page.headers), page.footer][1:]
    spans = [lines[header.end : end] for header, end in zip(page.headers, ends, strict=True)]
    numbered = sum(map(ends_in_number, spans))
    counted = full or (numbered > 1 and numbered * 2 >= len(spans))
    names = {name.casefold() for header in page.headers for name in (header.name, header.handle) if name}
    names |= {"you", "a post", "a blocked post", "an unknown post"}
    posts = []
    for found, span in zip(page.headers, spans, strict=True):
        header = found
        if found.name is None and found.handle == page.owner and page.profile is not None:
            header = replace(found, name=page.profile.name)
        body = read_body(span, full=full, timed=header.timed, counted=counted, names=names, month_first=month_first)
        if header.time is not None and (stated := read_date(header.time, month_first=month_first)):
            body = replace(body, created=body.created or stated)
        elif header.time is not None and body.created is None and page.saved_on is not None:
            body = replace(body, created=date_before(header.time, page.saved_on), dated_by_copy=True)
        posts.append(_post(page, header, body, lines[header.start : header.end + len(span)]))
    _merge_copies(posts)
    owner = _owner_ref(page)
    assign_quotes(posts, owner, profile=page.is_profile)
    infer_threads(posts, owner, profile=page.is_profile)
    return posts


def _post(page: PastedPage, header: PostHeader, body: PostBody, lines: Sequence[PasteLine]) -> PastedPost:
    author = _author_ref(page, header)
    # The key of a post without text is made from its card or its pictures.
    key_text = body.text or " ".join(
        part
        for part in (body.card and (body.card.title or body.card.url), *(media.alt for media in body.media))
        if part
    )
    ref = post_ref(bluesky.NAME, header.handle or header.name, key_text)
    return PastedPost(header, body, ref, author, _locator(lines), join_lines(lines))


def _merge_copies(posts: Sequence[PastedPost]) -> None:
    """Complete the first of several copies of a post with what only later ones show."""
    first: dict[Ref, PastedPost] = {}
    for post in posts:
        original = first.setdefault(post.ref, post)
        if original is not post:
            one, other = original.body, post.body
            original.body = replace(
                one,
                card=one.card or other.card,
                media=one.media or other.media,
                created=one.created or other.created,
                warning=one.warning or other.warning,
                counts=other.counts | one.counts,
            )


def _owner_ref(page: PastedPage) -> Ref | None:
    if page.profile is not None and page.profile.did is not None:
        return Ref(bluesky.NAME, page.profile.did)
    return account_ref(bluesky.NAME, page.owner) if page.owner else None


def _author_ref(page: PastedPage, header: PostHeader) -> Ref | None:
    if header.handle is not None and header.handle == page.owner:
        return _owner_ref(page)
    who = header.handle or header.name
    return account_ref(bluesky.NAME, who) if who else None


def _account(post: PastedPost, names: dict[str, str]) -> Account | None:
    """The author as the page shows them; a name that only repeats the handle is dropped."""
    if post.author is None:
        return None
    header = post.header
    name = names.get(header.handle) if header.handle else header.name
    if name is not None and name.lstrip("@").casefold() == header.handle:
        name = None
    return Account(post.author, header.handle, name)


def _reposter(page: PastedPage, header: PostHeader, names: dict[str, str]) -> Account | None:
    """The reposter: on a profile its owner, elsewhere the author of that name; None for "you" without a known owner."""
    if header.reposter is None:
        return None
    owner = _owner_ref(page)
    folded = header.reposter.lstrip("@").casefold()
    named = [handle for handle, name in names.items() if handle and folded in (handle, (name or "").casefold())]
    if folded == "you" and (owner is None or page.is_owner_guessed):
        return None
    if owner is not None and (page.profile is not None or folded in ("you", page.owner) or page.owner in named):
        return Account(owner, page.owner)
    if owner is not None and not named and _has_single_reposter(page):
        return Account(owner, page.owner, header.reposter)
    if named:
        return Account(account_ref(bluesky.NAME, named[0]), named[0], header.reposter)
    return Account(account_ref(bluesky.NAME, header.reposter), None, header.reposter)


def _has_single_reposter(page: PastedPage) -> bool:
    """Whether part of a profile shows one reposter, and otherwise posts of one author: they are the same person."""
    reposters = {header.reposter for header in page.headers if header.reposter}
    authors = {header.handle for header in page.headers if not header.reposter}
    return len(reposters) == 1 and authors == {page.owner}

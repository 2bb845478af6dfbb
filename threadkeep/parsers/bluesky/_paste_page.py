"""Put one copied Bluesky page together: its profile, its posts taken apart, and who wrote, pinned and reposted them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from threadkeep.parsers.bluesky._paste_body import Body, ends_in_number, read_body
from threadkeep.parsers.bluesky._paste_headers import Head, find_heads, is_full
from threadkeep.parsers.bluesky._paste_lines import Line, joined, length, read_date
from threadkeep.parsers.bluesky._paste_profile import Profile, bio_lines
from threadkeep.parsers.bluesky._paste_threads import Item, infer_threads, nest_quotes
from threadkeep.parsers.entry import Entry
from threadkeep.records import Account, Ref, account_ref, post_ref

PLATFORM = "bluesky"

LONGEST_BIO = 256
"""What Bluesky lets a profile say, in characters as a reader counts them."""
_SHORTEST_UNSIGNED = 60

_FOOT = frozenset({"privacy", "terms", "help"})
_FOOT_BEGINS = frozenset({"search", "discover", "trending", "feedback", "more feeds"})
_WHOLE_FOOT = "feedback • privacy • terms • help"


@dataclass(frozen=True, slots=True)
class Page:
    """The places of a page's lines: posts from ``start`` to ``foot``, then nothing of use to ``stop``.

    ``owner`` is the handle of whoever's profile it is, ``guessed`` or not. ``of_profile``: it shows one, or a part.
    """

    profile: Profile | None
    heads: Sequence[Head]
    start: int
    foot: int
    stop: int
    owner: str | None
    guessed: bool
    of_profile: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What one entry gives: the accounts first seen in it, a post unless it is none, who reposted and who pinned it."""

    accounts: tuple[Account, ...] = ()
    item: Item | None = None
    reposter: Ref | None = None
    pinner: Ref | None = None


def read_page(lines: Sequence[Line], profile: Profile | None, stop: int, told: str | None) -> Page:
    """Find the posts of the page that ``profile`` heads, if any does. ``told``: the owner's handle as a person said."""
    start = profile.after if profile else 0
    owner = (profile.handle if profile else None) or told
    heads = find_heads(lines, start, stop, owner, profile.name if profile else None)
    foot = _foot(lines, heads[-1].after if heads else start, stop)
    of_profile = profile is not None or any(head.pinned or head.reposter for head in heads)
    guess = _guessed_owner(heads) if owner is None and of_profile else None
    return Page(profile, heads, start, foot, stop, owner or guess, guess is not None, of_profile)


def _foot(lines: Sequence[Line], start: int, stop: int) -> int:
    """Where what stands beside a page begins, which comes last in a copy of everything; ``stop`` where it is not."""
    folded = [line.text.casefold() for line in lines[start:stop]]
    if not _FOOT.issubset(folded) and _WHOLE_FOOT not in folded:
        return stop
    beginnings = [at for at, text in enumerate(folded) if text in _FOOT_BEGINS or text == _WHOLE_FOOT]
    return start + min(beginnings) if beginnings else stop


def _guessed_owner(heads: Sequence[Head]) -> str | None:
    """Whose profile it is where its header was not copied: who pins, else who reposts, else who posts most."""
    reposters = {head.reposter.casefold() for head in heads if head.reposter}
    for head in heads:
        if head.pinned or (head.name or "").casefold() in reposters or (head.handle or "") in reposters:
            return head.handle
    own = Counter(head.handle for head in heads if head.handle and not head.reposter)
    return own.most_common(1)[0][0] if own else None


def page_entries(lines: Sequence[Line], page: Page, month_first: bool | None, seen: set[Ref]) -> Iterator[Entry]:
    """The entries of a page in its order. ``seen`` are the accounts and posts that pages above it gave already."""
    first = page.heads[0].first if page.heads else page.foot
    start = page.start
    if page.profile is not None:
        bio_after = start if page.profile.tabbed else _bio_end(lines, start, first)
        yield _profile_entry(lines, page, page.profile, bio_after, seen)
        start = bio_after
    if unsigned := lines[start:first]:
        yield _unsigned(unsigned, page) if _is_worth_keeping(unsigned, page) else furniture(unsigned)
    items = _items(lines, page, month_first)
    names = {head.handle: head.name for head in reversed(page.heads) if head.handle and head.name}
    for item in items:
        item.repeated = item.ref in seen
        seen.add(item.ref)
        reposter = _reposter(page, item.head, names)
        shown = [account for account in (_account(item, names), reposter) if account is not None]
        fresh = {account.ref: account for account in shown if account.ref not in seen}
        seen.update(fresh)
        pinner = _owner_ref(page) or item.author if item.head.pinned else None
        yield Entry(
            item.locator, Shown(tuple(fresh.values()), item, reposter.ref if reposter else None, pinner), item.raw
        )
    if page.foot < page.stop:
        yield furniture(lines[page.foot : page.stop])


def furniture(lines: Sequence[Line]) -> Entry:
    """An entry for lines of the page that belong to no post: they are left out, and the report says so."""
    return Entry(_locator(lines), Shown(), joined(lines))


def _locator(lines: Sequence[Line]) -> str:
    first, last = lines[0].number, lines[-1].number
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _profile_entry(lines: Sequence[Line], page: Page, profile: Profile, after: int, seen: set[Ref]) -> Entry:
    bio = (*profile.bio, *bio_lines(lines[page.start : after]))
    shown = lines[profile.first : after]
    ref = _owner_ref(page)
    if ref is None:
        return furniture(shown)
    seen.add(ref)
    account = Account(
        ref,
        page.owner,
        profile.name,
        joined(bio) or None,
        followers=profile.counts.get("followers"),
        following=profile.counts.get("following"),
        posts=profile.counts.get("posts"),
    )
    return Entry(_locator(shown), Shown((account,)), joined(shown))


def _bio_end(lines: Sequence[Line], start: int, stop: int) -> int:
    """Where a bio that no tabs end has to end, since Bluesky lets none be longer."""
    total = 0
    for at in range(start, stop):
        total += length(lines[at].raw[: 2 * LONGEST_BIO]) + 1
        if total > LONGEST_BIO + LONGEST_BIO // 10:
            return at
    return stop


def _is_worth_keeping(lines: Sequence[Line], page: Page) -> bool:
    """Whether lines above the first head, or of a page without any, hold more than what the app may say there."""
    if page.profile is None:
        return not page.heads
    return sum(len(line.text) for line in lines if line.kind == "text") >= _SHORTEST_UNSIGNED


def _unsigned(lines: Sequence[Line], page: Page) -> Entry:
    """Lines above which no author stands, as one post of whoever's page it is."""
    text = joined(lines)
    author = _owner_ref(page)
    item = Item(Head(0, 0, page.owner), Body(text), post_ref(PLATFORM, page.owner, text), author, _locator(lines), text)
    item.split = True
    accounts = (Account(author, page.owner),) if author and page.profile is None else ()
    return Entry(item.locator, Shown(accounts, item), text)


def _items(lines: Sequence[Line], page: Page, month_first: bool | None) -> list[Item]:
    """The posts of a page, with what they were concluded to quote and to answer."""
    full = is_full(page.heads)
    ends = [*(head.first for head in page.heads), page.foot][1:]
    spans = [lines[head.after : end] for head, end in zip(page.heads, ends, strict=True)]
    numbered = sum(map(ends_in_number, spans))
    counted = full or (numbered > 1 and numbered * 2 >= len(spans))
    names = {name.casefold() for head in page.heads for name in (head.name, head.handle) if name}
    names |= {"you", "a post", "a blocked post", "an unknown post"}
    items = []
    for shown, span in zip(page.heads, spans, strict=True):
        head = shown
        if head.name is None and head.handle == page.owner and page.profile is not None:
            head = replace(shown, name=page.profile.name)
        body = read_body(span, full=full, timed=head.timed, counted=counted, names=names, month_first=month_first)
        if head.when is not None and (stated := read_date(head.when, month_first=month_first)):
            body = replace(body, created=body.created or stated)
        items.append(_item(page, head, body, lines[head.first : head.after + len(span)]))
    _complete(items)
    owner = _owner_ref(page)
    nest_quotes(items, owner, profile=page.of_profile)
    infer_threads(items, owner, profile=page.of_profile)
    return items


def _item(page: Page, head: Head, body: Body, lines: Sequence[Line]) -> Item:
    author = _author_ref(page, head)
    # Posts of nothing but a card or a picture are told apart by that.
    alike = body.text or " ".join(
        part
        for part in (body.card and (body.card.title or body.card.url), *(media.alt for media in body.media))
        if part
    )
    ref = post_ref(PLATFORM, head.handle or head.name, alike)
    return Item(head, body, ref, author, _locator(lines), joined(lines))


def _complete(items: Sequence[Item]) -> None:
    """Let the first of several copies of a post have what only a later one shows, since it stands for all of them."""
    first: dict[Ref, Item] = {}
    for item in items:
        kept = first.setdefault(item.ref, item)
        if kept is not item:
            one, other = kept.body, item.body
            kept.body = replace(
                one,
                card=one.card or other.card,
                media=one.media or other.media,
                created=one.created or other.created,
                warning=one.warning or other.warning,
                counts=other.counts | one.counts,
            )


def _owner_ref(page: Page) -> Ref | None:
    if page.profile is not None and page.profile.did is not None:
        return Ref(PLATFORM, page.profile.did)
    return account_ref(PLATFORM, page.owner) if page.owner else None


def _author_ref(page: Page, head: Head) -> Ref | None:
    if head.handle is not None and head.handle == page.owner:
        return _owner_ref(page)
    who = head.handle or head.name
    return account_ref(PLATFORM, who) if who else None


def _account(item: Item, names: dict[str, str]) -> Account | None:
    """The author as far as the page shows them; a name that only repeats the handle is none."""
    if item.author is None:
        return None
    head = item.head
    name = names.get(head.handle) if head.handle else head.name
    if name is not None and name.lstrip("@").casefold() == head.handle:
        name = None
    return Account(item.author, head.handle, name)


def _reposter(page: Page, head: Head, names: dict[str, str]) -> Account | None:
    """Who passed the post on: on a profile its owner, elsewhere whoever has that name; None for an unknown "you"."""
    if head.reposter is None:
        return None
    owner = _owner_ref(page)
    folded = head.reposter.lstrip("@").casefold()
    named = [handle for handle, name in names.items() if handle and folded in (handle, (name or "").casefold())]
    if folded == "you" and (owner is None or page.guessed):
        return None
    if owner is not None and (page.profile is not None or folded in ("you", page.owner) or page.owner in named):
        return Account(owner, page.owner)
    if owner is not None and not named and _is_of_one_reposter(page):
        return Account(owner, page.owner, head.reposter)
    if named:
        return Account(account_ref(PLATFORM, named[0]), named[0], head.reposter)
    return Account(account_ref(PLATFORM, head.reposter), None, head.reposter)


def _is_of_one_reposter(page: Page) -> bool:
    """Whether a part of a profile shows one reposter, and posts of one author besides: the same person."""
    reposters = {head.reposter for head in page.heads if head.reposter}
    authors = {head.handle for head in page.heads if not head.reposter}
    return len(reposters) == 1 and authors == {page.owner}

"""Posts copied off a page with their authors and times: the records of each, and lines that are signs of a network.

PastedPost("threads", "kiln.diary", None, "First firing.", "2d", {"likes": 120}, 3, 9)
    -> Account kiln.diary, Post "First firing.", dated where it is known when the page was copied
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from threadkeep.errors import DumpError
from threadkeep.parsers.entry import Entry, line_locator
from threadkeep.records import Account, Parsed, Post, Ref, Skipped, account_ref, post_ref
from threadkeep.sources.source import Source
from threadkeep.text.counts import is_count, read_count
from threadkeep.text.dates import date_before, read_date
from threadkeep.text.entities import find_links, find_mentions, find_tags

PAGE_CHROME = "part of the page, not of a post"
REPEATED = "repeated in this dump"

AGE = re.compile(
    r"(?:\d{1,3}\s?(?:s|sec|m|min|h|hr|Std\.?|d|T|Tg?\.|j|w|Wo\.?|sem\.?|mo|Mon\.?|mes|mois|y|yr|J\.|an|año)s?"
    r"|\d{1,3}\s?(?:秒|分|時間|日|週間?|か月|초|분|시간|일|주)前?|now|just now|yesterday|gestern|ayer|hier|ontem|ieri)",
    re.I,
)
"""How long ago a post was written, as pages say it."""
_FULL_HANDLE = re.compile(
    r"[\u2066-\u2069\u202a-\u202e]*@[\w.-]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}[\u2066-\u2069\u202a-\u202e]*"
)
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class PastedPost:
    """A post as a page shows it. ``time`` is the date or age, ``first`` and ``last`` its lines (1-based, inclusive)."""

    platform: str
    handle: str | None
    name: str | None
    text: str
    time: str | None
    counts: Mapping[str, int]
    first: int
    last: int
    bio: str | None = None
    answers: Ref | None = None
    root: Ref | None = None
    chrome: int = 0
    """How many lines beside the text belong to the page: buttons and the like."""

    @property
    def author(self) -> Ref | None:
        """The author by the handle, or by the name where no handle is shown."""
        who = self.handle or self.name
        return account_ref(self.platform, who) if who else None

    @property
    def ref(self) -> Ref:
        """The post by its author and its words: pages show no ids."""
        return post_ref(self.platform, self.handle or self.name, self.text)


@dataclass(frozen=True, slots=True)
class PastedItem:
    """What an entry holds: a post, whether it stood above already, and the day on which the page was copied."""

    post: PastedPost
    is_repeated: bool
    saved_on: date | None


def ends_of(starts: Sequence[int], stop: int) -> list[int]:
    """Return where the post at each start ends: where the next one begins, and the last at ``stop``."""
    return [*starts[1:], stop] if starts else []


def pasted_entries(posts: Sequence[PastedPost], lines: Sequence[str], source: Source) -> Iterator[Entry]:
    """Yield the entries of ``posts``, in their order, each with the lines it stands on.

    Raises DumpError if there are none.
    """
    if not posts:
        raise DumpError(f"{source.name}: no post begins in it", "for a text as it stands use --format text")
    saved_on = source.options.saved_on
    seen: set[Ref] = set()
    for post in posts:
        raw = "\n".join(lines[post.first - 1 : post.last])
        yield Entry(line_locator(post.first, post.last), PastedItem(post, post.ref in seen, saved_on), raw)
        seen.add(post.ref)


def pasted_records(item: PastedItem, locator: str) -> Iterator[Parsed]:
    """The author, the post, and what of the page stood beside it."""
    pasted = item.post
    if pasted.author is not None:
        yield Account(pasted.author, pasted.handle, pasted.name, pasted.bio)
    if item.is_repeated:
        yield Skipped(REPEATED, locator)
    elif not pasted.text:
        yield Skipped("a post without text", locator)
    else:
        yield _post(pasted, item.saved_on)
    if pasted.chrome:
        yield Skipped(PAGE_CHROME, locator)


def _post(pasted: PastedPost, saved_on: date | None) -> Post:
    stated = read_date(pasted.time) if pasted.time else None
    created = stated or (date_before(pasted.time, saved_on) if pasted.time and saved_on else None)
    inferred = (("created",) if created and not stated else ()) + (("thread",) if pasted.answers or pasted.root else ())
    return Post(
        pasted.ref,
        pasted.author,
        pasted.text,
        created=created,
        reply_to=pasted.answers,
        root=pasted.root,
        links=find_links(pasted.text),
        tags=find_tags(pasted.text),
        mentions=find_mentions(pasted.text),
        counts=dict(pasted.counts),
        inferred=inferred,
    )


def is_age(line: str) -> bool:
    """Whether a line is an age or a date and nothing else: ``3d``, ``Mar 5``, ``Mar 5, 2026``."""
    line = line.strip(" ·•🌎🌐")
    return len(line) < 40 and (AGE.fullmatch(line) is not None or (any(map(str.isdigit, line)) and _is_day(line)))


def _is_day(line: str) -> bool:
    return read_date(line) is not None or date_before(line, date(2026, 1, 1)) is not None


def is_full_handle(line: str) -> bool:
    """Whether a line is a handle with its server and nothing else: ``@mira@kilns.example``."""
    return _FULL_HANDLE.fullmatch(line) is not None


def is_name(line: str) -> bool:
    """Whether a line may be the name of an author."""
    may_be = bool(line) and len(line) <= _LONGEST_NAME and not line.startswith("@")
    return may_be and not is_count(line) and not is_age(line)


def has_signed_handles(lines: Sequence[str]) -> bool:
    """Whether a handle with its server stands below a name, and above a time, below one, or above a full date.

    That is how Mastodon and its kin sign posts: other networks have no such handles in the place of an author.
    """
    plain = [line.strip() for line in lines]
    for index, line in enumerate(plain):
        if not is_full_handle(line) or index == 0 or not is_name(plain[index - 1]):
            continue
        below = plain[index + 1] if index + 1 < len(plain) else ""
        if is_age(below) or (index > 1 and is_age(plain[index - 2])):
            return True
        if any(upper and read_date(upper) and lower == "·" for upper, lower in pairwise(plain[index:])):
            return True
    return False


def take_counts(plain: Sequence[str], body: list[int], order: Sequence[str]) -> dict[str, int]:
    """Remove a row of bare counts from the end of ``body``; a full row is named by ``order``, another says nothing."""
    numbers: list[int] = []
    while body and is_count(plain[body[-1]]) and len(numbers) <= len(order):
        numbers.insert(0, read_count(plain[body.pop()]) or 0)
    return dict(zip(order, numbers, strict=False)) if len(numbers) >= min(3, len(order)) else {}


def joined(lines: Sequence[str], body: Sequence[int]) -> str:
    """The lines at the indexes ``body`` with the blank ones between them."""
    if not body:
        return ""
    kept = set(body)
    span = range(body[0], body[-1] + 1)
    return "\n".join(lines[index].rstrip() for index in span if index in kept or not lines[index].strip()).strip()


_BARE_HANDLE = re.compile(r"(?=[^a-z]{0,29}[a-z])[a-z0-9._]{2,30}")
_THREADS_LABELS = frozenset("translate|edited|author|verified|like|reply|repost|share|more".split("|"))


def bare_headers(plain: Sequence[str]) -> list[int]:
    """The lines that are a handle without ``@`` right above an age without a dot: how Threads signs posts."""
    return [
        index
        for index, (line, below) in enumerate(pairwise(plain))
        if _BARE_HANDLE.fullmatch(line)
        and not is_count(line)
        and AGE.fullmatch(line) is None
        and (AGE.fullmatch(below) is not None or re.fullmatch(r"\d{1,2}/\d{1,2}/\d{2}(?:\d{2})?", below) is not None)
        and (index == 0 or _ends_post(plain[index - 1]))
    ]


def has_bare_headers(lines: Sequence[str]) -> bool:
    """Whether such headers stand above two posts or more, or above one with its counts or ``Translate`` below."""
    plain = [line.strip() for line in lines]
    headers = bare_headers(plain)
    if not headers or any(line.startswith("@") and " " not in line and len(line) > 1 for line in plain):
        return False
    below = plain[headers[-1] + 2 :]
    return len(headers) > 1 or any(line.lower() == "translate" for line in below) or sum(map(is_count, below)) > 1


def _ends_post(line: str) -> bool:
    return not line or is_count(line) or line.lower() in _THREADS_LABELS or "thread" in line.lower()

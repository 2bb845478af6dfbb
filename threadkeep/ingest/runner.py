"""Run a parser over a source: every entry becomes records, or a problem, and files of media are stored.

    post of "tweets.js 812" naming "data/tweets_media/1750-P.jpg"   ->   the same post naming "3f9a….jpg"
    an entry that cannot be read                                    ->   Problem("tweets.js 813", reason, raw)

Most sources repeat an account with every post; it is passed on once, and again only when it says something new.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from threadkeep.errors import DumpError, ThreadkeepError
from threadkeep.parsers.entry import Parser
from threadkeep.records import Account, Media, Parsed, Post, Problem, Ref
from threadkeep.sources.source import Source
from threadkeep.text.control_chars import escape_undecodable, replace_unstorable

log = logging.getLogger(__name__)

ParseResult = tuple[str, Parsed | Problem]
"""What a parser yielded, after its locator."""

StoreMedia = Callable[[Source, str], str]
"""Stores a member of a source; returns the name of the copy."""

_ACCOUNT_FIELDS = tuple(field.name for field in fields(Account))


class AccountDeduplicator:
    """The accounts that a source has shown so far, by what it said of them."""

    def __init__(self) -> None:
        self._latest: dict[Ref, Account] = {}
        self._known: dict[Ref, set[tuple[str, object]]] = {}

    def is_new(self, account: Account) -> bool:
        """Return whether ``account`` says something that no earlier one of its ref did, and remember what it says."""
        if self._latest.get(account.ref) == account:
            return False
        self._latest[account.ref] = account
        shown = {(name, value) for name in _ACCOUNT_FIELDS if (value := getattr(account, name)) is not None}
        known = self._known.setdefault(account.ref, set())
        if shown <= known:
            return False
        known |= shown
        return True


def run_parser(parser: Parser, source: Source, store_media: StoreMedia) -> Iterator[ParseResult]:
    """Yield all that ``parser`` finds in ``source``, in its order.

    Raises DumpError where the rest, or all, cannot be read, and what ``store_media`` raises but DumpError.
    """
    accounts = AccountDeduplicator()
    for entry in parser.entries(source):
        locator = replace_unstorable(escape_undecodable(entry.locator))
        if isinstance(entry.data, Problem):
            yield locator, replace_unstorable(replace(entry.data, locator=locator))
            continue
        try:
            items = list(parser.parse(entry))
        except Exception as error:  # the one broad except: a bad entry never stops the rest
            log.debug("%s", entry.locator, exc_info=True)
            yield locator, replace_unstorable(Problem(locator, _reason(error), entry.raw))
            continue
        for item in items:
            if isinstance(item, Post) and item.media and source.members:
                yield from _with_media(source, store_media, item, locator)
                continue
            stored = replace_unstorable(item)
            if not isinstance(stored, Account) or accounts.is_new(stored):
                yield locator, stored


def _reason(error: Exception) -> str:
    """Return the message of our own errors and of ValueErrors; before that of any other, its type."""
    said = str(error)
    if isinstance(error, ValueError | ThreadkeepError) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _with_media(source: Source, store_media: StoreMedia, post: Post, locator: str) -> Iterator[ParseResult]:
    """Yield ``post`` with the members that its media name stored; a member that is missing gives ``file=None``."""
    stored: list[Media] = []
    for media in post.media:
        file = None
        if media.file is not None and source.has_member(media.file):
            try:
                file = store_media(source, media.file)
            except DumpError as error:
                name = escape_undecodable(media.file)
                yield locator, replace_unstorable(Problem(name, f"a file of {locator}: {error}", ""))
        stored.append(media if media.file == file else replace(media, file=file))
    yield locator, replace_unstorable(post if tuple(stored) == post.media else replace(post, media=tuple(stored)))

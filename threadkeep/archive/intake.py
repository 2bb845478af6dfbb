"""From a parser's entries to the store: what cannot be read becomes a problem, and the rest goes on."""

import contextlib
import gc
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

from threadkeep.errors import DumpError, ThreadkeepError
from threadkeep.parsers import Entry, Parser
from threadkeep.records import Media, Parsed, Post, Problem
from threadkeep.sources import Source
from threadkeep.store import Store
from threadkeep.store.loading import Loading
from threadkeep.text.controls import storable

log = logging.getLogger(__name__)

COLLECTED = 100_000
"""After how many new objects garbage is looked for; a batch of records has about so many."""

WHOLE = "the whole dump"
"""The locator of a problem that is about a dump and not about one of its entries."""

Watch = Callable[[str, Parsed], None]
"""Called with every locator and what the parser yielded there."""


def take_in(
    loading: Loading, parser: Parser, source: Source, store: Store, *, keep: bool = True, watch: Watch | None = None
) -> None:
    """Run ``parser`` over ``source`` into ``loading``; with ``keep`` false the files of media are not kept.

    Raises DumpError where nothing at all can be read.
    """
    for name, reason in source.refused:
        loading.problem(storable(Problem(name, reason, "")))
    try:
        with _collecting_rarely():
            for entry in parser.entries(source):
                locator = storable(entry.locator)
                for item in _parsed(loading, parser, entry):
                    kept = _with_media(loading, store, source, entry, item, keep=keep)
                    loading.add(kept, locator)
                    if watch:
                        watch(locator, kept)
    except DumpError as error:
        if not loading.tally.read:
            raise
        loading.problem(Problem(WHOLE, str(error), ""))
    if not loading.tally.read:
        loading.problem(Problem(WHOLE, "there is nothing in it that could be read", ""))


@contextlib.contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Look for cycles of garbage once in a while only: records have none, and looking takes a twentieth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(max(COLLECTED, usual[0]), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _parsed(loading: Loading, parser: Parser, entry: Entry) -> list[Parsed]:
    """All that an entry gives, or nothing and a problem."""
    try:
        return [storable(item) for item in parser.parse(entry)]
    except Exception as error:  # the one broad except: a bad entry never stops the rest
        log.debug("%s", entry.locator, exc_info=True)
        loading.problem(storable(Problem(entry.locator, _reason(error), entry.raw)))
        return []


def _reason(error: Exception) -> str:
    """What went wrong, for a person: our own errors and ValueErrors speak for themselves; others name their kind."""
    said = str(error)
    if isinstance(error, ValueError | ThreadkeepError) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _with_media(loading: Loading, store: Store, source: Source, entry: Entry, item: Parsed, *, keep: bool) -> Parsed:
    """A post with the files of its media kept, where the parser names members of the dump; a missing one is no file."""
    if not isinstance(item, Post) or not any(media.file for media in item.media):
        return item

    def kept(media: Media) -> Media:
        if media.file is None or not source.members:
            return media
        try:
            there = source.has_member(media.file)
            return replace(media, file=store.keep_media(source, media.file, keep=keep) if there else None)
        except DumpError as error:
            loading.problem(storable(Problem(entry.locator, str(error), "")))
            return replace(media, file=None)

    return replace(item, media=tuple(kept(media) for media in item.media))

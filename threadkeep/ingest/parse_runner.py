"""Reading a dump: what a parser makes of each entry, or why nothing, with the files of its media kept.

    post of "tweets.js 812" naming "data/tweets_media/1750-P.jpg"   ->   the same post naming "3f9a….jpg"
    an entry that cannot be read                                    ->   Problem("tweets.js 813", reason, raw)

A large dump is read by a process of its own (``apart``), so that one core reads while another stores. What is read, and
its order, is the same either way.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

from threadkeep.errors import DumpError, ThreadkeepError
from threadkeep.parsers.entry import Entry, Parser
from threadkeep.records import Media, Parsed, Post, Problem
from threadkeep.sources.source import Source
from threadkeep.text.control_chars import replace_unstorable

log = logging.getLogger(__name__)

Read = tuple[str, Parsed | Problem]
"""Something that was read, after its locator."""

KeepMedia = Callable[[Source, str], str]
"""Keeps the file of a member of a dump, and says how it is called from then on."""


def read(parser: Parser, source: Source, keep_media: KeepMedia) -> Iterator[Read]:
    """All that ``parser`` finds in ``source``, in its order.

    Raises DumpError where the rest, or all, cannot be read, and what ``keep_media`` raises but DumpError.
    """
    for entry in parser.entries(source):
        locator = replace_unstorable(entry.locator)
        try:
            items = [replace_unstorable(item) for item in parser.parse(entry)]
        except Exception as error:  # the one broad except: a bad entry never stops the rest
            log.debug("%s", entry.locator, exc_info=True)
            yield locator, replace_unstorable(Problem(entry.locator, _reason(error), entry.raw))
            continue
        for item in items:
            if isinstance(item, Post) and item.media and source.members:
                yield from _with_media(source, keep_media, entry, item, locator)
            else:
                yield locator, item


def _reason(error: Exception) -> str:
    """What went wrong, for a person: our own errors and ValueErrors speak for themselves; others name their kind."""
    said = str(error)
    if isinstance(error, ValueError | ThreadkeepError) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _with_media(source: Source, keep_media: KeepMedia, entry: Entry, post: Post, locator: str) -> Iterator[Read]:
    """A post with the files of its media kept, where the parser names members of the dump; a missing one is no file."""
    kept: list[Media] = []
    for media in post.media:
        file = None
        if media.file is not None and source.has_member(media.file):
            try:
                file = keep_media(source, media.file)
            except DumpError as error:
                yield locator, replace_unstorable(Problem(entry.locator, str(error), ""))
        kept.append(media if media.file == file else replace(media, file=file))
    yield locator, post if tuple(kept) == post.media else replace(post, media=tuple(kept))

"""From a dump to the store: what cannot be read becomes a problem, and the rest goes on."""

import contextlib
import gc
from collections.abc import Callable, Iterator
from functools import partial

from threadkeep.errors import DumpError
from threadkeep.ingest.subprocess_runner import reading
from threadkeep.parsers.entry import Parser
from threadkeep.records import Parsed, Problem
from threadkeep.sources.source import Source
from threadkeep.store.record_writer import RecordWriter
from threadkeep.store.store import Store
from threadkeep.text.control_chars import replace_unstorable

GC_THRESHOLD = 100_000
"""After how many new objects garbage is looked for; a batch of records has about so many."""

WHOLE_SOURCE = "the whole dump"
"""The locator of a problem that is about a dump and not about one of its entries."""

Watch = Callable[[str, Parsed], None]
"""Called with every locator and what the parser yielded there."""


def ingest(
    loading: RecordWriter,
    parser: Parser,
    source: Source,
    store: Store,
    *,
    keep: bool = True,
    watch: Watch | None = None,
) -> None:
    """Run ``parser`` over ``source`` into ``loading``; with ``keep`` false the files of media are not kept.

    Raises DumpError where nothing at all can be read.
    """
    for name, reason in source.refused:
        loading.problem(replace_unstorable(Problem(name, reason, "")))
    keep_media, folder = partial(store.keep_media, keep=keep), store.media_folder if keep else None
    try:
        with _collecting_rarely(), reading(parser, source, keep_media, folder, store.note_media) as found:
            for locator, item in found:
                if isinstance(item, Problem):
                    loading.problem(item)
                    continue
                loading.add(item, locator)
                if watch:
                    watch(locator, item)
    except DumpError as error:
        if not loading.counts.read:
            raise
        loading.problem(Problem(WHOLE_SOURCE, str(error), ""))
    if not loading.counts.read:
        loading.problem(Problem(WHOLE_SOURCE, "there is nothing in it that could be read", ""))


@contextlib.contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Look for cycles of garbage once in a while only: records have none, and looking takes a twentieth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(max(GC_THRESHOLD, usual[0]), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)

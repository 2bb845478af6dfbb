"""Whatever is wrong with a dump, it is refused in words or accounted for: never a crash, silence, or a hang."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType

import pytest
from mutations import Members, members_of, mutated
from saved_pages import mhtml, web_archive
from seed_samples import SEEDS
from test_seeds import SAMPLES, format_of, name_of

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import ImportReport
from threadkeep.errors import ThreadkeepError
from threadkeep.parsers.registry import all_parsers
from threadkeep.sources.source import Options, Source

EXAMPLES = 5
MORE_EXAMPLES = 16
SECONDS = 30
"""An example that takes so long hangs: the slowest takes a hundredth of it."""

INTERNAL = re.compile(
    r"^\w*(?:Error|Exception|Iteration)\b|invalid literal for|unpack|codec can't|Exceeds the limit|must be in|"
    r"(?:year|day|month|index|value) .{0,20}out of range|not supported between|object is not|surrogates not allowed|"
    r"embedded null|could not convert|cannot convert"
)
"""What Python says to programmers, which is no reason for a person."""

COLUMNS = (("text", "body"), ("author", "user"), ("created", "ts"), ("id", "no"), ("likes", "n"))
TABLES = {
    "csv": b'no,user,ts,body,n\n1,mira,2024-05-01T06:00:00Z,"Frost, again",3\n2,jun,1714543200,Tea,\n3,mira,,Pots,x\n',
    "jsonl": b'{"no": 1, "user": "mira", "ts": "2024-05-01T06:00:00Z", "body": "Frost"}\n'
    b'{"no": 2, "user": "jun", "ts": 1714543200, "body": "Tea", "n": 3}\n',
}
"""Which only a person can tell, so that no sample of it lies among the others."""

SHARED = (
    "bsky-car/indigo_repo_slice_partial.car",
    "bsky-car/indigo_bnewbold_v3.car",
    "bsky-json/atproto_thread_04.json",
    "bsky-json/granary/quote.bsky.json",
    "html-mastodon/defuddle_mastodon_thread.html",
    "html-nitter/nitter_scraper_profile_2020.html",
    "html-x/postlight_twitter_2016_thread.html",
    "mastodon-api/context_00.json",
    "mastodon-api/quote_00.json",
    "mastodon-archive/granary_as2/note.as2.json",
    "x-api-v1/python-twitter_extended_tweet_in_extended_mode.json",
    "x-api-v2/twarc-csv_edited.jsonl",
)


class Hang(BaseException):
    """Not an Exception: nothing may take it for what is wrong with an entry."""


@contextmanager
def _bounded(seconds: int) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Hang(f"more than {seconds} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def said_of(archive: Archive, path: Path, form: str, random: Random) -> ImportReport | str:
    """What becomes of the dump in ``path``: a report, or the words with which it is refused."""
    source = Source.from_path(path, Options(columns=COLUMNS) if form == "table" else None)
    try:
        known = [parser.NAME for parser in all_parsers().values() if parser.recognizes(source)]
        return archive.import_(source, form if form in known or random.random() < 0.7 else None)
    except ThreadkeepError as error:
        return str(error)
    finally:
        source.close()


def check(archive: Archive, folder: Path, sample: Members, form: str, number: int) -> None:
    """The law: the dump is refused in words, or every bit of it is accounted for, and every problem is one in words."""
    random = Random(f"{form} {number}")
    data, ending = mutated(sample, random)
    path = folder / f"{number}{ending}"
    path.write_bytes(data)
    with _bounded(SECONDS):
        said = said_of(archive, path, form, random)
    path.unlink()
    if isinstance(said, str):
        assert said
        assert not INTERNAL.search(said), said
        return
    assert said.adds_up()
    assert said.read
    for problem in said.problems:
        assert problem.locator
        assert not INTERNAL.search(problem.reason), problem.reason


@pytest.mark.parametrize("path", SAMPLES, ids=name_of)
def test_a_sample_with_something_wrong_is_accounted_for(path: Path, tmp_path: Path) -> None:
    sample = members_of(path)
    with Archive(tmp_path / "archive") as archive:
        for number in range(EXAMPLES):
            check(archive, tmp_path, sample, format_of(path), number)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_with_something_wrong_is_accounted_for(name: str, tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        for number in range(2 * EXAMPLES):
            check(archive, tmp_path, {"": TABLES[name]}, "table", number)


@pytest.mark.parametrize("saved", [mhtml, web_archive])
def test_a_saved_page_with_something_wrong_is_accounted_for(saved: Callable[[bytes], bytes], tmp_path: Path) -> None:
    page = saved((SEEDS / "nitter-page/nitter-profile.html").read_bytes())
    with Archive(tmp_path / "archive") as archive:
        for number in range(EXAMPLES):
            check(archive, tmp_path, {"": page}, "nitter-page", number)


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLES, ids=name_of)
def test_many_samples_with_something_wrong_are_accounted_for(path: Path, tmp_path: Path) -> None:
    sample = members_of(path)
    with Archive(tmp_path / "archive") as archive:
        for number in range(EXAMPLES, MORE_EXAMPLES):
            check(archive, tmp_path, sample, format_of(path), number)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED)
def test_real_dumps_with_something_wrong_are_accounted_for(name: str, shared: Path, tmp_path: Path) -> None:
    path = shared / "dumps" / name
    form = next(parser.NAME for parser in all_parsers().values() if parser.recognizes(Source.from_path(path)))
    sample = members_of(path)
    with Archive(tmp_path / "archive") as archive:
        for number in range(10):
            check(archive, tmp_path, sample, form, number)

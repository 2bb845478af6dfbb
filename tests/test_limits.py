"""The numbers on the page about limits are those in the code, and the tests it names are there."""

import re
import shutil
from pathlib import Path

import pytest

from threadkeep.errors import DumpTooLarge
from threadkeep.exporters import _filenames
from threadkeep.index.whoosh import engine
from threadkeep.parsers._html import cutter as _page_cuts
from threadkeep.parsers._html import elements as _pages
from threadkeep.parsers._json import decoder as json_decoder
from threadkeep.parsers.bluesky import _car_file as _car
from threadkeep.query import parser as query
from threadkeep.sources import containers, json_stream
from threadkeep.sources.source import TEXT_LIMIT_BYTES, Source
from threadkeep.store import connections, record_writer
from threadkeep.store.store import Store

PROJECT = Path(__file__).resolve().parent.parent
PAGES = [PROJECT / "docs" / "limits.md", PROJECT / "docs" / "security.md"]
MIB, GIB = 1 << 20, 1 << 30

SAID = [
    f"| {TEXT_LIMIT_BYTES // MIB} MiB |",
    f"| {_page_cuts.PAGE_LIMIT_BYTES // MIB} MiB, {TEXT_LIMIT_BYTES // MIB} MiB without the pictures",
    f"{_pages.BLOCK_LIMIT:,} characters",
    f"| one item of those | {json_stream.ITEM_LIMIT_BYTES // MIB} MiB |",
    f"{json_decoder.DEPTH_LIMIT:,} deep",
    f"| a block of a Bluesky repository | {(_car.BLOCK_LIMIT_BYTES + 1) // MIB} MiB |",
    f"| {containers.MEMBERS_LIMIT:,} |",
    f"{containers.INFLATION_LIMIT} times its packed size from {containers.INFLATION_FREE_BYTES // MIB} MiB on",
    f"at most {containers.UNPACKED_TAR_LIMIT_BYTES // GIB} GiB",
    f"{query.LENGTH_LIMIT:,} characters, {query.NESTING_LIMIT} parentheses deep",
    f"| {record_writer.RAW_LIMIT:,} characters |",
    f"| {_filenames.LONGEST} bytes |",
    f"stored {record_writer.BATCH:,} at a time",
    f"waits up to {connections.BUSY_SECONDS} seconds",
    f"waits {engine.LOCK_SECONDS:g} seconds",
]


@pytest.mark.parametrize("words", SAID)
def test_the_page_says_what_the_code_does(words: str) -> None:
    assert words in PAGES[0].read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tests_that_a_page_names_are_there(page: Path) -> None:
    normalize_name = re.findall(r"`((?:tests|benchmarks)/[\w/.]*)`", page.read_text("utf-8"))
    assert normalize_name
    for name in normalize_name:
        assert (PROJECT / name).exists(), name


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_more_files_than_any_export_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(containers, "MEMBERS_LIMIT", 3)
    for number in range(5):
        (tmp_path / "dump" / f"{number}").mkdir(parents=True)
        (tmp_path / "dump" / f"{number}" / "file").write_bytes(b"x")
    path = shutil.make_archive(str(tmp_path / "packed"), kind, tmp_path / "dump")
    with pytest.raises(DumpTooLarge, match=r"more (files in it )?than an export has"):
        _ = Source.from_path(Path(path)).members


@pytest.mark.parametrize("name", ["../out.jpg", "/etc/passwd", "ab" * 31, f"{'ab' * 32}.jpg/../x", ""])
def test_only_names_of_kept_media_are_looked_for(tmp_path: Path, name: str) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "out.jpg").write_bytes(b"mine")
    with Store(tmp_path) as store, store.selection() as selection:
        assert selection.medium(name) is None

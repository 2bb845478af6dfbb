"""A file is there whole or not at all, whatever goes wrong while it is written."""

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from export_samples import PASTED, RECORDS, alone
from records_in_memory import Records

from threadkeep.errors import StorageError
from threadkeep.exporters._atomic_text import atomic_text_file
from threadkeep.exporters.exporter import Exporter
from threadkeep.exporters.registry import all_exporters
from threadkeep.records import StoredPost, Thread

EXPORTERS = [pytest.param(exporter, id=name) for name, exporter in all_exporters().items()]
FILES = [
    pytest.param(exporter, id=name) for name, exporter in all_exporters().items() if name not in ("html", "markdown")
]


class Interrupted(Records):
    """An archive that stops giving posts after the first."""

    def posts(self) -> Iterator[StoredPost]:
        yield next(super().posts())
        raise KeyboardInterrupt

    def threads(self) -> Iterator[Thread]:
        yield next(super().threads())
        raise KeyboardInterrupt


@contextlib.contextmanager
def no_room() -> Iterator[None]:
    """Let no file grow beyond 100 bytes: the system refuses the rest, as it does on a full disk.

    Only around the writing itself: the test runner's own output may go to a file.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_the_exporters_say_what_they_are(exporter: Exporter) -> None:
    assert exporter.NAME in ("csv", "html", "jsonl", "markdown")
    assert "\n" not in exporter.TITLE


@pytest.mark.parametrize("exporter", FILES)
def test_an_interrupted_export_leaves_what_was_there(tmp_path: Path, exporter: Exporter) -> None:
    path = tmp_path / "export"
    path.write_text("before", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        exporter.write(Interrupted(RECORDS.kept_accounts, RECORDS.kept_threads), path)
    assert [(file.name, file.read_text("utf-8")) for file in tmp_path.iterdir()] == [("export", "before")]


@pytest.mark.parametrize("exporter", FILES)
def test_without_room_there_is_an_error_and_no_file(tmp_path: Path, exporter: Exporter) -> None:
    with pytest.raises(StorageError, match=r"export: File too large; make room"), no_room():
        exporter.write(RECORDS, tmp_path / "export")
    assert list(tmp_path.iterdir()) == []


def test_without_room_no_page_is_left_half(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="too large"), no_room():
        all_exporters()["markdown"].write(Records((), (alone(PASTED),)), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("exporter", FILES)
def test_a_folder_that_is_not_there_is_made_and_one_in_the_way_is_an_error(tmp_path: Path, exporter: Exporter) -> None:
    exporter.write(RECORDS, tmp_path / "new" / "export")
    assert (tmp_path / "new" / "export").stat().st_size > 1000
    with pytest.raises(StorageError, match="Is a directory"):
        exporter.write(RECORDS, tmp_path / "new")
    with pytest.raises(StorageError, match=r"Not a directory|File exists"):
        exporter.write(RECORDS, tmp_path / "new" / "export" / "below")


def test_a_folder_export_onto_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(StorageError, match="is a file, not a folder"):
        all_exporters()["markdown"].write(RECORDS, tmp_path / "file")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_device_is_written_to_and_not_replaced() -> None:
    with pytest.raises(StorageError, match="No space left on device"), atomic_text_file(Path("/dev/full")) as file:
        file.write("x" * 100_000)
    assert Path("/dev/full").is_char_device()


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with atomic_text_file(tmp_path / "link") as file:
        file.write("all")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text("utf-8") == "all"

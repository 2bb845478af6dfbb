"""An archive of an earlier version opens with its index and finds what it held: an upgrade loses nothing."""

import zipfile
from pathlib import Path

import pytest

from threadkeep.archive.archive import Archive

OLD = Path(__file__).resolve().parents[1] / "store" / "old_archives"
HELD = {
    "archive-0.1.zip": {"accounts": 13, "posts": 25, "reposts": 4, "pins": 3, "gaps": 1, "sources": 4, "threads": 4}
}


@pytest.mark.parametrize("name", HELD)
def test_an_archive_of_an_earlier_version_opens_whole(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(OLD / name) as packed:
        packed.extractall(tmp_path)
    with Archive(tmp_path, create=False) as archive:
        counts = archive.store.counts()
        assert {kind: counts[kind] for kind in HELD[name]} == HELD[name]
        assert archive.total("glaze") == 6
        assert archive.total("", private=True) == counts["posts"]

"""The report of an import counts what is held: read, new, held and the rest agree to one, for every sample there is."""

from pathlib import Path

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.errors import ThreadkeepError
from threadkeep.sources.source import Source
from threadkeep.store.connections import rows_of
from threadkeep.store.database import driver, reading

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent.parent / "shared"


def samples() -> list[Path]:
    """Every seed, and every dump and case that lies beside the repository."""
    folders = [ROOT / "seeds", SHARED / "dumps", SHARED / "cases"]
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*/*"))]
    return [path for path in found if ".expected." not in path.name]


@pytest.mark.parametrize("path", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_report_counts_what_is_held(tmp_path: Path, path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        try:
            report = archive.import_(Source.from_path(path))
        except ThreadkeepError:
            pytest.skip("refused in words")
        held = report.accounts + report.posts + report.reposts + report.pins
        with reading(archive.store.engine) as connection:
            query = "SELECT kind, count(*) FROM captures GROUP BY kind"
            captures = {row[0]: row[1] for row in rows_of(driver(connection), query)}
        assert report.adds_up()
        assert held + captures.get("gap", 0) == sum(captures.values()) == report.new
        again = archive.import_(Source.from_path(path))
        assert again.adds_up()
        assert (again.new, again.updated, again.unchanged) == (0, 0, report.new)

"""Which dumps lie in a folder, where part of it cannot be looked into."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from threadkeep.sources.discovery import find_sources


def test_a_folder_that_cannot_be_looked_into_does_not_stop_the_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "a.txt").write_text("Rain.")
    (tmp_path / "z.txt").write_text("Sun.")
    look = Path.iterdir

    def refuse(folder: Path) -> Iterator[Path]:
        if folder == closed:
            raise PermissionError(13, "Permission denied")
        return look(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    before, refused, after = find_sources([str(tmp_path)])
    assert (before.path.name, after.path.name) == ("a.txt", "z.txt")
    assert str(refused.error) == f"{closed}: Permission denied"
    assert (before.error, after.error) == (None, None)

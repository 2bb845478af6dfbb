"""Whatever people and programs have added to an archive: what is backed up and verified is restored, equal."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from archives import copy_of, exported
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkeep.backup.create import back_up
from threadkeep.backup.restore import restore
from threadkeep.backup.verify import verify
from threadkeep.errors import ArchiveError, BackupError

ADDED = {
    "view my_likes": "CREATE VIEW my_likes AS SELECT * FROM posts WHERE counts LIKE '%likes%'",
    "view of a view": 'CREATE VIEW "of a view" AS SELECT count(*) FROM posts',
    "index mine": "CREATE INDEX mine ON posts (lower(text))",
    'index q"uote': 'CREATE UNIQUE INDEX "q""uote" ON posts (id, title)',
    "table notes": "CREATE TABLE notes (post INTEGER, note TEXT UNIQUE)",
}
FILES = [
    "sources/3f/notes.txt",
    "media/ab/cover \x1b[31m.jpg",
    "sources/README",
    "media/.DS_Store",
    "index/x",
    "née.txt",
]


@given(added=st.sets(st.sampled_from(sorted(ADDED))), files=st.sets(st.sampled_from(FILES)))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_backed_up_and_verified_is_restored(
    added: set[str], files: set[str], model: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("odd")
    folder = copy_of(model, place / "archive")
    with closing(sqlite3.connect(folder / "threadkeep.db")) as connection, connection:
        for name in sorted(added):
            connection.execute(ADDED[name])
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine")
    report = back_up(folder, place / "backup")
    assert set(report.left_out) == added
    assert verify(place / "backup").is_whole
    restore(place / "backup", place / "restored")
    assert exported(place / "restored") == exported(folder)


def test_a_changed_table_is_refused_at_backup_and_not_at_restore(model: Path, tmp_path: Path) -> None:
    folder = copy_of(model, tmp_path / "archive")
    with closing(sqlite3.connect(folder / "threadkeep.db")) as connection, connection:
        connection.execute("ALTER TABLE posts ADD COLUMN mine TEXT")
    with pytest.raises(ArchiveError, match="the table posts is not as threadkeep made it"):
        back_up(folder, tmp_path / "backup")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_links_and_pipes_in_an_archive_are_neither_followed_nor_waited_for(model: Path, tmp_path: Path) -> None:
    folder, secret = copy_of(model, tmp_path / "archive"), tmp_path / "secret"
    secret.write_text("secret words")
    dumps = sorted(path for path in (folder / "sources").rglob("*") if path.is_file() and path.suffix != ".json")
    for path, kind in zip(dumps, ("link", "pipe"), strict=False):
        path.unlink()
        path.symlink_to(secret) if kind == "link" else os.mkfifo(path)
    (folder / "searches.toml").unlink(missing_ok=True)
    (folder / "searches.toml").symlink_to(secret)
    report = back_up(folder, tmp_path / "backup")
    assert len(report.lacking) == 2
    held = [path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file()]
    assert not any(b"secret words" in data for data in held)


def test_the_readme_of_a_backup_is_checked(model: Path, tmp_path: Path) -> None:
    back_up(copy_of(model, tmp_path / "archive"), backup := tmp_path / "backup")
    state = next(path for path in backup.iterdir() if path.name.startswith("20"))
    assert "  README.txt\n" in (state / "SHA256SUMS").read_text()
    (backup / "README.txt").write_text("run this")
    found = verify(backup)
    assert [(flaw.kind, flaw.path) for flaw in found.flaws] == [("changed", "README.txt")]
    assert not found.is_whole


def test_settings_that_are_no_settings_are_refused_in_words(model: Path, tmp_path: Path) -> None:
    folder = copy_of(model, tmp_path / "archive")
    (folder / "config.toml").write_text("#" * (2 << 20))
    with pytest.raises(BackupError, match="larger than a megabyte"):
        back_up(folder, tmp_path / "backup")

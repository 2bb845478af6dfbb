"""What threadkeep wrote itself is passed over when a folder is imported, and all else in the folder is read."""

import json
import shutil
from pathlib import Path

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.archive.own_files import ARCHIVE, BACKUP, OWN_EXPORT, PACKAGES, own_kind
from threadkeep.backup.create import back_up
from threadkeep.exporters.registry import all_exporters

FOLDERS = ("markdown", "html")


def export(folder: Path, format_name: str, to: Path) -> None:
    with Archive(folder, create=False) as archive, archive.selection() as selection:
        all_exporters()[format_name].write(selection, to)


@pytest.mark.parametrize("format_name", FOLDERS)
def test_every_page_of_an_export_is_recognized(folder: Path, tmp_path: Path, format_name: str) -> None:
    export(folder, format_name, tmp_path / "notes")
    pages = [path for path in (tmp_path / "notes").iterdir() if path.is_file()]
    assert len(pages) > 3
    assert {own_kind(path) for path in pages} == {OWN_EXPORT}
    assert own_kind(tmp_path / "notes" / "media") in (OWN_EXPORT, None)


def test_json_lines_are_ours_only_beside_our_pages(folder: Path, tmp_path: Path) -> None:
    export(folder, "jsonl", tmp_path / "posts.jsonl")
    assert own_kind(tmp_path / "posts.jsonl") is None
    export(folder, "markdown", tmp_path / "notes")
    shutil.copy(tmp_path / "posts.jsonl", tmp_path / "notes")
    assert own_kind(tmp_path / "notes" / "posts.jsonl") == OWN_EXPORT


def test_csv_archives_backups_and_packages_are_told_apart(folder: Path, tmp_path: Path) -> None:
    export(folder, "csv", tmp_path / "posts.csv")
    back_up(folder, tmp_path / "backups")
    (tmp_path / "node_modules").mkdir()
    assert own_kind(tmp_path / "posts.csv") == OWN_EXPORT
    assert own_kind(folder) == ARCHIVE
    assert own_kind(tmp_path / "backups") == BACKUP
    assert own_kind(tmp_path / "node_modules") == PACKAGES


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("note.md", "---\ntitle: Ash\nsource: https://kilns.example\n---\nFrost again\n"),
        ("note.md", "# A note\n\n---\nthread_id: 1\npost_count: 2\narchived: 3\n---\n"),
        ("page.html", "<html><head><title>threadkeep</title></head></html>"),
        ("posts.csv", "platform,id\nx,1\n"),
        ("nothing.md", ""),
    ],
)
def test_what_others_wrote_is_not_ours(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert own_kind(tmp_path / name) is None


def test_a_folder_is_imported_without_what_is_ours(folder: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    export(folder, "markdown", here / "notes")
    export(folder, "csv", here / "posts.csv")
    shutil.copytree(folder, here / "archive")
    back_up(folder, here / "backups")
    (here / ".git").mkdir()
    (here / ".git" / "config.txt").write_text("words", encoding="utf-8")
    (here / "notes" / "mine.md").write_text("# Frost\n\nIt came again.\n", encoding="utf-8")
    post = {"type": "post", "platform": "x", "id": "1", "text": "kept"}
    (here / "posts.jsonl").write_text(json.dumps(post) + "\n", encoding="utf-8")
    passed_over: list[tuple[str, str]] = []
    with Archive(tmp_path / "new") as archive:
        reports = list(
            archive.import_paths([here], on_ignored=lambda path, reason: passed_over.append((path.name, reason)))
        )
    assert sorted(Path(report.source).name for report in reports) == ["mine.md", "posts.jsonl"]
    assert {("archive", ARCHIVE), ("backups", BACKUP), ("posts.csv", OWN_EXPORT), ("index.md", OWN_EXPORT)} <= set(
        passed_over
    )

"""Recognize what threadkeep wrote itself, so that ``threadkeep import .`` passes it over.

notes/index.md, notes/2024-05-01_mira_….md    an export: the posts in it are in the archive that it came from
notes/posts.jsonl, posts.csv                   JSON Lines beside such pages, and the CSV of any place
archive/, backups/                             an archive, a backup

JSON Lines elsewhere is read: it is how posts move from one archive to another.
"""

import re
from pathlib import Path

ARCHIVE = "archive"
BACKUP = "backup"
OWN_EXPORT = "own export"
PACKAGES = "package folder"
OWN_KINDS = (OWN_EXPORT, BACKUP, ARCHIVE, PACKAGES)
"""What ``own_kind`` says of a path."""

_STATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z")
_HEAD_BYTES = 64 * 1024
_HTML_SIGNATURE = b'<meta name="generator" content="threadkeep">'
_CSV_SIGNATURE = b"platform,id,author,author_name,created,precision,"
_INDEX_KEY = b"\ngenerator: threadkeep\n"
_PAGE_KEYS = (b"\nthread_id:", b"\npost_count:", b"\narchived:")
_INDEXES = ("index.md", "index.html")


def own_kind(path: Path) -> str | None:
    """Return what threadkeep wrote at ``path``, or None; a folder of packages (``node_modules``) is named, too."""
    try:
        if path.is_dir():
            return _kind_of_folder(path)
        if path.is_file() and _is_own_file(path):
            return OWN_EXPORT
    except OSError:
        pass
    return None


def _kind_of_folder(folder: Path) -> str | None:
    if folder.name == "node_modules":
        return PACKAGES
    if (folder / "threadkeep.db").is_file():
        return ARCHIVE
    is_backup = any(
        _STATE.fullmatch(inside.name) and (inside / "manifest.json").is_file() for inside in folder.iterdir()
    )
    if is_backup:
        return BACKUP
    return OWN_EXPORT if folder.name == "media" and _is_export(folder.parent) else None


def _is_export(folder: Path) -> bool:
    """Whether the folder has an index that threadkeep wrote."""
    return any((folder / name).is_file() and _is_own_file(folder / name) for name in _INDEXES)


def _is_own_file(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        return _is_export(path.parent)
    if suffix not in (".md", ".html", ".csv"):
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if suffix == ".html":
        return _HTML_SIGNATURE in head[:400]
    if suffix == ".csv":
        return head.removeprefix(b"\xef\xbb\xbf").startswith(_CSV_SIGNATURE)
    front_matter, closing, _ = head.partition(b"\n---\n")
    if not closing or not front_matter.startswith(b"---\n"):
        return False
    return _INDEX_KEY in front_matter + b"\n" or all(key in front_matter for key in _PAGE_KEYS)

"""The archive's folder: its permissions, its settings, and leftovers of interrupted commands."""

import re
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from threadkeep.archive.config import CONFIG, SEARCHES, owners, saved_searches
from threadkeep.doctor.findings import REBUILDING, Checkup, Finding, is_settled, of_kind, on_posix
from threadkeep.errors import ArchiveError, StorageError

NAME = "folder"
NEEDS_DATABASE = False

_DRAFT = re.compile(r"\..+\.part")
_SETTINGS = {CONFIG: owners, SEARCHES: saved_searches}
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def find(checkup: Checkup) -> Iterator[Finding]:
    """Others may enter; the settings cannot be read; drafts are left."""
    folder = checkup.folder
    if on_posix() and (mode := stat.S_IMODE(folder.stat().st_mode)) & _OTHERS:
        what = f"others on this computer can read the archive (mode {mode:o})"
        yield Finding(NAME, "open", ".", what, "make it readable for you only (mode 700)")
    for name, read in _SETTINGS.items():
        try:
            read(folder)
        except ArchiveError as error:
            yield Finding(NAME, "settings", name, error.message, "move it to aside/, so that the defaults apply")
    for path in _drafts(folder):
        what = "an interrupted command left it half written; nothing refers to it"
        yield Finding(NAME, "draft", checkup.named(path), what, "delete it")
    checkup.seen[NAME] = "only you can read it; no leftovers"


def repair(checkup: Checkup, findings: Sequence[Finding]) -> None:
    """Close the folder, put settings aside, delete drafts."""
    try:
        if of_kind(findings, "open"):
            checkup.folder.chmod(0o700)
        for finding in of_kind(findings, "settings"):
            checkup.aside.move(checkup.folder / finding.where)
        if of_kind(findings, "draft"):
            for path in list(_drafts(checkup.folder)):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
    except OSError as error:
        raise StorageError(
            f"{error.filename}: {error.strerror or error}", "check your rights to that folder"
        ) from error


def _drafts(folder: Path) -> Iterator[Path]:
    """Files no command has touched for a while that take another name when they are whole."""
    if (rebuilding := folder / REBUILDING).is_dir() and is_settled(rebuilding):
        yield rebuilding
    for place in (folder, folder / "sources", folder / "media", folder / "index"):
        for path in sorted([*place.glob(".*.part"), *place.glob("[0-9a-f][0-9a-f]/.*.part")]):
            if _DRAFT.fullmatch(path.name) and path.is_file() and not path.is_symlink() and is_settled(path):
                yield path

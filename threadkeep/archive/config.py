"""What a person told the archive in its folder: whose it is (``config.toml``), and searches to ask again.

owner = ["mira.example.com", "mira_vale"]          in config.toml, which threadkeep only reads
ash = "glaze (ash OR kiln*) from:mira"             in searches.toml, which threadkeep save writes
"""

import json
import re
from pathlib import Path
from typing import Any

from threadkeep.errors import ArchiveError, NotFound, StorageError, ThreadkeepError
from threadkeep.files.atomic_files import temp_file

CONFIG, SEARCHES = "config.toml", "searches.toml"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")
_NAME_LENGTH = 60


def owners(folder: Path) -> tuple[str, ...]:
    """The handles of whose archive it is, without ``@``; none where nobody said so. Raises ArchiveError."""
    told = _read(folder / CONFIG).get("owner", ())
    handles = [told] if isinstance(told, str) else told
    if not isinstance(handles, list | tuple) or not all(isinstance(handle, str) for handle in handles):
        raise ArchiveError(f"{folder / CONFIG}: owner is no handle", 'write owner = "your.handle", or a list of them')
    return tuple(handle.strip().lstrip("@") for handle in handles if handle.strip(" @"))


def saved_searches(folder: Path) -> dict[str, str]:
    """The saved searches by their names, in small letters. Raises ArchiveError."""
    found = _read(folder / SEARCHES)
    wrong = next((name for name, text in found.items() if not isinstance(text, str)), None)
    if wrong is not None:
        raise ArchiveError(f"{folder / SEARCHES}: {wrong} is no query", "queries stand in quotes there")
    return {name.lower(): text for name, text in found.items()}


def save_search(folder: Path, name: str, text: str) -> None:
    """Keep ``text`` under ``name``, in place of what was kept there. Raises ThreadkeepError, StorageError."""
    name = name.removeprefix("@").lower()
    if not _NAME.fullmatch(name) or len(name) > _NAME_LENGTH:
        raise ThreadkeepError(f"{name!r} can be no name of a search", "use letters from a to z, digits, - and _")
    _write(folder, saved_searches(folder) | {name: text})


def forget_search(folder: Path, name: str) -> None:
    """Forget what is kept under ``name``. Raises NotFound, StorageError."""
    searches, name = saved_searches(folder), name.removeprefix("@").lower()
    if searches.pop(name, None) is None:
        raise NotFound(f"no search here is called {name!r}", "threadkeep save lists them")
    _write(folder, searches)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{path}: {error}", "mend it, or take it away") from error
    import tomllib  # read only where there is something to read: a search should not wait for it

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ArchiveError(f"{path}: {error}", "mend it, or take it away") from error


def _write(folder: Path, searches: dict[str, str]) -> None:
    lines = [f"{name} = {_quoted(text)}\n" for name, text in sorted(searches.items())]
    try:
        with temp_file(folder) as copy:
            copy.file.write("".join(lines).encode())
            copy.commit(folder / SEARCHES)
    except OSError as error:
        raise StorageError(f"{folder / SEARCHES}: {error.strerror}", "check the disk and your rights there") from error


def _quoted(text: str) -> str:
    """``text`` as a TOML string: as in JSON, but for DEL, and for halves of characters, which UTF-8 lacks."""
    whole = text.encode("utf-8", "replace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")

"""Settings in the archive's folder: the owner's handles (``config.toml``) and saved searches (``searches.toml``).

owner = ["mira.example.com", "mira_vale"]          config.toml, which threadkeep only reads
ash = "glaze (ash OR kiln*) from:mira"             searches.toml, which threadkeep save writes
"""

import json
import re
from pathlib import Path
from typing import Any

from threadkeep.errors import ArchiveError, NotFound, StorageError, ThreadkeepError
from threadkeep.files.atomic_files import write_file
from threadkeep.files.plain_files import read_settings

CONFIG, SEARCHES = "config.toml", "searches.toml"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")
_NAME_LENGTH = 60


def owners(folder: Path) -> tuple[str, ...]:
    """Return the handles of the archive's owner, without ``@``. Raises ArchiveError."""
    told = _read(folder / CONFIG).get("owner", ())
    handles = [told] if isinstance(told, str) else told
    if not isinstance(handles, list | tuple) or not all(isinstance(handle, str) for handle in handles):
        raise ArchiveError(f"{folder / CONFIG}: owner is not a handle", 'set owner = "your.handle" or a list')
    return tuple(handle.strip().lstrip("@") for handle in handles if handle.strip(" @"))


def saved_searches(folder: Path) -> dict[str, str]:
    """Return the saved searches by lower-case name. Raises ArchiveError."""
    found = _read(folder / SEARCHES)
    wrong = next((name for name, text in found.items() if not isinstance(text, str)), None)
    if wrong is not None:
        raise ArchiveError(f"{folder / SEARCHES}: {wrong} is not a query", "write queries in quotes")
    return {name.lower(): text for name, text in found.items()}


def save_search(folder: Path, name: str, text: str) -> None:
    """Save the query ``text`` as ``name``, replacing an earlier one. Raises ThreadkeepError, StorageError."""
    name = name.removeprefix("@").lower()
    if not _NAME.fullmatch(name) or len(name) > _NAME_LENGTH:
        raise ThreadkeepError(f"{name!r} cannot be the name of a search", "use letters from a to z, digits, - and _")
    _write(folder, saved_searches(folder) | {name: text})


def forget_search(folder: Path, name: str) -> None:
    """Delete the saved search ``name``. Raises NotFound, StorageError."""
    searches, name = saved_searches(folder), name.removeprefix("@").lower()
    if searches.pop(name, None) is None:
        raise NotFound(f"no saved search is called {name!r}", "threadkeep save lists them")
    _write(folder, searches)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = read_settings(path).decode("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{path}: {error}", "fix the file or remove it") from error
    import tomllib  # imported only if there is a file: a search should not wait for it

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ArchiveError(f"{path}: {error}", "fix the file or remove it") from error


def _write(folder: Path, searches: dict[str, str]) -> None:
    lines = [f"{name} = {_quoted(text)}\n" for name, text in sorted(searches.items())]
    try:
        write_file(folder / SEARCHES, "".join(lines).encode())
    except OSError as error:
        raise StorageError(f"{folder / SEARCHES}: {error.strerror}", "check the disk and your rights there") from error


def _quoted(text: str) -> str:
    """Return ``text`` as a TOML string: JSON with DEL escaped and lone surrogates replaced."""
    whole = text.encode("utf-8", "replace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")

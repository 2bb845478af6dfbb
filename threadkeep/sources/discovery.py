"""Find the sources that paths, folders and glob patterns name."""

import glob
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from threadkeep.errors import DumpError
from threadkeep.platforms.registry import ref_of_url

TEXT_SUFFIXES = frozenset({"", ".txt", ".text", ".md", ".markdown", ".html", ".htm"})
"""File names under which a walked folder may hold text that no parser recognizes by its content."""

EXPECTED_SUFFIX = ".expected.jsonl"
"""The expected records beside a sample: never a source."""


_PAGE_SUFFIXES = frozenset({".html", ".htm"})
_BESIDE_PAGE = tuple("_files _Dateien _fichiers _archivos _arquivos _file _bestanden".split())
"""How browsers call the folder beside a page saved as complete, after the page: its pictures, scripts and frames."""

_ADDRESS = re.compile(r"(?:https?|ftp|at):/|www\.", re.I)


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a folder that is one source. ``named``: a person named it, so failing to read it is an error.

    ``error`` says why a folder cannot be listed.
    """

    path: Path
    named: bool
    error: DumpError | None = None


def find_sources(
    paths: Iterable[str],
    is_source: Callable[[Path], bool] = lambda _folder: False,
    passes_over: Callable[[Path], bool] = lambda _path: False,
) -> Iterator[Found]:
    """Yield the sources that ``paths`` name, in a stable order: files, folders, patterns such as ``exports/*.txt``.

    A folder is walked, unless ``is_source`` says that it is one source. Hidden files, links, ``*.expected.jsonl`` and
    what a browser saved beside a page are skipped, and so are paths for which ``passes_over`` is true. Raises DumpError
    for a pattern that matches nothing, and for the address of a page.
    """
    for name in paths:
        path = Path(name)
        if not path.exists() and (_ADDRESS.match(name) or ref_of_url(f"https://{name}")):
            raise DumpError(
                f"{name}: it is an address, and threadkeep fetches nothing from the network",
                "open it in a browser, save it (Save page as…, a single file or complete), and import that file",
            )
        if passes_over(path):
            continue
        if path.is_dir():
            yield from _walk(path, is_source, passes_over, named=True)
        elif path.exists() or not glob.has_magic(name):
            yield Found(path, named=True)
        else:
            matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - the pattern may be absolute
            if not matches:
                raise DumpError(f"{name}: nothing matches that pattern")
            yield from find_sources(matches, is_source, passes_over)


def _walk(
    folder: Path, is_source: Callable[[Path], bool], passes_over: Callable[[Path], bool], *, named: bool
) -> Iterator[Found]:
    if is_source(folder):
        yield Found(folder, named)
        return
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        yield Found(folder, named, DumpError(f"{folder}: {error.strerror}"))
        return
    beside = {path.stem + ending for path in inside if path.suffix.lower() in _PAGE_SUFFIXES for ending in _BESIDE_PAGE}
    for path in inside:
        if path.name in beside and path.is_dir():
            continue
        if path.name.startswith(".") or path.is_symlink() or path.name.endswith(EXPECTED_SUFFIX):
            continue
        if passes_over(path):
            continue
        if path.is_dir():
            yield from _walk(path, is_source, passes_over, named=False)
        elif path.is_file():
            yield Found(path, named=False)

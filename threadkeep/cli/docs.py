"""``threadkeep docs``: read the manual."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

import threadkeep
from threadkeep.cli.terminal import say
from threadkeep.errors import NotFound

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _complete_page(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in _pages() if name.startswith(incomplete.lower())]


@click.command()
@click.argument("page", required=False, shell_complete=_complete_page)
def docs(page: str | None) -> None:
    """Read a page of the manual, or list its pages.

    \b
    threadkeep docs
    threadkeep docs query
    """
    pages = _pages()
    if page is None:
        for name, path in pages.items():
            say(f"{name:<14} {_title(path)}")
    elif page.lower() not in pages:
        raise NotFound(f"the manual has no page {page!r}", f"its pages are {', '.join(pages)}")
    else:
        for line in pages[page.lower()].read_text("utf-8").splitlines():
            say(line)


def _pages() -> dict[str, Path]:
    """Return the pages of the manual by name: from the installed package, or from a checkout."""
    package = Path(threadkeep.__file__).parent
    folder = next((path for path in (package / "docs", package.parent / "docs") if path.is_dir()), None)
    return {path.stem: path for path in sorted(folder.glob("*.md"))} if folder else {}


def _title(page: Path) -> str:
    with page.open(encoding="utf-8") as lines:
        return next(lines, "").lstrip("# ").rstrip()

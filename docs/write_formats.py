"""Write the tables of docs/formats.md from the NAME, TITLE and docstring of each format.

python docs/write_formats.py            writes them
python docs/write_formats.py --check    exits with 1 where the page is not up to date
"""

import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent / "formats.md"
COMMAND = "python docs/write_formats.py"
_TABLES = re.compile(r"(?P<begin><!-- (?P<name>read|written): .*? -->\n).*?(?P<end><!-- end -->\n)", re.S)


def summary(module: Any) -> str:
    """The first sentence of a module's docstring, as Markdown: ``Read a table.`` -> ``A table``."""
    first = " ".join((inspect.getdoc(module) or "").partition("\n\n")[0].split())
    sentence = re.split(r"(?<=[^.]\.) |\.$", first)[0].rstrip(".").removeprefix("Read ").replace("``", "`")
    return sentence[:1].upper() + sentence[1:]


def table(formats: Iterable[Any]) -> str:
    """A row a format: its name, its title, and what its docstring says of it."""
    rows = (f"| `{item.NAME}` | {item.TITLE} | {summary(item)} |\n" for item in formats)
    return "| name | title | what |\n| --- | --- | --- |\n" + "".join(rows)


def read_tables() -> str:
    """A table for each network, headed by what its folder says of itself."""
    from threadkeep.parsers.registry import all_parsers

    networks: dict[str, list[Any]] = defaultdict(list)
    for parser in all_parsers().values():
        networks[parser.__name__.rpartition(".")[0]].append(parser)  # type: ignore[attr-defined]  # it is a module
    return "\n".join(
        f"### {summary(sys.modules[name]).removeprefix('Formats of ')}\n\n{table(networks[name])}"
        for name in sorted(networks)
    )


def page() -> str:
    """The page as it should be."""
    from threadkeep.exporters.registry import all_exporters

    tables = {"read": read_tables(), "written": table(all_exporters().values())}
    return _TABLES.sub(
        lambda found: f"{found['begin']}\n{tables[found['name']]}\n{found['end']}", PAGE.read_text("utf-8")
    )


def main() -> int:
    """Write the page, or check it."""
    wanted = page()
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, encoding="utf-8", newline="\n")
    elif wanted != PAGE.read_text("utf-8"):
        print(f"docs/formats.md is not up to date: run {COMMAND}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

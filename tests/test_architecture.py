"""The house stands as drawn in docs/architecture.md: imports go down, and each library lives in one room."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "threadkeep"

FLOORS = {
    "records": 1,
    "errors": 1,
    "text": 2,
    "files": 2,
    "subprocess_workers": 2,
    "sources": 3,
    "record_json": 3,
    "query": 3,
    "parsers": 4,
    "store": 4,
    "index": 4,
    "exporters": 4,
    "review": 4,
    "ingest": 5,
    "archive": 6,
    "backup": 7,
    "doctor": 7,
    "cli": 8,
}

ROOMS = {
    "sqlalchemy": ("store",),
    "whoosh": ("index/whoosh",),
    "click": ("cli",),
    "rich": ("cli",),
    "yaml": ("exporters",),
    "bs4": ("parsers/_html/elements.py",),
    "libipld": ("parsers/bluesky/_dag_cbor.py",),
}
"""The only places that may import each of these."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path: Path) -> None:
    here = room(path)
    if here in ("__init__", "__main__"):
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "threadkeep" and len(parts) > 1 and parts[1] in FLOORS and parts[1] != here:
            assert FLOORS[parts[1]] < FLOORS[here], f"{here} imports {parts[1]}"


def test_every_room_has_a_floor() -> None:
    rooms = {room(path) for path in modules()} - {"__init__", "__main__"}
    assert rooms == set(FLOORS)


@pytest.mark.parametrize(("library", "homes"), ROOMS.items())
def test_a_library_lives_in_its_rooms(library: str, homes: tuple[str, ...]) -> None:
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if any(name.split(".")[0] == library for name in imports(path))
    }
    assert users, f"nothing imports {library}"
    assert all(user.startswith(homes) for user in users), users


def test_no_module_is_called_after_nothing() -> None:
    names = {path.stem for path in modules()} | {path.parent.name for path in modules()}
    assert not names & {"utils", "helpers", "manager", "base", "common", "misc"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_records_need_nothing_but_the_standard_library() -> None:
    assert {name.split(".")[0] for name in imports(PACKAGE / "records.py")} <= {
        "hashlib",
        "unicodedata",
        "dataclasses",
        "datetime",
        "typing",
    }

"""The structure of docs/architecture.md: imports go down, no circles, each library and each network in one place."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "threadkeep"

FLOORS = {
    "records": 1,
    "errors": 1,
    "text": 2,
    "files": 2,
    "platforms": 2,
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
    "api": 8,
    "cli": 8,
}

ROOMS = {
    "sqlalchemy": ("store",),
    "whoosh": ("index/whoosh",),
    "Stemmer": ("index/analysis.py",),
    "click": ("cli",),
    "rich": ("cli",),
    "yaml": ("exporters",),
    "bs4": ("parsers/_html/elements.py",),
    "libipld": ("parsers/bluesky/_dag_cbor.py",),
}
"""The only places that may import each of these."""

NETWORKS = ("x", "bluesky", "fediverse", "threads", "linkedin", "home_page", "generic")
"""The packages of ``parsers/`` that may not import one another."""

ADDRESS = re.compile(r"(?<![\w-])(?:(?:x|twitter)\\?\.com|bsky\\?\.app)\b")

MAY_NAME_ADDRESSES: dict[str, str] = {}
"""Modules outside ``platforms/`` whose code names an address of a network, each with the reason."""

PLUGINS = (
    "parsers/x",
    "parsers/bluesky",
    "parsers/fediverse",
    "parsers/threads",
    "parsers/linkedin",
    "parsers/home_page",
    "parsers/generic",
    "exporters",
    "platforms",
    "cli",
    "doctor",
)
"""Packages where a module is a format, a network, a command or a check: it may be short and have one importer."""

TOO_SMALL = 60
TOO_BIG = 600


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


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


@pytest.mark.parametrize("path", modules(), ids=relative)
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


@cache
def module_paths() -> dict[str, Path]:
    """Every module by its dotted name; a package has its ``__init__.py``."""
    return {
        ".".join(("threadkeep", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
        for path in modules()
    }


def runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below ``node`` without what only a type checker sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            for other in child.orelse:
                yield other
                yield from runtime_nodes(other)
        else:
            yield child
            yield from runtime_nodes(child)


def imported_modules(path: Path, *, type_checking: bool) -> set[str]:
    """The modules of threadkeep that ``path`` names, function-local imports included."""
    tree, known, found = ast.parse(path.read_text("utf-8")), module_paths(), set()
    for node in ast.walk(tree) if type_checking else runtime_nodes(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.update({inner} if inner in known else {node.module} & known.keys())
    return {name for name in found if known[name] != path}


def strongly_connected(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of two or more nodes that all reach one another (Tarjan's algorithm)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(node: str) -> None:
        order[node] = lowest[node] = len(order)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in order:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in stack:
                lowest[node] = min(lowest[node], order[other])
        if lowest[node] == order[node]:
            place = stack.index(node)
            group = sorted(stack[place:])
            del stack[place:]
            if len(group) > 1:
                groups.append(group)

    for node in sorted(graph):
        if node not in order:
            visit(node)
    return groups


def test_circles_are_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set(), "e": {"f"}, "f": {"a", "e"}}
    assert strongly_connected(graph) == [["b", "c"], ["e", "f"]]


def test_no_modules_import_one_another_in_a_circle() -> None:
    graph = {name: imported_modules(path, type_checking=False) for name, path in module_paths().items()}
    assert strongly_connected(graph) == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=relative)
def test_a_package_file_holds_no_logic(path: Path) -> None:
    """A docstring, imports and ``__all__``; the public interface may load its names when they are first used."""
    allowed = {"__all__"} | ({"__version__", "_LAZY", "TYPE_CHECKING"} if path.parent == PACKAGE else set())
    functions = {"__getattr__", "__dir__"} if path.parent == PACKAGE else set()
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant(str())):
                continue
            case ast.If(test=ast.Name("TYPE_CHECKING")) if path.parent == PACKAGE:
                continue
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                assert name in allowed, name
            case ast.FunctionDef(name=name):
                assert name in functions, name
            case _:
                pytest.fail(ast.unparse(node))


@pytest.mark.xfail(
    reason="short modules with one reader in archive, backup, index/whoosh, _segmentation, query, sources and store"
)
def test_no_short_module_has_a_single_importer() -> None:
    importers: dict[str, set[str]] = defaultdict(set)
    for name, path in module_paths().items():
        for other in imported_modules(path, type_checking=True):
            importers[other].add(name)
    alone = {
        relative(path): sorted(importers[name])
        for name, path in module_paths().items()
        if path.name != "__init__.py"
        and not (relative(path.parent) in PLUGINS and not path.stem.startswith("_"))
        and len(path.read_text("utf-8").splitlines()) < TOO_SMALL
        and len(importers[name]) == 1
    }
    assert alone == {}


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= TOO_BIG


@pytest.mark.xfail(reason="Written, Row, Piece of parsers; PostAddress of platforms")
def test_a_public_class_name_stands_for_one_thing_in_a_package() -> None:
    """In ``parsers/`` a package is a network with the modules that all networks share."""
    homes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in modules():
        place = relative(path).split("/")
        is_network = place[0] == "parsers" and place[1] in NETWORKS
        scopes = [place[1]] if is_network else NETWORKS if place[0] == "parsers" else [place[0]]
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                for scope in scopes:
                    homes[scope, node.name].append(relative(path))
    assert {key: found for key, found in homes.items() if len(found) > 1} == {}


@pytest.mark.parametrize("network", NETWORKS)
def test_networks_do_not_import_one_another(network: str) -> None:
    others = tuple(f"threadkeep.parsers.{other}" for other in NETWORKS if other != network)
    for path in (PACKAGE / "parsers" / network).rglob("*.py"):
        seen = {".".join(name.split(".")[:3]) for name in imported_modules(path, type_checking=True)}
        assert not seen & set(others), relative(path)


def test_whoosh_is_named_in_one_file() -> None:
    users = {relative(path) for path in modules() if any(name.split(".")[0] == "whoosh" for name in imports(path))}
    assert users == {"index/whoosh/whoosh_compat.py"}


def literals(path: Path) -> Iterator[str]:
    """The strings of a module's code, without docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


@pytest.mark.xfail(reason="parsers/bluesky names addresses of its own")
def test_addresses_of_networks_stand_in_platforms_only() -> None:
    users = {relative(path) for path in modules() if any(map(ADDRESS.search, literals(path)))}
    outside = {user for user in users if not user.startswith("platforms/")}
    assert outside == set(MAY_NAME_ADDRESSES)


def test_records_need_nothing_but_the_standard_library() -> None:
    assert {name.split(".")[0] for name in imports(PACKAGE / "records.py")} <= {
        "hashlib",
        "unicodedata",
        "dataclasses",
        "datetime",
        "typing",
    }


def test_networks_know_records_and_nothing_of_one_another() -> None:
    for path in (PACKAGE / "platforms").glob("*.py"):
        if path.stem not in ("__init__", "registry"):
            ours = {name for name in imports(path) if name.split(".")[0] == "threadkeep"}
            assert all(name.startswith("threadkeep.records") for name in ours), path

"""Write docs/api.md from the docstrings of the public Python interface: ``python docs/generate_api.py``."""

import ast
import inspect
import textwrap
from pathlib import Path

import threadkeep

PAGE = Path(__file__).with_name("api.md")

HEAD = """# The Python interface, name by name

<!-- Written by docs/generate_api.py from the docstrings. Do not edit. -->

`from threadkeep import …` gives the names below; [Using threadkeep from Python](python.md) shows them at work.
"""

SECTIONS = {
    "Opening an archive": ("open_archive", "Archive"),
    "What it returns": ("PageView", "HitView", "PostView", "ThreadView", "ImportReports"),
    "Records": ("Post", "Account", "Repost", "Pin", "Gap", "Link", "Media", "When", "Ref"),
    "Errors": (
        *("ThreadkeepError", "NotFound", "QueryError", "DumpError"),
        *("ArchiveError", "ArchiveBusy", "ArchiveTooNew", "StorageError"),
    ),
}


def page() -> str:
    """Return the text of docs/api.md."""
    missing = set(threadkeep.__all__) - {name for names in SECTIONS.values() for name in names}
    if missing:
        raise SystemExit(f"docs/generate_api.py: no section has {', '.join(sorted(missing))}")
    parts = [HEAD]
    for title, names in SECTIONS.items():
        parts.append(f"## {title}\n")
        parts += [entry(name, getattr(threadkeep, name)) for name in names]
    return "\n".join(parts)


def entry(name: str, thing: object) -> str:
    """Return the section of a function or a class with its fields, properties and public methods."""
    parts = [f"### `{name}`\n"]
    node = syntax(thing)
    if isinstance(node, ast.FunctionDef):
        parts.append(f"```python\n{signature(node)}\n```\n")
    parts.append(f"{prose(ast.get_docstring(node))}\n")
    if isinstance(node, ast.ClassDef):
        items = [item for member in node.body if (item := described(member))]
        parts += [*items, ""] if items else []
    return "\n".join(parts)


def syntax(thing: object) -> ast.FunctionDef | ast.ClassDef:
    """Return the syntax tree of a function or a class; it is the same for every version of Python."""
    [node] = ast.parse(textwrap.dedent(inspect.getsource(thing))).body  # type: ignore[arg-type]
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    return node


def described(member: ast.stmt) -> str | None:
    """Return a field, property or method as an item of a list; None for what is not public."""
    match member:
        case ast.AnnAssign(target=ast.Name(name), annotation=annotation, value=value):
            default = f" = {ast.unparse(value)}" if isinstance(value, ast.Constant | ast.Tuple) else ""
            return f"- `{name}: {ast.unparse(annotation)}{default}`"
        case ast.FunctionDef(name=name) if not name.startswith("_"):
            decorators = {ast.unparse(decorator) for decorator in member.decorator_list}
            returns = f": {annotated(member.returns)}" if member.returns else ""
            code = f"{name}{returns}" if "property" in decorators else signature(member)
            return f"- `{code}`  \n  " + prose(ast.get_docstring(member)).replace("\n\n", "\n\n  ")
        case _:
            return None


def signature(node: ast.FunctionDef) -> str:
    """Return how to call a function: names, types and defaults, without ``self``."""
    arguments = node.args
    arguments.args = [argument for argument in arguments.args if argument.arg != "self"]
    for argument in [*arguments.args, *arguments.kwonlyargs]:
        argument.annotation = argument.annotation and ast.Name(annotated(argument.annotation))
    returns = f" -> {annotated(node.returns)}" if node.returns else ""
    return f"{node.name}({ast.unparse(arguments)}){returns}"


def annotated(node: ast.expr) -> str:
    """Return a type as text, one that stands in quotes without them."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)


def prose(docstring: str | None) -> str:
    """Return a docstring as Markdown, a paragraph a line."""
    paragraphs = (docstring or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs).replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

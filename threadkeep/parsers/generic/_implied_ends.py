"""Write the end tags that HTML lets pages leave out, so that what follows an element is not taken to be inside it.

<ul><li>oak<li>beech</ul>       -> <ul><li>oak</li><li>beech</ul>
<p>One<p>Two<div>Three</div>    -> <p>One</p><p>Two</p><div>Three</div>
"""

from threadkeep.parsers._html.cutter import tags_of

_CELL = frozenset({"td", "th", "p"})
_ROW = _CELL | {"tr"}
_ENDED_BY = {
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "td": _CELL,
    "th": _CELL,
    "tr": _ROW,
    **dict.fromkeys(("tbody", "thead", "tfoot"), _ROW | {"tbody", "thead", "tfoot", "caption"}),
    **dict.fromkeys(
        "address article aside blockquote center details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 "
        "h6 header hr main menu nav ol p pre section table ul".split(),
        frozenset({"p"}),
    ),
}
"""The elements that the start of each ends, where they are the innermost of those counted here."""
_VOID = frozenset({"hr"})
_COUNTED = frozenset(_ENDED_BY) | {"caption"}


def with_implied_ends(markup: str) -> str:
    """``markup`` with those end tags."""
    pieces: list[str] = []
    position = 0
    open_: list[str] = []
    counts: dict[str, int] = {}
    for name, is_end, start, _ in tags_of(markup):
        if name not in _COUNTED:
            continue
        if is_end:
            if counts.get(name):
                while (last := open_.pop()) != name:
                    counts[last] -= 1
                counts[name] -= 1
            continue
        ends = _ENDED_BY.get(name, frozenset())
        while open_ and open_[-1] in ends:
            last = open_.pop()
            counts[last] -= 1
            pieces += (markup[position:start], f"</{last}>")
            position = start
        if name not in _VOID:
            open_.append(name)
            counts[name] = counts.get(name, 0) + 1
    pieces.append(markup[position:])
    return "".join(pieces)

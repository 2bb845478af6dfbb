"""Posts to index, and what a query finds among them worked out the slow way: each post by itself, without an index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from threadkeep.index import Document, Engine, Sort
from threadkeep.index.analysis import TOKEN, beginning, folded, sought, spelled
from threadkeep.query import Query, parse
from threadkeep.query.ast import And, DateRange, Everything, Node, Not, Or, Phrase, Prefix, Term, Word

Row = Sequence[tuple[str, int]]


def post(number: int, text: str = "", **fields: object) -> Document:
    return Document(number=number, thread=number, platform="bluesky", text=text, **fields)  # type: ignore[arg-type]


def moment(day: str) -> int:
    """Noon of a day, as a document has it."""
    return int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()) * 1_000_000


POTS = (
    post(1, "Running the kiln at night", authors=("mira.example.com",), created=moment("2024-05-01")),
    post(2, "We stopped by a café", authors=("juno",), created=moment("2024-06-30"), tags=("Café",), language="fr"),
    post(
        3, "Clay and glaze", title="Firing a kiln", flags=frozenset({"title", "reply"}), mentions=("Mira.example.com",)
    ),
    post(
        4,
        "Look: https://www.example.org/kiln/log",
        urls=("https://www.example.org/kiln/log",),
        created=moment("2023-12-31"),
    ),
)


def hits(engine: Engine, text: str, sort: Sort = "relevance", limit: int = 1000, offset: int = 0) -> list[int]:
    return [hit.number for hit in engine.search(parse(text), sort, limit, offset).hits]


def found_slowly(documents: Iterable[Document], query: Query) -> set[int]:
    root = query.root
    if not asks(root):
        return set()
    return {document.number for document in documents if matches(root, Words(document))}


@dataclass
class Words:
    """The words of a document: for each text of each zone, the words at each of its places."""

    document: Document
    rows: dict[str, list[list[tuple[str, ...]]]] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        document = self.document
        zones = {
            "text": (document.text,),
            "title": (document.title or "",),
            "aside": (*document.alts, *document.cards),
            "url": tuple(url if "://" in url else f"https://{url}" for url in document.urls),
        }
        self.rows = {zone: [] for zone in zones}
        for zone, texts in zones.items():
            for text in texts:
                row: list[tuple[str, ...]] = []
                for token in TOKEN.findall(text):
                    spelling = spelled(token)
                    self.forms.update(spelling.forms)
                    if spelling.link:
                        self.rows["url"].append(list(spelling.steps))
                    else:
                        row += spelling.steps
                self.rows[zone].append(row)

    def hold(self, wanted: Row, zone: str | None = None) -> bool:
        return any(
            all(0 <= start + place < len(row) and word in row[start + place] for word, place in wanted)
            for rows in ([self.rows[zone]] if zone else self.rows.values())
            for row in rows
            for start in range(len(row))
        )

    def begin(self, start: str, zone: str | None = None) -> bool:
        rows = self.rows[zone] if zone else [row for rows in self.rows.values() for row in rows]
        stems = {word for row in rows for step in row for word in step}
        return any(word.startswith(start) for word in (stems if zone else stems | self.forms))


def asks(node: Node) -> bool:
    """Whether there is anything in the query to look for."""
    match node:
        case Word(text) | Phrase(text):
            return bool(sought(text))
        case Prefix(text):
            return any(beginning(text))
        case Term("title" | "url", value):
            return value == "*" or bool(sought(value))
        case Not(part):
            return asks(part)
        case And(parts) | Or(parts):
            return any(asks(part) for part in parts)
    return True


def matches(node: Node, words: Words) -> bool:
    match node:
        case Everything():
            return True
        case Word(text) | Phrase(text):
            return words.hold(sought(text))
        case Prefix(text):
            row, start = beginning(text)
            return (not row or words.hold(row)) and (not start or words.begin(start))
        case Not(part):
            return not matches(part, words)
        case And(parts):
            return all(matches(part, words) for part in parts if asks(part))
        case Or(parts):
            return any(matches(part, words) for part in parts if asks(part))
        case DateRange(since, until):
            return within(since, until, words.document.created)
        case Term(op, value):
            return has_term(op, value, words)


def within(since: date | None, until: date | None, created: int | None) -> bool:
    if created is None:
        return False
    day = datetime.fromtimestamp(created // 1_000_000, UTC).date()
    return (since is None or day >= since) and (until is None or day < until)


def has_term(op: str, value: str, words: Words) -> bool:
    document, name = words.document, value.rstrip("*")
    begun = value.endswith("*")
    if op in ("title", "url"):
        if value == "*":
            return any(words.rows[op])
        row, start = beginning(name) if begun else (sought(name), "")
        return (not row or words.hold(row, op)) and (not start or words.begin(start, op))
    if op in ("is", "has"):
        return value in document.flags
    return any(
        folded(held).startswith(folded(name)) if begun else folded(held) == folded(name) for held in names(op, document)
    )


def names(op: str, document: Document) -> set[str]:
    """What a document is known by to an operator."""
    match op:
        case "from" | "to":
            handles = document.authors if op == "from" else document.mentions
            return {name for handle in handles for name in (handle, handle.split(".")[0])}
        case "tag":
            return set(document.tags)
        case "platform":
            return {document.platform}
        case "lang":
            return {document.language, document.language.split("-")[0]} if document.language else set()
        case "domain":
            hosts = [url.partition("://")[2].partition("/")[0].removeprefix("www.") for url in document.urls]
            return {".".join(host.split(".")[i:]) for host in hosts for i in range(max(host.count("."), 1))}
    raise AssertionError(op)

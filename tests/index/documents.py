"""Posts to index, and what a query finds among them worked out the slow way: each post by itself, without an index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import product

from threadkeep.index.analysis import TOKEN, analyze, fold, is_spaceless, query_terms, split_prefix
from threadkeep.index.engine import Document, Engine, Sort
from threadkeep.query.ast import (
    And,
    AtLeast,
    DateRange,
    Everything,
    Fuzzy,
    InThread,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    RowIdSet,
    Term,
    Wildcard,
    Word,
)
from threadkeep.query.parser import parse

PhraseTerms = Sequence[tuple[str, int]]


def post(number: int, text: str = "", **fields: object) -> Document:
    return Document(row_id=number, thread=number, platform="bluesky", text=text, **fields)  # type: ignore[arg-type]


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
    return [hit.row_id for hit in engine.search(parse(text), sort, limit, offset).hits]


def found_slowly(documents: Iterable[Document], query: Query) -> set[int]:
    root = query.root
    if not asks(root):
        return set()
    held = [Words(document) for document in documents]
    return {words.document.row_id for words in held if matches(root, words, held)}


@dataclass
class Words:
    """The words of a document: for each text of each zone, the words at each of its places."""

    document: Document
    rows: dict[str, list[list[tuple[str, ...]]]] = field(default_factory=dict)
    surface_forms: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        document = self.document
        zones = {
            "text": (document.text,),
            "title": (document.title or "",),
            "alt": document.alts,
            "card": document.cards,
            "url": tuple(url if "://" in url else f"https://{url}" for url in document.urls),
        }
        self.rows = {zone: [] for zone in zones}
        for zone, texts in zones.items():
            for text in texts:
                row: list[tuple[str, ...]] = []
                for token in TOKEN.findall(text):
                    spelling = analyze(token)
                    self.surface_forms.update(spelling.surface_forms)
                    if spelling.link:
                        self.rows["url"].append(list(spelling.positions))
                    else:
                        row += spelling.positions
                self.rows[zone].append(row)

    def hold(self, wanted: PhraseTerms, zone: str | None = None) -> bool:
        return any(
            all(0 <= start + place < len(row) and word in row[start + place] for word, place in wanted)
            for rows in ([self.rows[zone]] if zone else self.rows.values())
            for row in rows
            for start in range(len(row))
        )

    def fuzzy_pattern(self, rows: Sequence[PhraseTerms], far: int) -> bool:
        for zone, found in self.rows.items():
            # The texts of a zone stand one after the other, a place between them.
            held = [step for row in found if row or zone != "url" for step in (*row, ())]
            starts = [[at for at in range(len(held)) if self._stand(row, held, at)] for row in rows]
            for chosen in product(*starts):
                distinct = {(row, at) for row, at in zip(rows, chosen, strict=True)}
                if len(distinct) == len(rows) and max(chosen) - min(chosen) <= far:
                    return True
        return False

    def _stand(self, row: PhraseTerms, held: list[tuple[str, ...]], at: int) -> bool:
        return all(at + place < len(held) and word in held[at + place] for word, place in row)

    def all(self) -> set[str]:
        return self.surface_forms | {
            word for rows in self.rows.values() for row in rows for step in row for word in step
        }

    def begin(self, start: str, zone: str | None = None) -> bool:
        rows = self.rows[zone] if zone else [row for rows in self.rows.values() for row in rows]
        stems = {word for row in rows for step in row for word in step}
        return any(word.startswith(start) for word in (stems if zone else stems | self.surface_forms))


def asks(node: Node) -> bool:
    """Whether there is anything in the query to look for."""
    match node:
        case Word(text) | Phrase(text) | Near(text) | Fuzzy(text):
            return bool(query_terms(text))
        case Prefix(text):
            return any(split_prefix(text))
        case Term("title" | "alt" | "url", value):
            return value == "*" or bool(query_terms(value))
        case Not(part):
            return asks(part)
        case And(parts) | Or(parts) | InThread(parts):
            return any(asks(part) for part in parts)
    return True


def matches(node: Node, words: Words, held: Sequence[Words]) -> bool:
    match node:
        case Everything():
            return True
        case Not(part):
            return not matches(part, words, held)
        case And(parts):
            return all(matches(part, words, held) for part in parts if asks(part))
        case Or(parts):
            return any(matches(part, words, held) for part in parts if asks(part))
        case InThread(parts):
            thread = [other for other in held if other.document.thread == words.document.thread]
            return all(any(matches(part, other, held) for other in thread) for part in parts if asks(part))
        case DateRange(since, until):
            return within(since, until, words.document.created)
        case AtLeast(of, number):
            count = getattr(words.document, of)
            return count is not None and count >= number
        case RowIdSet(_, numbers):
            return words.document.row_id in numbers
        case Term(op, value):
            return has_term(op, value, words)
    return shows(node, words)


def shows(node: Node, words: Words) -> bool:
    """Whether a document holds the words that a node looks for."""
    match node:
        case Word(text) | Phrase(text):
            return words.hold(query_terms(text))
        case Prefix(text):
            row, start = split_prefix(text)
            return (not row or words.hold(row)) and (not start or words.begin(start))
        case Wildcard(pattern):
            return any(fnmatchcase(word, fold(pattern)) for word in words.all())
        case Fuzzy(text, edits):
            row, form = split_prefix(text)
            return (not row or words.hold(row)) and any(
                edits_between(word, form) <= (0 if is_spaceless(form) else edits) for word in words.all()
            )
        case Near(text, far):
            return words.fuzzy_pattern([analyze(token).query_terms for token in TOKEN.findall(text)], far)
    raise AssertionError(node)


def within(since: date | None, until: date | None, created: int | None) -> bool:
    if created is None:
        return False
    moment = datetime.fromtimestamp(created // 1_000_000, UTC)
    return (since is None or moment >= start_of(since)) and (until is None or moment < start_of(until))


def start_of(point: date) -> datetime:
    return point if isinstance(point, datetime) else datetime.combine(point, time(), UTC)


@lru_cache(maxsize=100_000)
def edits_between(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    found = min(edits_between(a[1:], b) + 1, edits_between(a, b[1:]) + 1, edits_between(a[1:], b[1:]) + (a[0] != b[0]))
    if len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1]:
        found = min(found, edits_between(a[2:], b[2:]) + 1)
    return found


def has_term(op: str, value: str, words: Words) -> bool:
    document, name = words.document, value.rstrip("*")
    begun = value.endswith("*")
    if op in ("title", "alt", "url"):
        if value == "*":
            return any(words.rows[op])
        row, start = split_prefix(name) if begun else (query_terms(name), "")
        return (not row or words.hold(row, op)) and (not start or words.begin(start, op))
    if op in ("is", "has"):
        return value in document.flags
    return any(fold(held).startswith(fold(name)) if begun else fold(held) == fold(name) for held in names(op, document))


def names(op: str, document: Document) -> set[str]:
    """What a document is known by to an operator."""
    match op:
        case "from" | "to" | "mentions":
            by_op = {"from": document.authors, "to": document.addressees, "mentions": document.mentions}
            handles = by_op[op]
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

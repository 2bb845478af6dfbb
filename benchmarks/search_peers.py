"""The peers of ``search.py``: how each indexes the prepared posts, and how each is asked a question."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index import documents, prepared, prepared_oldest_first

TOP = 20
"""How many hits are asked for."""

Question = dict[str, Any]
Ask = Callable[[Question], object]


def build_threadkeep(posts: Path, folder: Path, count: int) -> None:
    from threadkeep.index.whoosh.engine import WhooshEngine

    WhooshEngine(folder).update(documents(posts, 1, count + 1), (), 1)


def ask_threadkeep(folder: Path) -> Ask:
    from datetime import UTC, datetime, timedelta

    from threadkeep.index.whoosh.engine import WhooshEngine
    from threadkeep.query.parser import parse

    engine = WhooshEngine(folder)

    def day(moment: int) -> str:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)).strftime("%Y-%m-%dT%H:%M:%S")

    def typed(question: Question) -> str:
        words = " ".join(question.get("words", ()))
        match question["kind"]:
            case "or":
                return " OR ".join(question["words"])
            case "phrase":
                return f'"{words}"'
            case "prefix":
                return f"{words}*"
            case "fuzzy":
                return f"{words}~"
            case "author+word":
                return f"{words} from:{question['author']}"
            case "date+word":
                return f"{words} since:{day(question['since'])} until:{day(question['until'])}"
            case "tag":
                return f"#{question['tag']}"
        return words

    def ask(question: Question) -> object:
        return engine.search(parse(typed(question)), "newest" if "newest" in question["kind"] else "relevance", TOP)

    return ask


def build_fts5(posts: Path, folder: Path, count: int) -> None:
    """Rows stand in the order in which the posts were written, as in a database that grows.

    So FTS5, too, may stop at the newest; ``posts`` tells which post each row is.
    """
    folder.mkdir()
    connection = sqlite3.connect(folder / "peer.db")
    connection.executescript("""
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA cache_size = -64000;
        CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize='porter unicode61');
        CREATE TABLE posts (place INTEGER PRIMARY KEY, id INTEGER UNIQUE, author TEXT, created INTEGER);
        CREATE TABLE tags (tag TEXT, place INTEGER, PRIMARY KEY (tag, place)) WITHOUT ROWID;
        CREATE INDEX by_author ON posts (author, created);
        CREATE INDEX by_date ON posts (created);
    """)
    with connection:
        for place, post in enumerate(prepared_oldest_first(posts), 1):
            connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (place, post[3]))
            connection.execute("INSERT INTO posts VALUES (?, ?, ?, ?)", (place, post[0], post[5][0], post[9]))
            for tag in post[7]:
                connection.execute("INSERT OR IGNORE INTO tags VALUES (?, ?)", (tag.lower(), place))
    connection.close()


def ask_fts5(folder: Path, total: bool = False) -> Ask:
    """How FTS5 is asked; with ``total`` also how many hits there are, which threadkeep tells each time."""
    connection = sqlite3.connect(folder / "peer.db")
    connection.executescript("PRAGMA cache_size = -64000; PRAGMA mmap_size = 2000000000")
    first = "SELECT place FROM posts WHERE created >= ? ORDER BY created LIMIT 1"
    last = "SELECT place FROM posts WHERE created < ? ORDER BY created DESC LIMIT 1"

    def end(sql: str, moment: int) -> int:
        row = connection.execute(sql, (moment,)).fetchone()
        return row[0] if row else 0

    def found(question: Question) -> tuple[str, str, str, tuple[object, ...]]:
        """Of which rows, on which conditions, in which order; the last row is the newest post."""
        kind, words = question["kind"], question.get("words", [])
        text = (" OR " if kind == "or" else " ").join(f'"{word}"' for word in words)
        match kind:
            case "tag":
                return "tags", "tag = ?", "place DESC", (question["tag"],)
            case "author+word":
                rows = "words JOIN posts ON posts.place = words.rowid"
                return rows, "words MATCH ? AND author = ?", "bm25(words)", (text, question["author"])
            case "date+word":
                ends = end(first, question["since"]), end(last, question["until"])
                return "words", "words MATCH ? AND rowid BETWEEN ? AND ?", "bm25(words)", (text, *ends)
            case "phrase":
                text = f'"{" ".join(words)}"'
            case "prefix":
                text = f"{words[0]}*"
        by_date = "newest" in kind or kind == "prefix"
        return "words", "words MATCH ?", "rowid DESC" if by_date else "rank", (text,)

    def ask(question: Question) -> object:
        if question["kind"] in ("wildcard", "fuzzy"):
            return None
        rows, conditions, order, values = found(question)
        if total:
            connection.execute(f"SELECT count(*) FROM {rows} WHERE {conditions}", values).fetchall()
        place = "place" if rows == "tags" else "rowid"
        best = f"SELECT {place} AS place FROM {rows} WHERE {conditions} ORDER BY {order} LIMIT {TOP}"
        if "JOIN" in rows:
            best = best.replace("rowid AS place", "id")
        else:
            best = f"SELECT id FROM ({best}) JOIN posts USING (place)"
        return connection.execute(best, values).fetchall()

    return ask


def ask_fts5_total(folder: Path) -> Ask:
    return ask_fts5(folder, total=True)


def build_tantivy(posts: Path, folder: Path, count: int) -> None:
    import tantivy

    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    builder.add_text_field("text", stored=False, tokenizer_name="en_stem", index_option="position")
    for name in ("author", "tags"):
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("created", stored=False, indexed=True, fast=True)
    schema = builder.build()
    writer = tantivy.Index(schema, path=str(folder)).writer(heap_size=256_000_000, num_threads=2)
    for post in prepared(posts, 1, count + 1):
        values = {"id": post[0], "text": post[3], "author": post[5][0], "created": post[9]}
        writer.add_document(tantivy.Document.from_dict(values | {"tags": [tag.lower() for tag in post[7]]}, schema))
    writer.commit()
    writer.wait_merging_threads()


def ask_tantivy(folder: Path) -> Ask:
    import tantivy

    index = tantivy.Index.open(str(folder))
    searcher = index.searcher()

    def meant(question: Question) -> Any:
        kind, words = question["kind"], question.get("words", ())
        match kind:
            case "prefix" | "wildcard":
                pattern = words[0].replace("*", ".*") + (".*" if kind == "prefix" else "")
                return tantivy.Query.regex_query(index.schema, "text", pattern)
            case "fuzzy":
                return tantivy.Query.fuzzy_term_query(index.schema, "text", words[0], 1)
            case "tag":
                return tantivy.Query.term_query(index.schema, "tags", question["tag"])
            case "or":
                text = " OR ".join(f'"{word}"' for word in words)
            case "phrase":
                text = f'"{" ".join(words)}"'
            case _:
                text = " AND ".join(words)
        if "author" in question:
            text = f'+({text}) +author:"{question["author"]}"'
        if "since" in question:
            text = f"+({text}) +created:[{question['since']} TO {question['until']}]"
        return index.parse_query(text, ["text"])

    def ask(question: Question) -> object:
        kind = question["kind"]
        by_date = "newest" in kind or kind in ("tag", "prefix", "wildcard", "fuzzy")
        order = {"order_by_field": "created"} if by_date else {}
        hits = searcher.search(meant(question), TOP, count=False, **order).hits
        return [searcher.doc(address)["id"] for _, address in hits]

    return ask


def build_whoosh(posts: Path, folder: Path, count: int) -> None:
    from whoosh import analysis, fields, index

    folder.mkdir()
    schema = fields.Schema(
        id=fields.NUMERIC(int, 64, stored=True, unique=True),
        text=fields.TEXT(analyzer=analysis.StemmingAnalyzer(), stored=True),
        author=fields.ID(stored=True),
        tags=fields.KEYWORD(stored=True, lowercase=True),
        created=fields.NUMERIC(int, 64, stored=True, sortable=True),
    )
    writer = index.create_in(folder, schema).writer()
    for post in prepared(posts, 1, count + 1):
        writer.add_document(id=post[0], text=post[3], author=post[5][0], tags=" ".join(post[7]), created=post[9])
    writer.commit()


def ask_whoosh(folder: Path) -> Ask:
    from whoosh import index, query
    from whoosh.lang.porter import stem

    searcher = index.open_dir(folder).searcher()

    def meant(question: Question) -> Any:
        words = question.get("words", ())
        stems = [stem(word) for word in words]
        terms = [query.Term("text", word) for word in stems]
        match question["kind"]:
            case "prefix":
                return query.Prefix("text", words[0])
            case "wildcard":
                return query.Wildcard("text", words[0])
            case "fuzzy":
                return query.FuzzyTerm("text", words[0], maxdist=1, prefixlength=0)
            case "tag":
                return query.Term("tags", question["tag"])
            case "or":
                return query.Or(terms)
            case "phrase":
                return query.Phrase("text", stems)
        return query.And(terms) if len(terms) > 1 else terms[0]

    def ask(question: Question) -> object:
        options: dict[str, Any] = {}
        if "author" in question:
            options["filter"] = query.Term("author", question["author"])
        if "since" in question:
            options["filter"] = query.NumericRange("created", question["since"], question["until"], endexcl=True)
        if "newest" in question["kind"] or question["kind"] == "tag":
            options |= {"sortedby": "created", "reverse": True}
        return [hit["id"] for hit in searcher.search(meant(question), limit=TOP, **options)]

    return ask

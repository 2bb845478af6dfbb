"""The fallback: any other text as one document, or as the short messages it looks like."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.errors import EmptyDump, UnknownFormat
from threadkeep.parsers.generic import text
from threadkeep.parsers.registry import FALLBACK, parser_for
from threadkeep.records import Account, Boundary, Parsed, Post, account_ref, post_ref
from threadkeep.sources.source import Options, Source

PROSE = (
    "The path follows the old mill race for an hour and then gives up, as the race\n"
    "does, in a field of reeds that was not on any of the maps we had with us that\n"
    "day. We met two people with a dog who had come from the other end. They said\n"
    "the bridge at Farrow is gone. It is not gone; it is under water.\n"
)


def source(tmp_path: Path, content: str, options: Options | None = None) -> Source:
    path = tmp_path / "notes.txt"
    path.write_text(content, "utf-8")
    return Source.from_path(path, options)


def read(tmp_path: Path, content: str, options: Options | None = None) -> list[Parsed]:
    return [record for entry in text.entries(source(tmp_path, content, options)) for record in text.parse(entry)]


def only_posts(records: list[Parsed]) -> list[Post]:
    return [record for record in records if isinstance(record, Post)]


def test_it_is_the_fallback_and_recognizes_nothing(tmp_path: Path) -> None:
    assert text.NAME == FALLBACK
    assert not text.recognizes(source(tmp_path, PROSE))
    assert parser_for(source(tmp_path, PROSE)).NAME == FALLBACK


@pytest.mark.parametrize(
    "content",
    [
        '{"kind": "glaze"}',
        '[\n  {"kind": "glaze"}]\n',
        "[{}]",
        '\ufeff{"a": {"b": 1}}\n{"a": 2}\n',
        '[[{"a": [1',
        "{ }\n",
    ],
)
def test_json_of_no_known_kind_is_nobodys_words(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnknownFormat, match="JSON"):
        parser_for(source(tmp_path, content))


@pytest.mark.parametrize(
    "content", ["{tea} or {coffee}?\n", "[1] Lane, M.: Ash.\n", '{"', "[{note}]: Fired twice.\n", '{"Tea", she said}\n']
)
def test_a_text_that_begins_with_a_bracket_is_a_text(tmp_path: Path, content: str) -> None:
    assert parser_for(source(tmp_path, content)).NAME == FALLBACK


@pytest.mark.parametrize(
    "content",
    [
        PROSE,
        f"{PROSE}\n{PROSE}",
        "milk\neggs\na longer rope",
        "- milk\n- eggs\n- a longer rope",
        "# On rivers\n\nThey rise.\n\n---\n\n## On lakes\n\nThey do not.",
        "def rain():\n    return 1\n\n\ndef sun():\n    return 2\n",
        "name: rain\nkind: weather\nwet: yes\nlong: no\n",
        '{"a": [1, 2]}',
        "id,name\n1,rain\n",
        "x",
    ],
)
def test_a_document_is_one_post_and_nothing_is_concluded(tmp_path: Path, content: str) -> None:
    (post,) = read(tmp_path, content)
    assert post == Post(
        post_ref("text", None, content), None, content.strip(), title="On rivers" if content.startswith("#") else None
    )
    assert text.boundaries(source(tmp_path, content)) == ()


def test_only_a_heading_that_opens_the_text_is_its_title(tmp_path: Path) -> None:
    assert only_posts(read(tmp_path, "# On rivers #\n\nThey rise."))[0].title == "On rivers"
    assert only_posts(read(tmp_path, "They rise.\n\n# On rivers\n\n# More"))[0].title is None
    assert only_posts(read(tmp_path, "#rivers rise"))[0].title is None


def test_short_messages_are_split_and_say_so(tmp_path: Path) -> None:
    content = "The weir is open again!\nBring boots to the field day.\nWho took the long rope? Ivo is asking."
    records = read(tmp_path, content)
    assert "".join("".join(post.text.split()) for post in only_posts(records)) == "".join(content.split())
    assert len(only_posts(records)) > 1
    assert all(post.inferred == ("split",) for post in only_posts(records))
    assert [record for record in records if isinstance(record, Boundary)] == list(
        text.boundaries(source(tmp_path, content))
    )


def test_blocks_between_separators_are_posts(tmp_path: Path) -> None:
    posts = only_posts(read(tmp_path, "a first note\nof two lines\n---\na second note\n---\nand a third"))
    assert [post.text for post in posts] == ["a first note\nof two lines", "a second note", "and a third"]
    assert all(post.inferred == () for post in posts)


def test_a_person_may_split_a_document(tmp_path: Path) -> None:
    assert len(only_posts(read(tmp_path, "milk\neggs\nrope", Options(split="line")))) == 3
    assert len(only_posts(read(tmp_path, f"{PROSE}\n{PROSE}more", Options(split="blank")))) == 2
    assert len(only_posts(read(tmp_path, PROSE, Options(posts=2)))) == 2
    assert [post.text for post in only_posts(read(tmp_path, "milk\neggs\nrope", Options(starts=(1, 3))))] == [
        "milk\neggs",
        "rope",
    ]


def test_the_author_a_person_names_wrote_it(tmp_path: Path) -> None:
    account, post = read(tmp_path, PROSE, Options(author="@ada"))
    assert account == Account(account_ref("text", "ada"), "ada")
    assert isinstance(post, Post)
    assert post.author == account_ref("text", "ada")


def test_a_web_page_is_its_text_and_its_title(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html><head><title>On rivers</title></head><body><p>They rise.</p></body></html>"
    (post,) = only_posts(read(tmp_path, page))
    assert post.title == "On rivers"
    assert "They rise." in post.text
    assert "<p>" not in post.text


def test_an_empty_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmptyDump):
        read(tmp_path, " \n\n ")


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=300).filter(lambda content: bool(content.strip("\0 \t\n\r\f\v\ufeff"))))
def test_any_text_is_read_twice_alike(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    path = tmp_path_factory.mktemp("text") / "notes.txt"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    dump = Source.from_path(path)
    if dump.encoding is None:
        return
    first = [record for entry in text.entries(dump) for record in text.parse(entry)]
    assert first == [record for entry in text.entries(dump) for record in text.parse(entry)]

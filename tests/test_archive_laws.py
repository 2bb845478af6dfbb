"""What holds for every dump whatever is in it: it is refused in words or accounted for, and twice is once."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.archive.archive import Archive
from threadkeep.errors import DumpError
from threadkeep.sources.source import Source

LINES = st.sampled_from(
    [
        "A line that says something, and stops.",
        "🧵(1/3)",
        "(2/3) and so on",
        "https://t.co/abcdefghij",
        "@mira.example.com",
        "mira.example.com",
        "Pinned",
        "Reposted by Mira Lane",
        "120 followers 30 following 9 posts",
        "#tag and @mention, both",
        "---",
        "",
        "Title: and then some words that follow it",
        "[paper] [code]",
        "· 3h",
        '{"type": "post", "platform": "x", "id": "1", "text": "a"}',
        "window.YTD.tweets.part0 = [",
        "<p>markup</p>",
        "\x1b[31m\x00\u202e",
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=40), max_size=25).map("\n".join)


def assert_accounted_for_and_twice_is_once(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "dump")
        path.write_bytes(data)
        with Archive(Path(folder, "archive")) as archive:
            try:
                first = archive.import_(Source.from_path(path))
            except DumpError as error:
                assert str(error)
                assert archive.store.counts()["sources"] == 0
                return
            assert first.adds_up()
            counts, revision = archive.store.counts(), archive.store.revision()
            second = archive.import_(Source.from_path(path))
            assert second.adds_up()
            assert (second.new, second.updated) == (0, 0)
            assert archive.store.counts() == counts
            assert archive.store.revision() == revision


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_any_text_is_accounted_for_and_twice_is_once(text: str) -> None:
    assert_accounted_for_and_twice_is_once(text.encode("utf-8", "replace"))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_in_words_or_accounted_for(data: bytes) -> None:
    assert_accounted_for_and_twice_is_once(data)

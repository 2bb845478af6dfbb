"""A thread's file name is safe on every system, the same every time, and holds the thread's id."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.exporters._filenames import LONGEST, file_name
from threadkeep.records import Ref

anything = st.text(max_size=60)


@pytest.mark.parametrize(
    ("ref", "date", "author", "title", "name"),
    [
        (
            Ref("bluesky", "at://did:plc:abc/app.bsky.feed.post/3kq2aaaaaaa2a"),
            *("2024-05-01", "mira.example.com", "Can we predict… it?"),
            "2024-05-01_mira_can-we-predict-it_bluesky-3kq2aaaaaaa2a.md",
        ),
        (Ref("x", "1785000000000000001"), None, "@Lena_Fires", "", "undated_lena-fires_x-1785000000000000001.md"),
        (
            Ref("x", "~1f0c9ab37d5e2f64"),
            None,
            None,
            "Café “Größe” isn't",
            "undated_cafe-grosse-isnt_x-~1f0c9ab37d5e2f64.md",
        ),
        (
            Ref("mastodon", "https://a.test/@bo/112"),
            "2024",
            "bo@a.test",
            "陶芸の話",
            "2024_bo_陶芸の話_mastodon-112.md",
        ),
        (Ref("x", "1"), None, "aux.example.com", "../../etc", "undated_aux_etc_x-1.md"),
        (Ref("x", "1"), None, None, "🧵👩‍🚀", "undated_x-1.md"),
    ],
)
def test_a_name_is_made_of_date_author_title_and_id(
    ref: Ref, date: str | None, author: str | None, title: str, name: str
) -> None:
    assert file_name(ref, date, author, title, set()) == name


@given(anything, st.text(min_size=1, max_size=80), st.none() | anything, anything)
@settings(max_examples=200, deadline=None)
def test_no_name_holds_what_a_system_forbids(platform: str, id_: str, author: str | None, title: str) -> None:
    name = file_name(Ref(platform, id_), "2024-05-01", author, title, set())
    assert len(name.encode()) <= LONGEST
    stem = name.removesuffix(".md")
    assert stem and not re.search(r'[<>:"/\\|?*\x00-\x20\x7f.\[\]#^%]', stem)
    assert stem == stem.strip(" .-") == unicodedata.normalize("NFC", stem)
    assert name.isprintable()


@given(
    st.sets(st.tuples(st.sampled_from(["x", "X", "bluesky"]), st.text("aAbB-/~", min_size=1, max_size=3)), max_size=20)
)
@settings(max_examples=100, deadline=None)
def test_names_differ_wherever_ids_do_also_where_case_does_not_count(keys: set[tuple[str, str]]) -> None:
    taken: set[str] = set()
    names = [file_name(Ref(*key), None, None, "Same title", taken) for key in sorted(keys)]
    assert len({name.casefold() for name in names}) == len(keys)


def test_two_places_with_one_number_are_two_files() -> None:
    taken: set[str] = set()
    one = file_name(Ref("mastodon", "https://a.test/1"), None, None, "T", taken)
    two = file_name(Ref("mastodon", "https://b.test/1"), None, None, "T", taken)
    assert one == "undated_t_mastodon-1.md"
    assert re.fullmatch(r"undated_t_mastodon-1-[0-9a-f]{12}\.md", two)

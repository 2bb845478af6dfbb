"""Telling posts apart: what a person says is done, what is certain stays certain, nothing of a paste is lost."""

import importlib.util
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.errors import DumpTooLarge
from threadkeep.parsers._segmentation import layout, model, posts
from threadkeep.parsers._segmentation.posts import Segment, boundaries, cut, thread_number
from threadkeep.sources.source import Options

PROJECT = Path(__file__).resolve().parents[3]
SAMPLES = sorted((PROJECT / "benchmarks" / "split_samples").glob("*.txt"))

THREE = "The weir is open again.\n\nBring boots to the field day tomorrow!\n\nWho took the long rope?"

pastes = st.lists(
    st.one_of(
        st.sampled_from(
            ["", "", "---", "===", "🧵", "(1/3)", "2/ then it rained", "- a rope", "https://t.co/a1", "#rivers", "  "]
        ),
        st.text(max_size=60).map(lambda text: text.replace("\n", " ").replace("\r", " ")),
        st.text("ab .!?:,@#/\t\u200b\u202e🧵👇é川", max_size=60),
    ),
    max_size=40,
).map("\n".join)


def visible(text: str) -> str:
    return "".join(text.split())


def texts(segments: list[Segment]) -> list[str]:
    return [segment.text for segment in segments]


STEPS = (
    "1. Flatten the back. Only the last centimetre of it matters, and nobody ever told me so.",
    "2. Pick an angle and stay with it. Twenty-five degrees will do, and so will thirty.\nMine is somewhere between.",
    "3. Take the burr off on leather, cut end grain, and go back to the second step if it does not shine.",
)


def test_numbers_under_the_announcement_of_a_thread_begin_its_posts() -> None:
    paste = "\n".join(("How to sharpen a chisel, by someone who did it wrong for years 🧵", *STEPS))
    assert texts(cut(paste, Options()))[1:] == list(STEPS)


@pytest.mark.parametrize("opening", ["Before you cut, three steps:", "Three steps before the cut 🧵"])
def test_a_numbered_list_that_is_not_announced_or_fits_into_one_post_stays_whole(opening: str) -> None:
    paste = f"{opening}\n1. flatten\n2. sharpen\n3. shine"
    assert texts(cut(paste, Options())) == [paste]


@settings(max_examples=150, deadline=None)
@given(pastes)
def test_every_visible_character_lands_in_exactly_one_post(paste: str) -> None:
    wanted = "\n".join(line for line in paste.split("\n") if not layout.is_rule(line) and not layout.is_blank(line))
    shown = "\n".join(
        line for segment in cut(paste, Options()) for line in segment.text.split("\n") if not layout.is_blank(line)
    )
    assert visible(shown) == visible(wanted)


@settings(max_examples=100, deadline=None)
@given(pastes, st.sampled_from(["auto", "line", "blank", "marker"]), st.none() | st.integers(1, 50))
def test_lines_keep_their_order_and_belong_to_one_post(paste: str, split: str, count: int | None) -> None:
    segments = cut(paste, Options(split=split, posts=count))  # type: ignore[arg-type]  # drawn from the allowed values
    edges = [edge for segment in segments for edge in (segment.first, segment.last)]
    assert edges == sorted(edges)
    assert all(before.last < after.first for before, after in pairwise(segments))
    assert all(segment.text for segment in segments)


@settings(max_examples=100, deadline=None)
@given(pastes)
def test_reading_twice_gives_the_same(paste: str) -> None:
    assert cut(paste, Options()) == cut(paste, Options())


@settings(max_examples=100, deadline=None)
@given(pastes, st.sets(st.integers(1, 45)))
def test_the_starts_a_person_gives_are_the_starts(paste: str, wanted: set[int]) -> None:
    segments = cut(paste, Options(starts=tuple(wanted)))
    lines = [row.number for row in layout.read_rows(paste.split("\n"))]
    expected = {min((line for line in lines if line >= start), default=0) for start in wanted} | set(lines[:1])
    assert {segment.first for segment in segments} == expected - {0}
    assert all(segment.stated and not segment.doubts for segment in segments)
    assert all(boundary.band == "sure" for boundary in boundaries(segments))


@settings(max_examples=100, deadline=None)
@given(pastes, st.integers(1, 12))
def test_as_many_posts_as_told_unless_separators_say_more(paste: str, count: int) -> None:
    rows = layout.read_rows(paste.split("\n"))
    separated = sum(index == 0 or row.space in model.SEPARATES for index, row in enumerate(rows))
    assert len(cut(paste, Options(posts=count))) == min(len(rows), max(count, separated))


@settings(max_examples=50, deadline=None)
@given(pastes)
def test_probabilities_are_probabilities(paste: str) -> None:
    chances = model.start_probabilities(layout.read_rows(paste.split("\n")))
    assert all(0.0 <= chance <= 1.0 for chance in chances)


def test_separators_are_of_no_post_and_certain() -> None:
    segments = cut("One line\nand its second\n---\nAnother\n=====\n\n***\nThe last\n___", Options())
    assert texts(segments) == ["One line\nand its second", "Another", "The last"]
    assert all(segment.stated for segment in segments)
    assert [boundary.band for boundary in boundaries(segments)] == ["sure", "sure"]


def test_several_blank_lines_separate_and_single_ones_part_paragraphs() -> None:
    posts_ = [
        "We walked the whole of the Linden in the rain.\n\nIt is longer than it looks on the map.",
        "Two lessons from the gauge at Farrow:\n\n- it freezes before the river does\n- nobody believes it",
        "The bridge is not gone; it is under water.\n\nFor walkers that comes to the same thing.",
    ]
    segments = cut("\n\n\n".join(posts_), Options())
    assert texts(segments) == posts_
    assert all(segment.stated for segment in segments)


def test_blank_lines_between_whole_posts_separate() -> None:
    assert len(cut(THREE, Options())) == 3


def test_blank_lines_inside_posts_do_not_separate() -> None:
    paste = (
        "We mapped every ditch in the province. (1/3)\n"
        "Half of them are on no map.\n\nWe checked by walking them, in boots, for a whole wet spring. (2/3)\n"
        "All of it is free to use\n\nhttps://t.co/d1tch (3/3)"
    )
    assert [segment.first for segment in cut(paste, Options())] == [1, 2, 5]


def test_blank_lines_inside_a_post_are_kept() -> None:
    (segment,) = cut("A line\n\n  and another  \n\n", Options(starts=()))
    assert segment.text == "A line\n\n  and another"


@pytest.mark.parametrize(
    ("split", "count"),
    [("line", 4), ("blank", 2), ("marker", 2)],
)
def test_a_person_may_say_how(split: str, count: int) -> None:
    paste = "Gauges freeze. (1/2)\nWeirs do not\n\nbut they creak\nall night"
    segments = cut(paste, Options(split=split))  # type: ignore[arg-type]  # one of the allowed values
    assert len(segments) == count
    assert all(segment.stated for segment in segments)


def test_marks_above_their_posts_are_understood() -> None:
    paste = "(1/2)\nGauges freeze\nat night\n(2/2)\nWeirs do not"
    assert [segment.first for segment in cut(paste, Options(split="marker"))] == [1, 4]
    assert [segment.first for segment in cut(paste, Options())] == [1, 4]


def test_an_uncut_doubtful_gap_is_told() -> None:
    found = [boundary for path in SAMPLES for boundary in boundaries(cut(unlabelled(path), Options()))]
    assert {boundary.band for boundary in found if not boundary.starts} == {"check"}
    assert {boundary.band for boundary in found if boundary.starts} == {"sure", "likely", "check"}


def test_a_concluded_post_is_not_stated() -> None:
    segments = cut("The weir is open.\nBring boots!\n---\nWho took the rope?", Options(posts=3))
    assert [segment.stated for segment in segments] == [False, False, True]


def test_a_long_block_between_separators_may_be_one_post() -> None:
    verse = "\n".join(f"verse {number} of a long song," for number in range(60))
    segments = cut(f"Short one.\n---\n{verse}\n---\nAnother short one.\n---\nAnd one more.", Options())
    assert len(segments) == 4


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(1/5) Dams open", (1, 5)),
        ("Dams open\nat night (2/5)", (2, 5)),
        ("Dams open\n🧵(1 / N)", (1, None)),
        ("3/ Spelling", (3, None)),
        ("(1/4)\nDams open", (1, 4)),
        ("no number 24/7", None),
        ("", None),
    ],
)
def test_the_number_of_a_post_in_its_thread(text: str, number: tuple[int, int | None] | None) -> None:
    assert thread_number(text) == number


def test_numbers_follow_only_in_one_thread() -> None:
    assert posts.follows("Rain (1/5)", "More rain (2/5)")
    assert posts.follows("1/ Rain", "2/ More rain")
    assert not posts.follows("Rain (1/5)", "More rain (3/5)")
    assert not posts.follows("Rain (1/5)", "More rain (2/6)")
    assert not posts.follows("Rain", "More rain (2/6)")


def test_windows_join_without_a_seam() -> None:
    thread = "\n".join(
        f"Reading number {number} of the gauge at Farrow, taken in the rain. ({number}/99)" for number in range(1, 99)
    )
    paste = "\n".join([thread] * 15)
    assert len(paste.split("\n")) > 2 * model.WINDOW
    assert len(cut(paste, Options())) == 98 * 15


def test_a_paste_beyond_measure_is_refused() -> None:
    with pytest.raises(DumpTooLarge, match="lines"):
        cut("a\n" * (posts.MOST_LINES + 1), Options())


def unlabelled(path: Path) -> str:
    return "\n".join(line for line in path.read_text("utf-8").split("\n") if line.strip() and not layout.is_rule(line))


def test_the_samples_are_split_better_than_by_simple_rules() -> None:
    spec = importlib.util.spec_from_file_location("split_benchmark", PROJECT / "benchmarks" / "split.py")
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    pastes = [benchmark.labelled(path, blank_lines=False) for path in SAMPLES]
    scores = {
        name: benchmark.f1([(true, way(text, count)) for text, true, count in pastes])
        for name, way in benchmark.WAYS.items()
    }
    assert scores["threadkeep"] > 0.7
    assert scores["threadkeep"] > max(scores["every line a post"], scores["(k/n) and 🧵 only"]) + 0.05

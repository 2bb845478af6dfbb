import random
import tempfile
from itertools import pairwise
from pathlib import Path

from bluesky_dump import MIRA, PROFILE, Dump, head, reader
from hypothesis import given, settings
from hypothesis import strategies as st
from seed_samples import SEEDS

from threadkeep.parsers.bluesky._paste_lines import classify_lines, strip_marks
from threadkeep.records import Account, Parsed, Post
from threadkeep.text.entities import find_links

SAMPLES = [(SEEDS / "bluesky-text" / name).read_text("utf-8") for name in ("bluesky-profile.txt", "bluesky-thread.txt")]

# Words that no rule looks at, so that a body made of them is nothing but a body.
WORDS = st.sampled_from("ash kiln glaze 🏺 wood Ghent später 釉薬 don’t 1900s (half) bowls".split())
LINES = st.lists(WORDS, min_size=2, max_size=5).map(" ".join)
BODIES = st.lists(LINES, min_size=1, max_size=3).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n"]).map(lambda j: j.join(lines))
)
PIECES = st.sampled_from(
    ["Pinned", "Reposted by Mira Lane", "Reposted by you", "Replied to Odo", MIRA, f"@{MIRA}", "odo.bsky.social", "Odo",
     "nytimes.com", "·", "3h", "· 3h", "12", "ALT", "1.2K", "12 reposts", "May 4, 2024 at 9:12 PM", "Show more", "",
     "Adult Content", "Show", "Posts", "1 followers 2 following 3 posts", "How I fire 🧵", "2/3 then", "https://t.co/a",
     "Mira Lane @mira.example.com · 3h", "Transcript of it: yes", "\u202a", "Translate", "0:32", "Follow", "x" * 320]
)  # fmt: skip


def read(text: str) -> Dump:
    with tempfile.TemporaryDirectory() as folder:
        return reader(Path(folder))(text)


def assert_nothing_is_lost(text: str, dump: Dump) -> None:
    """Every line stands in one entry, in order; what somebody wrote in it stands in the records of that entry."""
    lines = classify_lines(text.split("\n"))
    kept = [line.text for entry in dump.entries for line in classify_lines(entry.raw.split("\n"))]
    assert kept == [line.text for line in lines]
    shown = "\n".join(words_of(record) for record in dump.records)
    skipped = {skipped.locator for skipped in dump.skipped}
    for entry in dump.entries:
        own = classify_lines(entry.raw.split("\n"))
        names = {above.text for above, below in pairwise(own) if below.kind in ("at", "handle")}
        for line in own:
            of_app = line.kind != "text" or "·" in line.text or "followers" in line.text or line.text == "Show"
            assert of_app or line.text in names or entry.locator in skipped or line.text in shown


def words_of(record: Parsed) -> str:
    if isinstance(record, Account):
        return f"{record.name}\n{record.bio}"
    if isinstance(record, Post):
        parts = [record.text, record.warning, *(media.alt for media in record.media)]
        parts += [part for link in record.links for part in (link.url, link.title, link.text)]
        return "\n".join(strip_marks(line) for part in parts for line in (part or "").split("\n"))
    return ""


@settings(max_examples=100, deadline=None)
@given(
    st.lists(BODIES, min_size=1, max_size=6, unique_by=lambda body: " ".join(body.split())),
    st.sampled_from([f"{MIRA}\n", head("Mira Lane", MIRA, "3h")]),
)
def test_every_body_comes_back_as_it_was_written(bodies: list[str], above: str) -> None:
    dump = read(PROFILE + "".join(f"{above}{body}\n" for body in bodies))
    assert dump.texts == bodies
    assert dump.skipped == []


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | LINES, min_size=1, max_size=25))
def test_no_order_of_lines_loses_one(pieces: list[str]) -> None:
    text = "\n".join([*pieces, "end"])
    dump = read(text)
    assert_nothing_is_lost(text, dump)
    assert read(text).records == dump.records


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False))
def test_a_sample_cut_and_shuffled_loses_no_line(sample: str, chance: random.Random) -> None:
    lines = ["Odo", *(line for line in sample.split("\n") if chance.random() > 0.1)]
    for _ in range(chance.randrange(6)):
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    text = "\n".join(lines)
    dump = read(text)
    assert_nothing_is_lost(text, dump)
    assert read(text).records == dump.records


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.sampled_from("aé.@#·/ \n\u202a🧵1:") | st.characters(exclude_categories=["Cs", "Cc"]),
        min_size=1,
        max_size=80,
    )
)
def test_any_text_is_read_twice_alike(text: str) -> None:
    text += "end"
    dump = read(text)
    assert read(text).records == dump.records
    for post in dump.posts:
        assert post.links[: len(find_links(post.text))] == find_links(post.text)


def test_dumps_of_one_line_a_hundred_thousand_times_are_read() -> None:
    # A quadratic step would take hours here.
    for line in (
        "ALT",
        "Pinned",
        MIRA,
        "nytimes.com",
        f"Odo\n@{MIRA}",
        "12 reposts",
        "Screenshot of a kiln that is seen from afar",
    ):
        text = f"{MIRA}\nHello.\n" + f"{line}\n" * 20_000 + "the end is here"
        dump = read(text)
        assert any("the end is here" in words_of(record) for record in dump.records)

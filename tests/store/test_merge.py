"""Merging is a function of the set of captures: neither order nor repetition counts, and nothing gets poorer."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.records import Account, Link, Media, Post, Ref, When
from threadkeep.store.merge import merged

REF = Ref("bluesky", "at://did:plc:a/app.bsky.feed.post/1")
words = st.sampled_from(["", "a", "ab", "abc…"])
maybe = st.none() | st.sampled_from(["u", "v", "longer"])
whens = st.none() | st.builds(
    When,
    st.sampled_from([datetime(2024, 5, day, tzinfo=UTC) for day in (1, 2)]),
    st.sampled_from(["second", "day", "month", "year"]),
    st.sampled_from(["stated", "derived"]),
)
captures = st.builds(
    Post,
    ref=st.just(REF),
    author=st.none() | st.sampled_from([Ref("bluesky", "~ada"), Ref("bluesky", "did:plc:a")]),
    text=words,
    title=maybe,
    created=whens,
    url=maybe,
    reply_to=st.none() | st.sampled_from([Ref("bluesky", "~1"), Ref("bluesky", "at://x")]),
    links=st.lists(st.builds(Link, maybe, maybe, maybe), max_size=2).map(tuple),
    media=st.lists(st.builds(Media, st.just("image"), maybe, maybe, maybe), max_size=2).map(tuple),
    tags=st.lists(st.sampled_from("pq"), max_size=2, unique=True).map(tuple),
    counts=st.dictionaries(st.sampled_from(["likes", "views"]), st.integers(0, 9)),
    inferred=st.lists(st.sampled_from(["split", "thread", "truncated"]), max_size=3, unique=True)
    .map(sorted)
    .map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(shown=st.lists(captures, min_size=1, max_size=4), data=st.data())
def test_order_and_repetition_do_not_count(shown: list[Post], data: st.DataObject) -> None:
    once = merged(shown)
    assert merged(data.draw(st.permutations(shown))) == once
    assert merged([*shown, shown[0]]) == once


@settings(max_examples=200, deadline=None)
@given(shown=st.lists(captures, min_size=1, max_size=4))
def test_what_any_capture_knows_the_merged_record_knows(shown: list[Post]) -> None:
    both = merged(shown)
    for name in ("author", "title", "created", "url", "reply_to"):
        if any(getattr(capture, name) is not None for capture in shown):
            assert getattr(both, name) is not None
    whole = [capture.text for capture in shown if "truncated" not in capture.inferred]
    assert len(both.text) == max(map(len, whole or [capture.text for capture in shown]))
    assert bool(both.media) == any(capture.media for capture in shown)


def test_a_stated_date_beats_a_derived_one_and_a_precise_one_both() -> None:
    def at(day: int, precision: str, origin: str) -> Post:
        return Post(REF, None, "a", created=When(datetime(2024, 5, day, tzinfo=UTC), precision, origin))  # type: ignore[arg-type]

    assert merged([at(1, "second", "derived"), at(2, "day", "stated")]).created == at(1, "second", "derived").created
    assert merged([at(1, "second", "derived"), at(2, "second", "stated")]).created == at(2, "second", "stated").created
    assert merged([at(1, "second", "derived"), at(2, "day", "stated")]).inferred == ("created",)


def test_accounts_keep_the_fullest_of_each_field() -> None:
    old = Account(Ref("x", "1"), "ada", None, "short", None, 10)
    new = Account(Ref("x", "1"), "ada", "Ada", None, "https://example.com", 12)
    assert merged([old, new]) == Account(Ref("x", "1"), "ada", "Ada", "short", "https://example.com", 12)

"""Dumps of the API v1.1: posts in every wrapping, retweets unwrapped, what they quote under its own author."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parser_reading import Reading, is_sound, read, read_json

from threadkeep.errors import DumpError
from threadkeep.parsers.x import api_v1 as x_api_v1
from threadkeep.records import Account, Post, Ref, Repost
from threadkeep.sources.source import Source

MIRA = {"id_str": "12", "screen_name": "mira", "name": "Mira"}
ODO = {"id_str": "13", "screen_name": "odo", "name": "Odo"}
AT = "Wed May 01 12:00:00 +0000 2019"


def tweet(id_: int, text: str = "Tea", user: object = None, **more: object) -> dict[str, object]:
    return {"id": id_, "id_str": str(id_), "created_at": AT, "text": text, "user": user or MIRA, "entities": {}, **more}


@pytest.mark.parametrize(
    ("name", "counted"),
    [  # posts, replies, quotes, with media, with alt text, truncated
        ("extended_tweet_in_compat_mode", (1, 0, 0, 0, 0, 1)),
        ("extended_tweet_in_extended_mode", (1, 0, 0, 1, 0, 0)),
        ("get_replies", (20, 0, 0, 14, 0, 0)),
        ("get_status_ext_alt", (1, 0, 0, 1, 1, 0)),
        ("get_user_timeline", (20, 8, 1, 4, 0, 0)),
        ("status_quoted_tweet", (1, 0, 1, 0, 0, 1)),
    ],
)
def test_real_dumps_give_what_was_counted_in_them(shared: Path, name: str, counted: tuple[int, ...]) -> None:
    path = shared / "dumps" / "x-api-v1" / f"python-twitter_{name}.json"
    assert x_api_v1.recognizes(Source.from_path(path))
    reading = read(x_api_v1, path)
    assert not reading.problems
    assert is_sound(reading)
    # A quoted post stands inside the one that quotes it.
    inside = {ref.id for post in reading.posts for ref in post.quotes}
    outside = [post for post in reading.posts if post.ref.id not in inside]
    assert (
        len(outside),
        sum(post.reply_to is not None for post in outside),
        sum(bool(post.quotes) for post in outside),
        sum(bool(post.media) for post in outside),
        sum(any(item.alt for item in post.media) for post in outside),
        sum("truncated" in post.inferred for post in outside),
    ) == counted
    assert len(reading.posts) == len(outside) + len(inside)


def test_the_sample_gives_posts_a_repost_and_a_quoted_post(seeds: Path) -> None:
    reading = read(x_api_v1, seeds / "x-api-v1/x-api-v1.json")
    assert not reading.problems
    assert is_sound(reading)
    assert (len(reading.posts), len(reading.reposts), len(reading.accounts)) == (6, 1, 2)
    first = reading.posts[0]
    assert first.text == "Ash & salt, night three 🔥 the cones are down: https://t.co/ashTable01 #woodfire"
    assert [media.alt for media in first.media] == ["Cones bent over in a glowing kiln", None]
    assert reading.reposts[0].post == first.ref
    assert sum("truncated" in post.inferred for post in reading.posts) == 1


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(tweet(1)),
        json.dumps(tweet(1), indent=2),
        json.dumps([tweet(1), tweet(2)]),
        json.dumps([tweet(1), tweet(2)], indent=1),
        f"[{json.dumps(tweet(1))},\n{json.dumps(tweet(2))}]",
        json.dumps({"statuses": [tweet(1), tweet(2)], "search_metadata": {"count": 2}}),
        json.dumps({"search_metadata": {"count": 2}, "statuses": [tweet(1), tweet(2)]}, indent=2),
        f"{json.dumps(tweet(1))}\n\n{json.dumps(tweet(2))}",
        f"\ufeff{json.dumps(tweet(1))}\r\n{json.dumps(tweet(2))}\r\n",
        f'{{"broken\n{json.dumps(tweet(1))}\n{json.dumps(tweet(2))}\n',
        f"{json.dumps([tweet(1)])}\n{json.dumps([tweet(2)])}\n",
    ],
    ids=["one", "one printed", "list", "list printed", "a line each", "search", "search printed", "lines",
         "CRLF and BOM", "a broken first line", "lines of lists"],
)  # fmt: skip
def test_every_wrapping_is_recognized_and_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dump.json"
    path.write_bytes(text.encode())
    assert x_api_v1.recognizes(Source.from_path(path))
    reading = read(x_api_v1, path)
    assert [post.ref.id for post in reading.posts] == (["1", "2"] if "2" in text[120:] and '"id": 2' in text else ["1"])
    assert len(reading.problems) == ("broken" in text)


def test_utf_16_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_bytes(json.dumps([tweet(1, "Kiln 🔥 für é"), tweet(2)], ensure_ascii=False).encode("utf-16"))
    assert x_api_v1.recognizes(Source.from_path(path))
    assert [post.text for post in read(x_api_v1, path).posts] == ["Kiln 🔥 für é", "Tea"]


def test_a_retweet_is_a_repost_of_a_post_by_its_own_author(tmp_path: Path) -> None:
    original = tweet(1, "Salt", ODO)
    reading = read_json(x_api_v1, tmp_path, tweet(2, "RT @odo: Sa…", retweeted_status=original))
    assert reading.all(Account) == [Account(Ref("x", "12"), "mira", "Mira"), Account(Ref("x", "13"), "odo", "Odo")]
    assert [(repost.account.id, repost.post.id) for repost in reading.reposts] == [("12", "1")]
    assert reading.reposts[0].created is not None
    assert [(post.text, post.author) for post in reading.posts] == [("Salt", Ref("x", "13"))]


def test_what_a_retweet_quotes_is_kept_too(tmp_path: Path) -> None:
    quoted = tweet(1, "Ash")
    original = tweet(2, "See", ODO, quoted_status=quoted, quoted_status_id_str="1")
    reading = read_json(x_api_v1, tmp_path, tweet(3, "RT @odo: See", retweeted_status=original, quoted_status=quoted))
    assert [post.ref.id for post in reading.posts] == ["2", "1"]
    assert reading.post("2").quotes == (Ref("x", "1"),)


def test_a_quoted_post_that_is_not_there_is_still_named(tmp_path: Path) -> None:
    reading = read_json(x_api_v1, tmp_path, tweet(2, is_quote_status=True, quoted_status_id_str="1"))
    assert reading.post("2").quotes == (Ref("x", "1"),)


def test_what_a_stream_says_between_posts_is_told_apart(tmp_path: Path) -> None:
    deletion = {"delete": {"status": {"id": 7, "id_str": "7", "user_id": 12, "user_id_str": "12"}, "timestamp_ms": "1"}}
    reading = read_json(x_api_v1, tmp_path, tweet(1), deletion, {"limit": {"track": 5}}, {"friends": [1]}, {"odd": 1})
    assert reading.gaps == {"7": "deleted"}
    assert reading.skipped == ["streaming notice 'limit'", "streaming notice 'friends'"]
    assert list(reading.problems) == ["line 5"]


def test_accounts_come_with_their_last_post(tmp_path: Path) -> None:
    user = {**MIRA, "followers_count": 3, "status": {key: value for key, value in tweet(1).items() if key != "user"}}
    path = tmp_path / "dump.json"
    path.write_text(json.dumps({"users": [user, {**ODO, "followers_count": 4}], "next_cursor": 0}))
    assert x_api_v1.recognizes(Source.from_path(path))
    reading = read(x_api_v1, path)
    assert [account.handle for account in reading.accounts] == ["mira", "odo"]
    assert [post.author for post in reading.posts] == [Ref("x", "12")]


def test_the_author_may_be_known_by_id_alone(tmp_path: Path) -> None:
    bare = {key: value for key, value in tweet(1).items() if key != "user"}
    reading = read_json(x_api_v1, tmp_path, {**bare, "user_id_str": "12"})
    assert [(post.author, post.url) for post in reading.posts] == [(Ref("x", "12"), None)]


def test_one_bad_post_does_not_hide_the_others_nor_its_account(tmp_path: Path) -> None:
    reading = read_json(x_api_v1, tmp_path, tweet(1, entities=[]), {**tweet(2), "id_str": None, "id": []}, tweet(3))
    assert reading.problems.keys() == {"line 1", "line 2"}
    assert "entities" in reading.problems["line 1"]
    assert "'id'" in reading.problems["line 2"]
    assert [record.ref.id for record in reading.parsed if isinstance(record, Account | Post)] == ["12", "3"]


def test_posts_whose_ids_lost_digits_stay_posts_of_their_own(tmp_path: Path) -> None:
    lost = {"id_str": None, "id": 1.5e18}
    reading = read_json(x_api_v1, tmp_path, *({**tweet(n), **lost, "text": f"Kiln {n}"} for n in (1, 2)))
    assert not reading.problems
    assert [(post.text, post.ref.is_native, post.inferred) for post in reading.posts] == [
        ("Kiln 1", False, ("id",)),
        ("Kiln 2", False, ("id",)),
    ]
    named = {**tweet(1), **lost, "url": "https://twitter.com/mira/status/1500000000000000123"}
    assert [post.ref for post in read_json(x_api_v1, tmp_path, named).posts] == [Ref("x", "1500000000000000123")]


def test_a_list_that_is_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text(json.dumps([tweet(1), tweet(2), tweet(3)])[:-40])
    reading = read(x_api_v1, path)
    assert [post.ref.id for post in reading.posts] == ["1", "2"]
    assert isinstance(reading.broken, DumpError)


def test_nesting_without_end_is_read_or_refused_but_never_crashes(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    for depth in (400, 100_000):
        deep = '{"retweeted_status":' * depth + json.dumps(tweet(1)) + "}" * depth
        path.write_text(f"{json.dumps(tweet(2))}\n{deep}\n")
        reading = read(x_api_v1, path)
        assert [post.ref.id for post in reading.posts] == ["2"]
        assert reading.problems.keys() == {"line 2"}


def test_retweets_within_retweets_come_out_one_by_one(tmp_path: Path) -> None:
    chain = tweet(0)
    for number in range(1, 200):
        chain = tweet(number, quoted_status=chain, quoted_status_id_str=str(number - 1))
    assert len(read_json(x_api_v1, tmp_path, chain).posts) == 200


def test_a_text_of_a_megabyte_is_read(tmp_path: Path) -> None:
    text = "&amp; @x https://t.co/ab #y " * 40_000
    reading = read_json(x_api_v1, tmp_path, tweet(1, text))
    assert reading.posts[0].text == text.replace("&amp;", "&")


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**70) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "text", "url", "urls"]), inner),
    max_leaves=5,
)
KEYS = (
    "id id_str created_at text full_text user entities extended_entities retweeted_status quoted_status lang card "
    "quoted_status_id in_reply_to_status_id favorite_count extended_tweet delete statuses".split()
)


@given(st.dictionaries(st.sampled_from(KEYS), SHAPES, min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_post_it_is_read_or_a_problem_in_words(
    tmp_path_factory: pytest.TempPathFactory, change: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("api") / "tweets.jsonl"
    path.write_text(json.dumps({**tweet(1), **change}), encoding="utf-8")
    reading = Reading()
    try:
        for entry in x_api_v1.entries(Source.from_path(path)):
            try:
                reading.parsed += x_api_v1.parse(entry)
            except ValueError as error:
                assert str(error)
    except DumpError as error:
        assert "should begin" in str(error)
        assert change.keys() & {"statuses", "users"}
    assert is_sound(reading) or "text" in change or "full_text" in change
    assert all(isinstance(item, Account | Post | Repost) or "delete" in change for item in reading.parsed)

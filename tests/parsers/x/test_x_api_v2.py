"""Dumps of the API v2: pages with what they include, flat lines, errors, and versions of edited posts."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parser_reading import is_sound, read, read_json

from threadkeep.parsers.x import api_v2 as x_api_v2
from threadkeep.records import Pin, Post, Ref, When
from threadkeep.sources.source import Source

AT = "2022-10-03T17:57:11.000Z"
MIRA = {"id": "12", "username": "mira", "name": "Mira", "public_metrics": {"followers_count": 3}}
ODO = {"id": "13", "username": "odo", "name": "Odo"}


def tweet(id_: int, text: str = "Tea", author: str = "12", **more: object) -> dict[str, object]:
    return {"id": str(id_), "text": text, "author_id": author, "created_at": AT, "conversation_id": str(id_), **more}


def page(*data: dict[str, object], errors: object = None, **includes: object) -> dict[str, object]:
    found: dict[str, object] = {"data": list(data), "includes": {"users": [MIRA, ODO], **includes}}
    return found | ({"errors": errors} if errors else {})


def refers(kind: str, id_: int) -> dict[str, str]:
    return {"type": kind, "id": str(id_)}


@pytest.mark.parametrize(
    ("name", "union", "counted"),
    [  # retweets, earlier versions, damaged lines, errors of the API
        ("edited", 2, (0, 1, 0, 0)),
        ("media_tweet", 1, (0, 0, 0, 0)),
        ("noflat", 164, (47, 0, 0, 1)),
        ("quoted_edit", 3, (0, 1, 0, 0)),
        ("streaming_output_with_error", 11, (0, 0, 1, 0)),
        ("two_tweets", 2, (1, 0, 0, 0)),
    ],
)
def test_real_dumps_give_every_post_that_was_counted_in_them(
    shared: Path, name: str, union: int, counted: tuple[int, ...]
) -> None:
    path = shared / "dumps" / "x-api-v2" / f"twarc-csv_{name}.jsonl"
    assert x_api_v2.recognizes(Source.from_path(path))
    reading = read(x_api_v2, path)
    assert is_sound(reading)
    earlier = [edit.id for post in reading.posts for edit in post.edits]
    errors = [reason for reason in reading.skipped if reason.startswith("API error")]
    assert (len(reading.reposts), len(earlier), len(reading.problems), len(errors)) == counted
    # Every post of the dump is one here, a repost, or a version in the history of one.
    assert len(reading.posts) + len(reading.reposts) + len(earlier) == union
    assert not any("truncated" in post.inferred for post in reading.posts)


def test_real_replies_and_quotes_are_counted(shared: Path) -> None:
    path = shared / "dumps" / "x-api-v2" / "twarc-csv_noflat.jsonl"
    data = {item["id"] for item in json.loads(path.read_text("utf-8"))["data"]}
    posts = [post for post in read(x_api_v2, path).posts if post.ref.id in data]
    assert sum(post.reply_to is not None for post in posts) == 31
    assert sum(bool(post.quotes) for post in posts) == 8


def test_the_sample_holds_pages_flat_lines_and_a_stream(seeds: Path) -> None:
    reading = read(x_api_v2, seeds / "x-api-v2/x-api-v2.jsonl")
    assert not reading.problems
    assert is_sound(reading)
    assert (len(reading.posts), len(reading.reposts)) == (8, 2)
    assert sorted(reading.gaps.values()) == ["not found", "private"]
    assert [media.url for post in reading.posts for media in post.media if media.kind == "video"] == [
        "https://video.example.com/pour-large.mp4"
    ]


def test_a_post_may_answer_one_and_quote_another(tmp_path: Path) -> None:
    both = tweet(3, "Yes", conversation_id="1", referenced_tweets=[refers("quoted", 2), refers("replied_to", 1)])
    post = read_json(x_api_v2, tmp_path, page(both)).post("3")
    assert (post.reply_to, post.quotes, post.root) == (Ref("x", "1"), (Ref("x", "2"),), Ref("x", "1"))


def test_a_retweet_takes_its_original_from_the_page(tmp_path: Path) -> None:
    cut = tweet(2, "RT @odo: Salt and a…", referenced_tweets=[refers("retweeted", 1)])
    reading = read_json(x_api_v2, tmp_path, page(cut, tweets=[tweet(1, "Salt and ash", "13")]))
    assert [(repost.account.id, repost.post.id) for repost in reading.reposts] == [("12", "1")]
    assert [(post.text, post.author, post.inferred) for post in reading.posts] == [("Salt and ash", Ref("x", "13"), ())]


def test_an_original_the_page_lacks_is_read_from_the_retweet_and_is_cut(tmp_path: Path) -> None:
    entities = {"mentions": [{"start": 3, "end": 7, "username": "odo", "id": "13"}]}
    id_ = 1576995118248886272
    cut = tweet(2, "RT @odo: Salt and a…", entities=entities, referenced_tweets=[refers("retweeted", id_)])
    reading = read_json(x_api_v2, tmp_path, page(cut))
    post = reading.post(str(id_))
    assert (post.text, post.author, post.mentions) == ("Salt and a…", Ref("x", "13"), ())
    assert post.inferred == ("created", "truncated")
    assert isinstance(post.created, When)
    assert post.created.origin == "derived"


def test_versions_on_one_page_are_one_post_with_its_history(tmp_path: Path) -> None:
    history = {"edit_history_tweet_ids": ["1", "2", "3"]}
    newest, old, older = (tweet(id_, text, **history) for id_, text in ((3, "bread"), (2, "bred"), (1, "brd")))
    quoting = tweet(9, "See", "13", referenced_tweets=[refers("quoted", 1), refers("replied_to", 2)])
    reading = read_json(x_api_v2, tmp_path, page(quoting, old, tweets=[newest, older]))
    assert [post.ref.id for post in reading.posts] == ["9", "3"]
    assert [(edit.id, edit.text) for edit in reading.post("3").edits] == [("1", "brd"), ("2", "bred")]
    assert reading.post("9").quotes == (Ref("x", "3"),)
    assert reading.post("9").reply_to == Ref("x", "3")
    assert len(reading.skipped) == 2


def test_a_version_alone_is_a_post(tmp_path: Path) -> None:
    reading = read_json(x_api_v2, tmp_path, page(tweet(2, edit_history_tweet_ids=["1", "2"])))
    assert [(post.ref.id, post.edits) for post in reading.posts] == [("2", ())]


def test_links_media_alt_text_and_polls_are_read(tmp_path: Path) -> None:
    text = "Tea &amp; kilns https://t.co/a1 https://t.co/m1"
    start = text.index("https://t.co/a1")
    urls = [
        {"start": start, "end": start + 15, "url": "https://t.co/a1", "expanded_url": "https://example.com/",
         "title": "Ex"},
        *(
            {"start": start + 16, "end": start + 31, "url": "https://t.co/m1", "display_url": "pic.twitter.com/m1",
             "expanded_url": f"https://twitter.com/mira/status/1/photo/{number}"}
            for number in (1, 2)
        ),
    ]  # fmt: skip
    entities = {
        "urls": urls,
        "hashtags": [{"start": 0, "end": 3, "tag": "tea"}],
        "annotations": [{"start": 0, "end": 2}],
    }
    attached = {"media_keys": ["3_1", "16_2", "7_3"], "poll_ids": ["8"]}
    media = [{"media_key": "3_1", "type": "photo", "url": "https://pbs.example.com/a.jpg", "alt_text": "A kiln"}]
    polls = [{"id": "8", "options": [{"position": 1, "label": "Raku"}, {"position": 2, "label": "Salt"}]}]
    post = read_json(
        x_api_v2, tmp_path, page(tweet(1, text, entities=entities, attachments=attached), media=media, polls=polls)
    ).post("1")
    assert post.text == "Tea & kilns https://t.co/a1"
    assert [option.text for option in post.poll] == ["Raku", "Salt"]
    assert [(link.url, link.title, post.text[link.start : link.end]) for link in post.links] == [
        ("https://example.com/", "Ex", "https://t.co/a1")
    ]
    assert [(item.kind, item.url, item.alt) for item in post.media] == [
        ("image", "https://pbs.example.com/a.jpg", "A kiln"), ("gif", None, None), ("video", None, None)
    ]  # fmt: skip
    assert post.tags == ("tea",)


def test_a_long_post_is_its_note(tmp_path: Path) -> None:
    note = {"text": "The whole of it https://t.co/a1", "entities": {"urls": [
        {"start": 16, "end": 31, "url": "https://t.co/a1", "expanded_url": "https://example.com/"}]}}  # fmt: skip
    text = "The whole… https://t.co/s1"
    own = {"start": 11, "end": 26, "url": "https://t.co/s1", "expanded_url": "https://twitter.com/i/web/status/1"}
    cut, full = tweet(1, text, entities={"urls": [own]}), tweet(2, text, note_tweet=note)
    reading = read_json(x_api_v2, tmp_path, page(cut, full))
    assert [(post.text, post.inferred) for post in reading.posts] == [
        ("The whole…", ("truncated",)),
        ("The whole of it https://t.co/a1", ()),
    ]
    assert [link.url for link in reading.post("2").links] == ["https://example.com/"]


def test_flat_lines_hold_authors_media_and_the_posts_they_refer_to(tmp_path: Path) -> None:
    inner = {**refers("quoted", 1), **tweet(1, "Ash", "13"), "author": ODO}
    media = {
        "media_keys": ["3_1"],
        "media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.example.com/a.jpg"}],
    }
    flat = tweet(2, author=MIRA["id"], attachments=media, referenced_tweets=[inner, refers("replied_to", 7)])
    flat["author"] = MIRA
    path = tmp_path / "dump.json"
    for text in (json.dumps(flat), json.dumps([flat], indent=1)):
        path.write_text(text)
        assert x_api_v2.recognizes(Source.from_path(path))
        reading = read(x_api_v2, path)
        assert [(post.ref.id, post.author and post.author.id) for post in reading.posts] == [("2", "12"), ("1", "13")]
        assert reading.post("2").media[0].url == "https://pbs.example.com/a.jpg"
        assert [account.handle for account in reading.accounts] == ["mira", "odo"]


def test_errors_about_posts_are_gaps_and_the_others_are_named(tmp_path: Path) -> None:
    errors = [
        {"resource_type": "tweet", "resource_id": "7", "title": "Not Found Error", "detail": "Could not find tweet"},
        {
            "resource_type": "tweet",
            "value": "8",
            "title": "Authorization Error",
            "detail": "Sorry, you are not authorized",
        },
        {"resource_type": "tweet", "value": "9", "title": "Forbidden", "detail": "User has been suspended: [odo]."},
        {"resource_type": "user", "value": "odo", "title": "Not Found Error"},
    ]
    reading = read_json(x_api_v2, tmp_path, page(tweet(1), errors=errors), {"errors": errors[:1]})
    assert reading.gaps == {"7": "not found", "8": "private", "9": "suspended"}
    assert reading.skipped == ["API error: Not Found Error"]


def test_every_account_comes_once_and_pins_where_the_post_is_there(tmp_path: Path) -> None:
    pinning = {**MIRA, "pinned_tweet_id": "1"}
    elsewhere = {**ODO, "pinned_tweet_id": "99"}
    reading = read_json(
        x_api_v2, tmp_path, {"data": [tweet(1)], "includes": {"users": [pinning, elsewhere]}}, page(tweet(2))
    )
    assert [account.handle for account in reading.accounts] == ["mira", "odo"]
    assert reading.pins == [Pin(Ref("x", "12"), Ref("x", "1"))]
    flat = read_json(x_api_v2, tmp_path, {**pinning, "pinned_tweet": tweet(1), "__twarc": {}})
    assert flat.pins == [Pin(Ref("x", "12"), Ref("x", "1"))]


def test_what_is_no_post_is_skipped_by_name(tmp_path: Path) -> None:
    count = {"data": [{"start": AT, "end": AT, "tweet_count": 4}]}
    message = {"data": [{"id": "5", "text": "psst", "event_type": "MessageCreate"}]}
    odd = {"data": [{"id": "6", "title": "A space", "state": "live"}], "includes": {"topics": [{"id": "1"}]}}
    trouble = {"title": "Too Many Requests", "detail": "…", "type": "about:blank", "status": 429}
    reading = read_json(x_api_v2, tmp_path, page(tweet(1)), count, message, odd, trouble, {"meta": {"result_count": 0}})
    assert reading.skipped == [
        "count of posts",
        "direct message",
        "unknown kind of object (id, state, title)",
        "unknown kind of object (topics)",
        "API error: Too Many Requests",
    ]
    assert len(reading.posts) == 1


def test_one_bad_thing_on_a_page_leaves_the_rest(tmp_path: Path) -> None:
    bad = {
        "data": [tweet(1), None, {**tweet(2), "id": []}, tweet(3)],
        "includes": {"users": [MIRA, 7], "tweets": {}},
    }
    reading = read_json(x_api_v2, tmp_path, bad)
    assert [post.ref.id for post in reading.posts] == ["1", "3"]
    assert reading.problems.keys() >= {"line 1 data 2", "line 1 data 3", "line 1 includes.users 2"}


def test_of_a_page_that_is_cut_off_the_whole_posts_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text(json.dumps({"data": [tweet(1), tweet(2), tweet(3)]})[:-30] + "\n" + json.dumps(page(tweet(4))))
    reading = read(x_api_v2, path)
    assert [post.ref.id for post in reading.posts] == ["1", "2", "4"]
    assert list(reading.problems) == ["line 1"]


KEYS = (
    "id text author_id author created_at conversation_id referenced_tweets entities attachments public_metrics lang "
    "note_tweet edit_history_tweet_ids data includes errors title".split()
)
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**70) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "text", "urls", "users", "type", "media_keys", "media"]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(KEYS), SHAPES, min_size=1, max_size=3), st.booleans())
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_dump_it_is_read_or_a_problem_in_words(change: dict[str, object], is_flat: bool) -> None:
    value = {**tweet(1), **change} if is_flat else {**page(tweet(1), {**tweet(2), **change}), **change}
    value = json.loads(json.dumps(value))
    for entry in x_api_v2._cut("line 1", value, ""):
        try:
            for record in x_api_v2.parse(entry):
                assert not isinstance(record, Post) or record.ref.is_native or "id" in record.inferred
        except ValueError as error:
            assert str(error)


@pytest.mark.parametrize("indent", [None, 2])
def test_what_stands_beside_posts_may_be_a_file_of_its_own(tmp_path: Path, indent: int | None) -> None:
    beside = {"users": [MIRA, ODO], "tweets": [tweet(51, "Tea", "13")], "media": [], "places": []}
    reading = read_json(x_api_v2, tmp_path, beside, indent=indent)
    assert [account.handle for account in reading.accounts] == ["odo", "mira"]
    assert [(post.ref.id, post.text) for post in reading.posts] == [("51", "Tea")]
    assert not reading.problems
    users = read_json(x_api_v2, tmp_path, {"users": [MIRA], "places": [{"id": "p"}]}, indent=indent)
    assert x_api_v2.recognizes(Source.from_path(tmp_path / "dump.json"))
    assert [account.handle for account in users.accounts] == ["mira"]

"""Browser captures of X: posts and accounts wherever they stand, pins, tombstones, and everything else by name."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parser_reading import is_sound, read, read_json

from threadkeep.errors import DumpTooLarge, EmptyDump
from threadkeep.parsers.x import graphql as x_graphql
from threadkeep.parsers.x._graphql_response import reason_of, walk
from threadkeep.records import Link, Pin, Ref
from threadkeep.sources.source import TEXT_LIMIT_BYTES, Source

AT = "Thu Jun 22 11:53:25 +0000 2023"


def user(id_: int = 12, handle: str = "mira", **legacy: Any) -> dict[str, Any]:
    return {
        "__typename": "User",
        "rest_id": str(id_),
        "legacy": {"screen_name": handle, "name": handle.title(), **legacy},
    }


def tweet(id_: int, text: str = "Tea", by: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    author = by or user()
    legacy = {"full_text": text, "created_at": AT, "id_str": str(id_), "user_id_str": author["rest_id"], "entities": {}}
    legacy |= more.pop("legacy", {})
    core = {"user_results": {"result": author}}
    return {"__typename": "Tweet", "rest_id": str(id_), "core": core, "legacy": legacy, **more}


def entry(id_: str, result: object, **item: Any) -> dict[str, Any]:
    results = {"result": result} if result is not None else {}
    content = {"itemType": "TimelineTweet", "__typename": "TimelineTweet", "tweet_results": results, **item}
    return {"entryId": id_, "content": {"entryType": "TimelineTimelineItem", "itemContent": content}}


def answer(*entries: dict[str, Any], pinned: dict[str, Any] | None = None) -> dict[str, Any]:
    instructions: list[dict[str, Any]] = [{"type": "TimelineAddEntries", "entries": list(entries)}]
    if pinned:
        instructions.insert(0, {"type": "TimelinePinEntry", "entry": pinned})
    timeline = {"timeline": {"instructions": instructions}}
    return {"data": {"user": {"result": {"__typename": "User", "timeline_v2": timeline}}}}


@pytest.mark.parametrize(
    ("name", "counted"),
    [  # posts, replies, with media, with alt text
        ("manual_tweet_with_video_1", (11, 10, 3, 0)),
        ("raw_tweet_details", (37, 36, 2, 1)),
        ("raw_tweet_thread", (37, 36, 2, 1)),
    ],
)
def test_real_captures_give_what_was_counted_in_them(shared: Path, name: str, counted: tuple[int, ...]) -> None:
    path = shared / "dumps" / "x-graphql" / f"twscrape_{name}.json"
    assert x_graphql.recognizes(Source.from_path(path))
    reading = read(x_graphql, path)
    assert not reading.problems
    assert is_sound(reading)
    assert reading.skipped == ["cursor"]
    assert (
        len(reading.posts),
        sum(post.reply_to is not None for post in reading.posts),
        sum(bool(post.media) for post in reading.posts),
        sum(any(media.alt for media in post.media) for post in reading.posts),
    ) == counted
    assert all(account.handle and account.name for account in reading.accounts)


def test_the_sample_holds_every_kind_of_entry(seeds: Path) -> None:
    reading = read(x_graphql, seeds / "x-graphql/x-graphql.json")
    assert not reading.problems
    assert is_sound(reading)
    assert (len(reading.posts), len(reading.reposts), len(reading.pins), len(reading.accounts)) == (7, 1, 1, 2)
    assert sorted(reading.gaps.values()) == ["deleted", "not found"]
    assert reading.skipped == [
        "advertisement", "suggested account", "unknown record type 'TimelineTrend'", "cursor", "cursor"
    ]  # fmt: skip
    long = next(post for post in reading.posts if post.text.startswith("How to read ash"))
    assert "white < grey" in long.text
    assert long.inferred == ()
    assert [post.warning for post in reading.posts if post.warning] == ["The author marked this post as sensitive"]


@pytest.mark.parametrize("form", ["one", "printed", "lines", "array", "bare", "bare lines"])
def test_every_wrapping_is_recognized_and_read(tmp_path: Path, form: str) -> None:
    first, second = answer(entry("tweet-1", tweet(1))), answer(entry("tweet-2", tweet(2)))
    text = {
        "one": json.dumps(answer(entry("tweet-1", tweet(1)), entry("tweet-2", tweet(2)))),
        "printed": json.dumps(answer(entry("tweet-1", tweet(1)), entry("tweet-2", tweet(2))), indent=2),
        "lines": f"{json.dumps(first)}\n{json.dumps(second)}\n",
        "array": json.dumps([first, second], indent=1),
        "bare": json.dumps([tweet(1), tweet(2)]),
        "bare lines": f"{json.dumps(tweet(1))}\n{json.dumps(tweet(2))}\n",
    }[form]
    path = tmp_path / "dump.json"
    path.write_text(text)
    assert x_graphql.recognizes(Source.from_path(path))
    assert [post.ref.id for post in read(x_graphql, path).posts] == ["1", "2"]


def test_an_account_is_read_under_legacy_and_under_core(tmp_path: Path) -> None:
    spread = {
        "__typename": "User", "rest_id": "13", "core": {"screen_name": "odo", "name": "Odo"}, "legacy": {},
        "profile_bio": {"description": "Bricks"}, "relationship_counts": {"followers": 0, "following": 7},
        "tweet_counts": {"tweets": 9}, "website": {"url": "https://example.com/"},
    }  # fmt: skip
    old = user(followers_count=5, friends_count=6, statuses_count=8, description="Kilns")
    reading = read_json(
        x_graphql, tmp_path, answer(entry("tweet-1", tweet(1, by=old)), entry("tweet-2", tweet(2, by=spread)))
    )
    mira, odo = reading.accounts
    assert (mira.handle, mira.bio, mira.followers, mira.following, mira.posts) == ("mira", "Kilns", 5, 6, 8)
    assert (odo.handle, odo.bio, odo.followers, odo.following, odo.posts) == ("odo", "Bricks", 0, 7, 9)
    assert odo.url == "https://example.com/"


def test_a_long_post_is_its_note_with_the_notes_own_links(tmp_path: Path) -> None:
    text = "The whole of it, & more: https://t.co/n1"
    urls = [{"url": "https://t.co/n1", "expanded_url": "https://example.com/", "indices": [25, 40]}]
    note = {"note_tweet_results": {"result": {"text": text, "entity_set": {"urls": urls}}}}
    post = read_json(x_graphql, tmp_path, tweet(1, "The whole of it, &amp; m… https://t.co/s1", note_tweet=note)).post(
        "1"
    )
    assert post.text == text
    assert [(link.url, link.start) for link in post.links] == [("https://example.com/", 25)]


def test_what_the_platform_hides_at_the_end_is_dropped_and_mentions_stay(tmp_path: Path) -> None:
    text = "@odo lovely https://t.co/m1"
    media = {
        "url": "https://t.co/m1",
        "indices": [12, 27],
        "type": "photo",
        "media_url_https": "https://pbs.example.com/a.jpg",
    }
    legacy = {"display_text_range": [5, 11], "entities": {"media": [media]}, "extended_entities": {"media": [media]}}
    post = read_json(x_graphql, tmp_path, tweet(1, text, legacy=legacy)).post("1")
    assert (post.text, post.links, len(post.media), post.mentions) == ("@odo lovely", (), 1, ("odo",))


def test_a_pinned_post_is_a_pin_and_a_post(tmp_path: Path) -> None:
    reading = read_json(x_graphql, tmp_path, answer(entry("tweet-2", tweet(2)), pinned=entry("tweet-1", tweet(1))))
    assert [post.ref.id for post in reading.posts] == ["1", "2"]
    assert reading.pins == [Pin(Ref("x", "12"), Ref("x", "1"))]


def test_a_retweet_is_a_repost_of_what_stands_in_it(tmp_path: Path) -> None:
    original = tweet(1, "Salt and ash", user(13, "odo"))
    wrapped = {"__typename": "TweetWithVisibilityResults", "tweet": original}
    for number, result in enumerate((original, wrapped), 2):
        reading = read_json(
            x_graphql, tmp_path, tweet(number, "RT @odo: Salt…", legacy={"retweeted_status_result": {"result": result}})
        )
        assert [(repost.account.id, repost.post.id) for repost in reading.reposts] == [("12", "1")]
        assert [(post.text, post.author) for post in reading.posts] == [("Salt and ash", Ref("x", "13"))]


def test_a_retweet_of_what_is_gone_is_read_from_its_text(tmp_path: Path) -> None:
    gone = tweet(2, "RT @odo: Salt and…", legacy={"retweeted_status_result": {}, "retweeted_status_id_str": "1"})
    reading = read_json(x_graphql, tmp_path, gone)
    assert [(repost.account.id, repost.post.id) for repost in reading.reposts] == [("12", "1")]
    assert [(post.text, post.author, post.inferred) for post in reading.posts] == [
        ("Salt and…", Ref("x", "~odo"), ("truncated",))
    ]


def test_a_quoted_post_is_kept_under_its_own_author_with_its_warning(tmp_path: Path) -> None:
    wrapped = {
        "__typename": "TweetWithVisibilityResults",
        "tweet": tweet(1, "Mind the step", user(13, "odo")),
        "tweetInterstitial": {"text": {"text": "Sensitive content"}},
    }
    quoting = tweet(
        2, legacy={"is_quote_status": True, "quoted_status_id_str": "1"}, quoted_status_result={"result": wrapped}
    )
    reading = read_json(x_graphql, tmp_path, answer(entry("tweet-2", quoting)))
    assert reading.post("2").quotes == (Ref("x", "1"),)
    assert (reading.post("1").author, reading.post("1").warning) == (Ref("x", "13"), "Sensitive content")
    assert reading.post("2").warning is None


def test_several_posts_asked_for_at_once_are_all_read(tmp_path: Path) -> None:
    results = [{"result": tweet(51)}, {"result": {"__typename": "TweetUnavailable"}}, {"result": tweet(52)}]
    reading = read_json(x_graphql, tmp_path, {"data": {"tweetResult": results}})
    assert [post.ref.id for post in reading.posts] == ["51", "52"]
    assert reading.skipped == ["missing post without an id (not found)"]


def test_the_log_of_a_browser_is_read_answer_by_answer(tmp_path: Path) -> None:
    def asked(url: str, text: str | None, **more: str) -> dict[str, Any]:
        return {"request": {"url": url}, "response": {"content": {"mimeType": "x", "text": text, **more}}}

    api = "https://x.com/i/api/graphql/q1/UserTweets?variables=%7B%7D"
    packed = base64.b64encode(json.dumps(answer(entry("tweet-52", tweet(52, "Ash 🏺")))).encode()).decode()
    entries = [
        asked("https://x.com/mira", "<html>"),
        asked(api, json.dumps(answer(entry("tweet-51", tweet(51))))),
        asked(api, packed, encoding="base64"),
        asked(api, packed[:-3], encoding="base64"),
        asked(api, None),
        asked("https://ads.example.com/i/api/graphql/q1", "{}"),
        {"request": 7},
        asked(api, '{"data": '),
    ]
    reading = read_json(x_graphql, tmp_path, {"log": {"version": "1.2", "creator": {}, "entries": entries}}, indent=1)
    assert x_graphql.recognizes(Source.from_path(tmp_path / "dump.json"))
    assert [(post.ref.id, post.text) for post in reading.posts] == [("51", "Tea"), ("52", "Ash 🏺")]
    assert reading.skipped == ["answer that holds no posts"] * 5
    assert list(reading.problems) == ["entry 8"]


def test_tombstones_are_gaps_with_the_id_of_their_place(tmp_path: Path) -> None:
    def tombstone(text: str) -> dict[str, Any]:
        return {"__typename": "TweetTombstone", "tombstone": {"text": {"text": text}}}

    quoting = tweet(
        9, legacy={"quoted_status_id_str": "8"}, quoted_status_result={"result": tombstone("suspended account")}
    )
    reading = read_json(
        x_graphql,
        tmp_path,
        answer(
            entry("tweet-1", tombstone("This Post was deleted by the Post author.")),
            entry("conversationthread-5-tweet-2", {"__typename": "TweetUnavailable", "reason": "Suspended"}),
            entry("tweet-3", None),
            entry("tombstone-4", {"__typename": "TimelineTombstone", "tombstoneInfo": {"text": "You’re blocked"}}),
            entry("home-conversation", tombstone("Odo limits who can view their Posts")),
            entry("tweet-9", quoting),
        ),
    )
    assert reading.gaps == {"1": "deleted", "2": "suspended", "3": "not found", "4": "blocked", "8": "suspended"}
    assert reading.skipped == ["missing post without an id (private)"]


@pytest.mark.parametrize("value", [None, [], "gone", {"text": None}, {"text": {"text": 7}}, {"richText": []}])
def test_a_tombstone_that_says_nothing_known_is_not_found(value: object) -> None:
    assert reason_of({"tombstone": value}) == "not found"


def test_what_is_no_post_is_counted_by_its_name(tmp_path: Path) -> None:
    cursor = {"entryType": "TimelineTimelineCursor", "__typename": "TimelineTimelineCursor", "value": "AAA"}
    more = {"entryId": "c-2", "content": {"items": [{"item": {"itemContent": {"itemType": "TimelineTimelineCursor"}}}]}}
    prompt = {"entryId": "prompt-1", "content": {"itemContent": {"__typename": "TimelineMessagePrompt"}}}
    preview = entry("tweet-6", {"__typename": "TweetPreviewDisplay", "tweet": {"text": "subscribe"}})
    somebody = {"itemContent": {"__typename": "TimelineUser", "user_results": {"result": user(77, "sela")}}}
    nobody = {
        "itemContent": {"__typename": "TimelineUser", "user_results": {"result": {"__typename": "UserUnavailable"}}}
    }
    reading = read_json(
        x_graphql,
        tmp_path,
        answer(
            {"entryId": "cursor-bottom-0", "content": cursor},
            more,
            entry("promoted-tweet-5", tweet(5)),
            entry("tweet-7", tweet(7), promotedMetadata={"advertiser": 1}),
            prompt,
            preview,
            {"entryId": "who-to-follow-1", "content": {"items": [{"entryId": "user-77", "item": somebody}]}},
            {"entryId": "user-78", "content": nobody},
            {"entryId": "user-77", "content": somebody},
        ),
        {"data": {}, "errors": [{"message": "Rate limit exceeded"}]},
    )
    assert reading.skipped == [
        "cursor", "cursor", "advertisement", "advertisement", "unknown record type 'TimelineMessagePrompt'",
        "unknown record type 'TweetPreviewDisplay'", "suggested account", "unavailable account",
        "API error: Rate limit exceeded",
    ]  # fmt: skip
    assert [account.handle for account in reading.accounts] == ["sela"]
    assert not reading.posts


def test_versions_in_one_answer_are_one_post_with_its_history(tmp_path: Path) -> None:
    control = {"edit_control": {"edit_tweet_ids": ["1", "2"]}}
    earlier = {"edit_control": {"initial_tweet_id": "1", "edit_control_initial": {"edit_tweet_ids": ["1", "2"]}}}
    reading = read_json(
        x_graphql,
        tmp_path,
        answer(entry("tweet-1", tweet(1, "bred", **control)), entry("tweet-2", tweet(2, "bread", **earlier))),
    )
    assert [(post.ref.id, [edit.text for edit in post.edits]) for post in reading.posts] == [("2", ["bred"])]
    assert len(reading.skipped) == 1


def test_an_article_gives_its_post_a_title(tmp_path: Path) -> None:
    article = {"article_results": {"result": {"title": "On Ash"}}}
    assert read_json(x_graphql, tmp_path, tweet(1, article=article)).post("1").title == "On Ash"


def test_the_answers_of_older_years_are_read_too(tmp_path: Path) -> None:
    old = {"full_text": "Tea", "id_str": "1", "created_at": AT, "user_id_str": "12", "entities": {}}
    users = {"12": {"id_str": "12", "screen_name": "mira"}, "13": {"id_str": "13", "screen_name": "odo"}}
    retweet = {**old, "id_str": "2", "user_id_str": "13", "retweeted_status_id_str": "1"}
    cursor = {"entryId": "sq-cursor-top", "content": {"operation": {"cursor": {"value": "x"}}}}
    timeline = {"instructions": [{"addEntries": {"entries": [cursor]}}]}
    path = tmp_path / "dump.json"
    path.write_text(
        json.dumps({"globalObjects": {"tweets": {"1": old, "2": retweet}, "users": users}, "timeline": timeline})
    )
    assert x_graphql.recognizes(Source.from_path(path))
    reading = read(x_graphql, path)
    assert [(post.ref.id, post.author) for post in reading.posts] == [("1", Ref("x", "12"))]
    assert [(repost.account.id, repost.post.id) for repost in reading.reposts] == [("13", "1")]
    assert reading.skipped == ["cursor"]


def test_of_an_answer_that_is_cut_off_the_whole_posts_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    text = json.dumps(answer(*(entry(f"tweet-{id_}", tweet(id_)) for id_ in (1, 2, 3))), indent=1)
    path.write_text(text[: text.rindex('"full_text"') + 20])
    reading = read(x_graphql, path)
    assert [post.ref.id for post in reading.posts] == ["1", "2"]
    assert list(reading.problems) == ["the whole dump"]


def test_one_bad_post_leaves_the_rest(tmp_path: Path) -> None:
    bad = tweet(2, legacy={"entities": []})
    lost = {**tweet(3), "rest_id": [], "legacy": {"full_text": "x"}}
    entries = [entry(f"tweet-{number}", item) for number, item in enumerate((tweet(1), bad, lost, tweet(4)), 1)]
    reading = read_json(x_graphql, tmp_path, answer(*entries))
    assert [post.ref.id for post in reading.posts] == ["1", "4"]
    assert len(reading.problems) == 2


def test_nothing_and_too_much_are_errors_in_words(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text("")
    assert isinstance(read(x_graphql, path).broken, EmptyDump)
    with path.open("w") as file:
        file.write('{\n"data": {"rest_id": 1, "legacy": 1},\n"b": "')
        file.write("x" * TEXT_LIMIT_BYTES)
    assert isinstance(read(x_graphql, path).broken, DumpTooLarge)


def test_answers_that_hold_no_post_and_no_account_are_told(tmp_path: Path) -> None:
    reading = read_json(
        x_graphql, tmp_path, {"data": {"communityResults": {"result": {"__typename": "Community", "rest_id": "5"}}}}
    )
    assert reading.parsed == []
    assert reading.broken is not None
    assert "nothing in it is a post" in str(reading.broken)


def test_walking_takes_any_depth() -> None:
    nested: Any = entry("tweet-1", tweet(1))
    for _ in range(100_000):
        nested = {"a": [nested]}
    assert [found.kind for found in walk(nested)] == ["post"]


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**70) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "result rest_id legacy screen_name full_text tweet timeline text __typename entryId".split()
            ),
            inner,
        )
    ),
    max_leaves=6,
)
KEYS = (
    "rest_id core legacy note_tweet quoted_status_result retweeted_status_result card views edit_control article tweet "
    "__typename itemType tombstone entryId promotedMetadata operation globalObjects errors itemContent tweet_results"
).split()
LEGACY = (
    "full_text id_str created_at user_id_str entities extended_entities retweeted_status_result quoted_status_id_str"
).split()


@given(
    st.dictionaries(st.sampled_from(KEYS), SHAPES, max_size=3),
    st.dictionaries(st.sampled_from(LEGACY), SHAPES, max_size=2),
    st.dictionaries(st.sampled_from(["legacy", "core", "rest_id", "profile_bio", "tweet_counts"]), SHAPES, max_size=2),
)
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_an_answer_it_is_read_or_a_problem_in_words(
    change: dict[str, Any], legacy: dict[str, Any], by: dict[str, Any]
) -> None:
    value = answer(
        entry("tweet-1", {**tweet(1, by={**user(), **by}, legacy=legacy), **change}), {"entryId": "a", **change}
    )
    for found in walk(json.loads(json.dumps(value))):
        item = x_graphql._Item(found, {}, x_graphql.Versions({}))
        try:
            list(x_graphql._records(item, found))
        except ValueError as error:
            assert str(error)


@pytest.mark.parametrize("subtitle", [{"text": "Salt is no glaze &amp; never was."}, None])
def test_a_note_of_readers_is_a_card_below_the_post(tmp_path: Path, subtitle: dict[str, str] | None) -> None:
    pivot = {"title": "Readers added context", "destinationUrl": "https://x.com/i/birdwatch/n/9"}
    noted = tweet(70, birdwatch_pivot=pivot | ({"subtitle": subtitle} if subtitle else {}))
    (post,) = read_json(x_graphql, tmp_path, answer(entry("tweet-70", noted))).posts
    said = "Salt is no glaze & never was." if subtitle else None
    title = "Community Note: Readers added context"
    assert post.links == (Link("https://x.com/i/birdwatch/n/9", title=title, description=said),)

"""What snscrape and twscrape wrote: every generation of their names, and the posts that stand in posts."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parser_reading import is_sound, read, read_json

from threadkeep.parsers.x import snscrape
from threadkeep.records import Account, Ref
from threadkeep.sources.source import Source

AT = "2022-02-08T20:07:58+00:00"
TYPE = "snscrape.modules.twitter"
MIRA = {"_type": f"{TYPE}.User", "id": 12, "username": "mira", "displayname": "Mira"}


def tweet(id_: int, text: str = "Tea", **more: Any) -> dict[str, Any]:
    return {"_type": f"{TYPE}.Tweet", "id": id_, "date": AT, "rawContent": text, "user": MIRA, "links": None, **more}


def test_the_sample_holds_two_generations(seeds: Path) -> None:
    reading = read(snscrape, seeds / "snscrape/snscrape.jsonl")
    assert not reading.problems
    assert is_sound(reading)
    assert (len(reading.posts), len(reading.reposts), reading.gaps.popitem()[1]) == (4, 1, "not found")
    first = reading.posts[0]
    assert (first.text, first.tags, len(first.media)) == (
        "Tea & a cold kiln 🫖 https://t.co/coldKiln01 #raku",
        ("raku",),
        1,
    )
    assert reading.posts[-1].links[0].url == "https://bricks.example.net/arch"


def test_a_post_that_answers_is_linked_to_its_parent_and_root(tmp_path: Path) -> None:
    post = read_json(snscrape, tmp_path, tweet(3, inReplyToTweetId=2, conversationId=1)).post("3")
    assert (post.reply_to, post.root) == (Ref("x", "2"), Ref("x", "1"))
    assert post.created is not None


def test_posts_within_posts_come_out_under_their_own_authors(tmp_path: Path) -> None:
    odo = {"id": 13, "username": "odo"}
    quoted = tweet(1, "Ash", user=odo)
    retweet = tweet(3, "RT @mira: See", user=odo, retweetedTweet=tweet(2, "See", quotedTweet=quoted))
    reading = read_json(snscrape, tmp_path, retweet)
    assert [(repost.account.id, repost.post.id) for repost in reading.reposts] == [("13", "2")]
    assert [(post.ref.id, post.author and post.author.id) for post in reading.posts] == [("2", "12"), ("1", "13")]
    assert reading.post("2").quotes == (Ref("x", "1"),)


def test_a_reference_or_a_tombstone_is_a_gap_also_as_a_quote(tmp_path: Path) -> None:
    reading = read_json(
        snscrape,
        tmp_path,
        tweet(9, quotedTweet={"_type": f"{TYPE}.TweetRef", "id": 8}),
        {"_type": f"{TYPE}.Tombstone", "id": 7},
    )
    assert reading.gaps == {"8": "not found", "7": "not found"}
    assert reading.post("9").quotes == (Ref("x", "8"),)


def test_a_tombstone_says_why_and_a_profile_what_is_pinned(tmp_path: Path) -> None:
    gone = {"_type": f"{TYPE}.Tombstone", "id": 8, "text": "This Tweet is from a suspended account. Learn more"}
    reading = read_json(snscrape, tmp_path, tweet(9, quotedTweet=gone, pinned=True), tweet(10, pinned=False))
    assert reading.gaps == {"8": "suspended"}
    assert [(pin.account.id, pin.post.id) for pin in reading.pins] == [("12", "9")]


@pytest.mark.parametrize("form", ["snscrape", "older", "twscrape"])
def test_links_and_media_of_every_generation_are_read(tmp_path: Path, form: str) -> None:
    text = "Tea https://t.co/a1 &amp; https://t.co/m1"
    links = [{"text": "example.com", "url": "https://example.com/", "tcourl": "https://t.co/a1"}]
    variants = [
        {"contentType": "video/mp4", "bitrate": rate, "url": f"https://video.example.com/{rate}.mp4"} for rate in (1, 9)
    ]
    more: dict[str, Any] = {
        "snscrape": {
            "links": [{**links[0], "indices": [4, 19]}],
            "media": [
                {"_type": f"{TYPE}.Photo", "previewUrl": "https://pbs.example.com/s", "fullUrl": "https://pbs.example.com/l"},
                {"_type": f"{TYPE}.Video", "thumbnailUrl": "https://pbs.example.com/t", "variants": variants},
                {"_type": f"{TYPE}.Gif", "thumbnailUrl": "https://pbs.example.com/t", "variants": variants[:1]},
            ],
        },
        "older": {
            "outlinks": ["https://example.com/"], "tcooutlinks": ["https://t.co/a1"],
            "rawContent": None, "content": text,
            "media": [
                {"type": "photo", "fullUrl": "https://pbs.example.com/l"}, {"type": "video", "variants": variants},
                {"type": "gif", "variants": variants[:1]},
            ],
        },
        "twscrape": {
            "links": links, "id_str": "1",
            "media": {
                "photos": [{"url": "https://pbs.example.com/l"}],
                "videos": [{"thumbnailUrl": "https://pbs.example.com/t", "variants": variants}],
                "animated": [{"thumbnailUrl": "https://pbs.example.com/t", "videoUrl": "https://video.example.com/1.mp4"}],
            },
        },
    }[form]  # fmt: skip
    post = read_json(snscrape, tmp_path, tweet(1, text, **more)).post("1")
    assert post.text == "Tea https://t.co/a1 &"
    assert [(link.url, link.start, link.end) for link in post.links] == [("https://example.com/", 4, 19)]
    assert [(media.kind, media.url) for media in post.media] == [
        ("image", "https://pbs.example.com/l"),
        ("video", "https://video.example.com/9.mp4"),
        ("gif", "https://video.example.com/1.mp4"),
    ]


def test_ids_as_text_go_before_numbers(tmp_path: Path) -> None:
    ids = {
        "id_str": "1463077670816817153",
        "inReplyToTweetIdStr": "1463077533826617345",
        "inReplyToTweetId": 1463077533826617300,
    }
    post = read_json(snscrape, tmp_path, tweet(1463077670816817200, **ids)).posts[0]
    assert (post.ref.id, post.reply_to) == ("1463077670816817153", Ref("x", "1463077533826617345"))


def test_accounts_and_polls_are_read(tmp_path: Path) -> None:
    bio = {
        "rawDescription": "Kilns: https://t.co/b1", "followersCount": 3, "link": {"url": "https://mira.example.com"},
        "descriptionLinks": [{"tcourl": "https://t.co/b1", "url": "https://kilns.example.com"}],
    }  # fmt: skip
    card = {"_type": f"{TYPE}.PollCard", "options": [{"label": "Raku", "count": 3}, {"label": "Salt"}]}
    reading = read_json(snscrape, tmp_path, {**MIRA, **bio}, tweet(1, "Which?", card=card))
    assert reading.accounts == [
        Account(
            Ref("x", "12"), "mira", "Mira", "Kilns: https://kilns.example.com", "https://mira.example.com", followers=3
        )
    ]
    assert reading.post("1").text == "Which?"
    assert [option.text for option in reading.post("1").poll] == ["Raku", "Salt"]


def test_other_types_are_skipped_by_name_and_bad_lines_are_problems(tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl"
    lines = [json.dumps(tweet(1)), '{"_type": "snsc', json.dumps({"_type": f"{TYPE}.Trend", "name": "#kilns"}), "[7]",
             json.dumps(tweet(2, user=None)), json.dumps(tweet(3))]  # fmt: skip
    path.write_text("\n".join(lines))
    reading = read(snscrape, path)
    assert [post.ref.id for post in reading.posts] == ["1", "3"]
    assert reading.skipped == ["unknown record type 'Trend'"]
    assert list(reading.problems) == ["line 2", "line 4 item 1", "line 5"]


def test_a_post_without_text_is_a_problem(tmp_path: Path) -> None:
    bare = {key: value for key, value in tweet(1).items() if key != "rawContent"}
    reading = read_json(snscrape, tmp_path, bare, {"odd": 1})
    assert reading.problems.keys() == {"line 1", "line 2"}
    assert "rawContent" in reading.problems["line 1"]


def test_early_versions_without_types_are_recognized_too(tmp_path: Path) -> None:
    early = {
        "url": "…",
        "date": AT,
        "content": "Tea",
        "renderedContent": "Tea",
        "id": 1,
        "user": MIRA,
        "conversationId": 1,
    }
    path = tmp_path / "dump.jsonl"
    for text in (json.dumps(early), json.dumps([early, early], indent=1)):
        path.write_text(text)
        assert snscrape.recognizes(Source.from_path(path))
        assert [post.text for post in read(snscrape, path).posts] == ["Tea"]


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**70) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "url", "photos", "_type", "username", "variants", "options"]), inner)
    ),
    max_leaves=5,
)
KEYS = (
    "id date rawContent content user links outlinks tcooutlinks media hashtags mentionedUsers card quotedTweet lang "
    "retweetedTweet inReplyToTweetId conversationId likeCount _type"
).split()


@given(st.dictionaries(st.sampled_from(KEYS), SHAPES, min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_line_it_is_read_or_a_problem_in_words(change: dict[str, Any]) -> None:
    value = json.loads(json.dumps({**tweet(1), **change}))
    try:
        list(snscrape._records(value))
    except ValueError as error:
        assert str(error)

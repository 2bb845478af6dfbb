"""What every dump of X shares: values, text with its links, posts and accounts in the shape of the API v1.1."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.stream import paths
from threadkeep.parsers._json.values import get_count
from threadkeep.parsers.x import api_v1 as x_api_v1
from threadkeep.parsers.x import api_v2 as x_api_v2
from threadkeep.parsers.x import graphql as x_graphql
from threadkeep.parsers.x import snscrape
from threadkeep.parsers.x._ids_and_times import id_of, parse_time, post_time
from threadkeep.parsers.x._retweet import parse_retweet
from threadkeep.parsers.x._tweet import Note, account_of, body_of, merge_versions, post_of, version_ids
from threadkeep.parsers.x._tweet_text import (
    EntitySpan,
    display_text,
    leading_mentions,
    may_be_escaped,
    status_id,
    unescape,
)
from threadkeep.platforms.x import snowflake_time
from threadkeep.records import Account, Link, Post, Ref, When
from threadkeep.sources.source import Source

MIRA = Ref("x", "12")
NOON = "Wed May 01 12:00:00 +0000 2019"
ID = str((int(datetime(2019, 5, 1, 12, tzinfo=UTC).timestamp() * 1000) - 1_288_834_974_657) << 22)


def tweet(text: str, **more: object) -> dict[str, object]:
    return {"id_str": ID, "created_at": NOON, "full_text": text, "entities": {"urls": []}, **more}


def url(raw: str, written: str, target: str) -> dict[str, object]:
    start = raw.index(written)
    return {"url": written, "expanded_url": target, "indices": [str(start), str(start + len(written))]}


def photo(raw: str, written: str, **more: object) -> dict[str, object]:
    target = f"https://twitter.com/mira/status/{ID}/photo/1"
    return {**url(raw, written, target), "type": "photo", "media_url_https": "https://pbs.example.com/a.jpg", **more}


class TestValues:
    def test_an_id_as_text_goes_before_the_number_which_may_be_damaged(self) -> None:
        assert id_of({"id": 1671508600538161200, "id_str": "1671508600538161153"}, "id") == "1671508600538161153"

    def test_an_id_given_as_a_whole_number_keeps_its_digits(self) -> None:
        assert id_of({"id": 1671508600538161153}, "id") == "1671508600538161153"

    @pytest.mark.parametrize("value", [1.6715086e18, "1.67151E+18", "1,67151E+18", "1671508600538161200.0"])
    def test_an_id_with_lost_digits_is_none(self, value: object) -> None:
        assert id_of({"id": value}, "id") is None

    @pytest.mark.parametrize("value", [12.0, "12.0"])
    def test_a_small_id_from_a_data_frame_has_all_its_digits(self, value: object) -> None:
        assert id_of({"id": value}, "id") == "12"

    @pytest.mark.parametrize("value", [None, "", -1, "-1"])
    def test_an_id_that_says_nothing_is_none(self, value: object) -> None:
        assert id_of({"id": value}, "id") is None

    @pytest.mark.parametrize("value", [True, [], {}, "12a", "１２", " 12", "9" * 21])
    def test_an_id_of_another_kind_is_refused_with_its_key(self, value: object) -> None:
        with pytest.raises(ValueError, match="'id'"):
            id_of({"id": value}, "id")

    def test_counts_may_be_strings(self) -> None:
        assert get_count({"n": "3"}, "n") == 3
        assert get_count({"n": "100+"}, "n") is None
        assert get_count({"n": -1}, "n") is None
        assert get_count({}, "n") is None
        with pytest.raises(ValueError, match="'n'"):
            get_count({"n": 1.5}, "n")

    @pytest.mark.parametrize(
        "text",
        ["Wed May 01 12:00:00 +0000 2019", "2019-05-01 12:00:00 +0000", "2019-05-01T12:00:00.000Z",
         "Wed May 01 14:00:00 +0200 2019", "2019-05-01T10:30:00-01:30"],
    )  # fmt: skip
    def test_every_generation_of_dates_is_read(self, text: str) -> None:
        assert parse_time(text) == datetime(2019, 5, 1, 12, tzinfo=UTC)

    @pytest.mark.parametrize(
        "text",
        ["2019-05-01T12:00:00", "Wed May 01 12:00:00 +0000 1997", "Wed May 01 12:00:00 +0000 9999", "yesterday", "",
         "Wed Foo 01 12:00:00 +0000 2019", "0001-01-01T00:00:00Z", "Wed May 99 12:00:00 +0000 2019",
         "Wed May 01 12:00:00 *0000 2019"],
    )  # fmt: skip
    def test_nonsense_is_no_time(self, text: str) -> None:
        with pytest.raises(ValueError, match="time"):
            parse_time(text)

    def test_an_id_dates_a_post_since_november_2010(self) -> None:
        assert snowflake_time("1671508600538161153") == datetime(2023, 6, 21, 13, 21, 20, 153000, tzinfo=UTC)
        assert snowflake_time("29700859247") is None
        assert snowflake_time("20") is None

    def test_the_id_corrects_a_wrong_time_and_fills_in_a_missing_one(self) -> None:
        noon = datetime(2019, 5, 1, 12, tzinfo=UTC)
        assert post_time(NOON, ID) == When(noon)
        assert post_time("Wed May 01 12:00:00 +0000 1997", ID) == When(noon, origin="derived")
        assert post_time("Tue May 05 12:00:00 +0000 2020", ID) == When(noon, origin="derived")
        assert post_time(None, ID) == When(noon, origin="derived")
        assert post_time(None, "20") is None
        with pytest.raises(ValueError, match="1997"):
            post_time("Wed May 01 12:00:00 +0000 1997", "20")

    def test_midnight_before_november_2010_is_a_day_where_an_archive_says_so(self) -> None:
        assert post_time("2008-03-05 00:00:00 +0000", "767000000") == When(datetime(2008, 3, 5, tzinfo=UTC), "day")
        assert post_time("2008-03-05 10:00:00 +0000", "767000000") == When(datetime(2008, 3, 5, 10, tzinfo=UTC))

    def test_json_that_is_too_deep_or_none_is_a_value_error(self) -> None:
        for text in ("[" * 100_000, "{", "NaN", '{"a": 1} x', b"\xff\xfe"):
            with pytest.raises(ValueError, match=r"not JSON|nested too deeply"):
                loads(text)

    def test_lone_surrogates_do_not_stop_reading(self) -> None:
        assert loads('{"a": "\\ud83d"}') == {"a": "\ud83d"}
        assert loads(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}


class TestText:
    def test_places_are_of_the_escaped_text_and_links_of_the_shown_one(self) -> None:
        raw = "Tea &amp; kilns &lt;3 https://t.co/a1 🧵 https://t.co/b2"
        places = [
            EntitySpan("https://t.co/b2", raw.index("https://t.co/b2"), len(raw), "https://example.com/2"),
            EntitySpan("https://t.co/a1", raw.index("https://t.co/a1"), raw.index(" 🧵"), "https://example.com/1"),
        ]
        text, links = display_text(raw, places)
        assert text == "Tea & kilns <3 https://t.co/a1 🧵 https://t.co/b2"
        assert [link.url for link in links] == ["https://example.com/1", "https://example.com/2"]
        assert [text[link.start : link.end] for link in links] == ["https://t.co/a1", "https://t.co/b2"]

    def test_escapes_are_undone_once(self) -> None:
        assert unescape("&amp;lt; &amp;amp; &copy;") == "&lt; &amp; &copy;"

    def test_a_bare_sign_shows_that_a_text_is_not_escaped(self) -> None:
        assert may_be_escaped("Tea &amp; kilns")
        assert not may_be_escaped("Tea & kilns, write &amp; for it")
        assert not may_be_escaped("a < b")

    def test_the_link_of_attached_media_at_the_end_is_dropped_with_the_blank_before_it(self) -> None:
        raw = "The kiln\n\nhttps://t.co/m1"
        assert display_text(raw, [EntitySpan("https://t.co/m1", 10, 25, None, is_hidden=True)]) == ("The kiln", ())

    def test_four_pictures_have_one_link(self) -> None:
        raw = "Kiln https://t.co/m1"
        places = [
            EntitySpan("https://t.co/m1", 5, 20, f"https://x.com/mira/status/1/photo/{n}", None, True)
            for n in (1, 2, 3)
        ]
        assert display_text(raw, places) == ("Kiln", ())

    def test_a_media_link_before_a_quoted_post_is_dropped_too(self) -> None:
        raw = "Fury https://t.co/m1 https://t.co/q2"
        quoted = EntitySpan("https://t.co/q2", 21, 36, "https://twitter.com/finn/status/1750")
        text, links = display_text(raw, [EntitySpan("https://t.co/m1", 5, 20, None, is_hidden=True), quoted])
        assert text == "Fury https://t.co/q2"
        assert links == (Link("https://twitter.com/finn/status/1750", "https://t.co/q2", None, 5, 20),)

    def test_a_media_link_amid_the_words_stays(self) -> None:
        raw = "See https://t.co/m1 there"
        text, links = display_text(
            raw, [EntitySpan("https://t.co/m1", 4, 19, "https://x.com/mira/status/1/photo/1", None, True)]
        )
        assert text == raw
        assert [(link.start, link.end) for link in links] == [(4, 19)]

    def test_a_place_that_does_not_fit_is_looked_for(self) -> None:
        raw = "🧵🧵 https://t.co/a1 and https://t.co/a1"
        places = [
            EntitySpan("https://t.co/a1", 5, 20, "https://example.com/"),
            EntitySpan("https://t.co/zz", 2, 9, "https://b.example.com"),
        ]
        text, links = display_text(raw, places)
        assert text == raw
        assert links == (
            Link("https://example.com/", "https://t.co/a1", None, 3, 18),
            Link("https://b.example.com", None, None, None, None),
        )

    def test_an_old_address_typed_with_signs_is_found_escaped(self) -> None:
        raw = "http://example.com/?a&amp;b ok"
        text, links = display_text(raw, [EntitySpan("http://example.com/?a&b", 0, 27, "http://example.com/?a&b")])
        assert text == "http://example.com/?a&b ok"
        assert links == (Link("http://example.com/?a&b", "http://example.com/?a&b", None, 0, 23),)

    def test_the_address_of_a_post_tells_its_id(self) -> None:
        assert status_id("https://twitter.com/mira/status/1750?s=20") == "1750"
        assert status_id("http://mobile.twitter.com/#!/mira/statuses/1750") == "1750"
        assert status_id("https://x.com/i/web/status/1750") == "1750"
        assert status_id("https://x.com/mira/status/1750/photo/1") is None
        assert status_id("https://example.com/mira/status/1750") is None
        assert status_id(None) is None

    def test_mentions_that_a_note_leaves_out_are_found(self) -> None:
        assert leading_mentions("@mira @finn The kiln is hot and…", "The kiln is hot and so on") == "@mira @finn "
        assert leading_mentions("@mira @finn The kiln is hot and…", "@finn The kiln is hot and so on") == "@mira "
        assert leading_mentions("The kiln", "The kiln is hot") == ""

    @given(
        st.lists(st.sampled_from(["&amp;", "&lt;", "🧵", " ", "\n", "kiln", "https://t.co/a1", "&", "…"]), max_size=12),
        st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60), st.booleans()), max_size=6),
    )  # fmt: skip
    @settings(max_examples=200, deadline=None)
    def test_links_always_stand_where_they_say(self, words: list[str], spans: list[tuple[int, int, bool]]) -> None:
        raw = "".join(words)
        places = [EntitySpan(raw[max(a, 0) : max(b, 0)], a, b, "https://example.com/", None, m) for a, b, m in spans]
        text, links = display_text(raw, places)
        for link in links:
            if link.start is not None:
                assert text[link.start : link.end] == link.text
        squeezed = re.sub(r"\s", "", unescape(raw))
        remains = re.sub(r"\s", "", text)
        assert remains == squeezed or any(place.is_hidden for place in places)

    def test_a_very_long_text_with_many_links_is_read_in_linear_time(self) -> None:
        raw = "https://t.co/a1 " * 20_000
        at = [EntitySpan("https://t.co/a1", 16 * n, 16 * n + 15, None, None, n > 10_000) for n in range(20_000)]
        astray = [place._replace(start=place.start + 1) for place in at]
        for places in (at, astray):
            text, links = display_text(raw, places)
            assert all(text[link.start : link.end] == "https://t.co/a1" for link in links)


class TestPosts:
    def test_a_post_of_an_archive_is_read_though_every_value_is_a_string(self) -> None:
        raw = "@finn Tea &amp; #kilns https://t.co/a1 https://t.co/m1"
        entities = {
            "urls": [url(raw, "https://t.co/a1", "https://example.com/kilns")],
            "hashtags": [{"text": "kilns", "indices": ["16", "22"]}],
            "user_mentions": [{"screen_name": "finn", "id_str": "13", "indices": ["0", "5"]}],
            "media": [photo(raw, "https://t.co/m1")],
        }
        post = post_of(
            tweet(
                raw,
                entities=entities,
                extended_entities={"media": [photo(raw, "https://t.co/m1", ext_alt_text="A kiln")] * 2},
                in_reply_to_status_id_str="1749",
                favorite_count="3",
                retweet_count="0",
                lang="en",
            ),
            MIRA,
            "mira",
        )
        assert post.text == "@finn Tea & #kilns https://t.co/a1"
        assert post.links == (Link("https://example.com/kilns", "https://t.co/a1", None, 19, 34),)
        assert (post.tags, post.mentions, post.language) == (("kilns",), ("finn",), "en")
        assert post.counts == {"likes": 3, "reposts": 0}
        assert post.reply_to == Ref("x", "1749")
        assert [(media.kind, media.alt) for media in post.media] == [("image", "A kiln")] * 2
        assert post.url == f"https://x.com/mira/status/{ID}"
        assert post.created == When(datetime(2019, 5, 1, 12, tzinfo=UTC))
        assert post.inferred == ()

    def test_the_fullest_text_is_taken(self) -> None:
        cut = {"id": 20, "text": "The kiln is…", "truncated": True}
        assert post_of(cut, MIRA).inferred == ("truncated",)
        full = post_of({**cut, "extended_tweet": {"full_text": "The kiln is hot", "entities": {}}}, MIRA)
        assert (full.text, full.inferred) == ("The kiln is hot", ())
        assert post_of({**cut, "full_text": "The kiln is hot"}, MIRA).inferred == ()

    def test_a_note_is_the_text_with_the_mentions_and_media_of_the_short_one(self) -> None:
        raw = "@finn The kiln is hot and https://t.co/c1 https://t.co/m1"
        long = "The kiln is hot and <so> on: https://t.co/n1 #raku"
        note = Note(
            long, {"urls": [{**url(long, "https://t.co/n1", "https://example.com/n")}], "hashtags": [{"text": "raku"}]}
        )
        post = post_of(tweet(raw, extended_entities={"media": [photo(raw, "https://t.co/m1")]}), MIRA, note=note)
        assert post.text == f"@finn {long}"
        assert [(post.text[link.start : link.end], link.url) for link in post.links] == [
            ("https://t.co/n1", "https://example.com/n")
        ]
        assert (post.tags, post.mentions, len(post.media)) == (("raku",), ("finn",), 1)

    def test_a_link_to_a_post_is_a_quote_unless_the_dump_says_there_is_none(self) -> None:
        raw = "See https://t.co/q1"
        entities = {"urls": [url(raw, "https://t.co/q1", "https://twitter.com/finn/status/1750")]}
        assert post_of(tweet(raw, entities=entities), MIRA).quotes == (Ref("x", "1750"),)
        assert post_of(tweet(raw, entities=entities, is_quote_status=False), MIRA).quotes == ()
        assert post_of(tweet(raw, quoted_status_id_str="1751"), MIRA).quotes == (Ref("x", "1751"),)

    def test_the_quoted_posts_link_may_stand_in_a_place_of_its_own(self) -> None:
        address = "https://twitter.com/finn/status/1750"
        link = {"url": "https://t.co/q1", "expanded": address}
        post = post_of(tweet("See https://t.co/q1", quoted_status_permalink=link, quoted_status_id_str="1750"), MIRA)
        assert post.links == (Link(address, "https://t.co/q1", None, 4, 19),)
        listed = {"urls": [url("See https://t.co/q1", "https://t.co/q1", address)]}
        assert (
            post_of(tweet("See https://t.co/q1", quoted_status_permalink=link, entities=listed), MIRA).links
            == post.links
        )
        assert post_of(tweet("See", quoted_status_permalink=link), MIRA).links == ()

    def test_a_post_does_not_answer_or_quote_itself_nor_is_it_its_own_root(self) -> None:
        own = {"in_reply_to_status_id_str": ID, "conversation_id_str": ID, "quoted_status_id_str": ID}
        post = post_of(tweet("Tea", **own), MIRA)
        assert (post.reply_to, post.root, post.quotes) == (None, None, ())
        assert post_of(tweet("Tea", conversation_id_str="1740"), MIRA).root == Ref("x", "1740")

    def test_the_best_file_of_a_video_is_taken(self) -> None:
        variants = [
            {"content_type": "application/x-mpegURL", "url": "https://video.example.com/a.m3u8"},
            {"bitrate": "832000", "url": "https://video.example.com/small.mp4"},
            {"bitrate": "2176000", "url": "https://video.example.com/large.mp4"},
        ]
        raw = "https://t.co/m1"
        video = photo(raw, raw, type="video", video_info={"variants": variants})
        post = post_of(tweet(raw, extended_entities={"media": [video]}), MIRA)
        assert [(media.kind, media.url) for media in post.media] == [("video", "https://video.example.com/large.mp4")]
        assert post.text == ""

    def test_only_a_warning_on_the_media_is_a_warning(self) -> None:
        raw = "https://t.co/m1"
        media = photo(raw, raw, sensitive_media_warning={"adult_content": True, "graphic_violence": False})
        assert post_of(tweet(raw, possibly_sensitive=True), MIRA).warning is None
        assert post_of(tweet(raw, extended_entities={"media": [media]}), MIRA).warning == "adult content"

    def test_a_poll_has_its_options(self) -> None:
        labels = [
            {"key": f"choice{n}_label", "value": {"string_value": word}} for n, word in ((1, "Raku"), (2, "Salt"))
        ]
        card = {"legacy": {"name": "poll2choice_text_only", "binding_values": labels}}
        post = post_of(tweet("Which?", card=card), MIRA)
        assert post.text == "Which?"
        assert [option.text for option in post.poll] == ["Raku", "Salt"]

    def test_a_card_names_its_link(self) -> None:
        raw = "See https://t.co/a1"
        entities = {"urls": [url(raw, "https://t.co/a1", "https://example.com/")]}
        card = {"name": "summary", "url": "https://t.co/a1", "binding_values": {"title": {"string_value": "Kilns"}}}
        assert post_of(tweet(raw, entities=entities, card=card), MIRA).links[0].title == "Kilns"

    def test_without_entities_what_was_typed_is_found(self) -> None:
        post = post_of({"id": 20, "text": "@finn http://example.com/kiln #raku"}, MIRA)
        assert [link.url for link in post.links] == ["http://example.com/kiln"]
        assert (post.tags, post.mentions) == (("raku",), ("finn",))

    def test_codes_for_no_language_are_none(self) -> None:
        assert [post_of(tweet("…", lang=code), MIRA).language for code in ("und", "qme", "zxx", "", "ja")] == [
            None
        ] * 4 + ["ja"]

    @pytest.mark.parametrize(
        ("change", "key"),
        [({"id_str": None}, "id_str"), ({"full_text": None}, "full_text"), ({"full_text": 7}, "full_text"),
         ({"entities": []}, "entities"), ({"entities": {"urls": {}}}, "urls"), ({"entities": {"urls": [None]}}, "urls"),
         ({"entities": {"urls": [{"url": "a", "indices": [1]}]}}, "indices"), ({"lang": 3}, "lang"),
         ({"in_reply_to_status_id_str": [1]}, "in_reply_to_status_id"), ({"card": "x"}, "card"),
         ({"extended_entities": {"media": [{"video_info": {"variants": [{"url": 1}]}}]}}, "url"),
         ({"favorite_count": {}}, "favorite_count"), ({"created_at": 5}, "created_at")],
    )  # fmt: skip
    def test_what_is_not_as_it_should_be_is_named(self, change: dict[str, object], key: str) -> None:
        with pytest.raises(ValueError, match=key):
            post_of({**tweet("Tea"), **change}, MIRA)


class TestAccounts:
    def test_an_account_comes_with_links_written_out(self) -> None:
        user = {
            "id_str": "12",
            "screen_name": "mira",
            "name": "Mira &amp; kiln",
            "description": "Kilns: https://t.co/b1",
            "url": "https://t.co/u1",
            "followers_count": "7",
            "entities": {
                "url": {"urls": [{"url": "https://t.co/u1", "expanded_url": "https://mira.example.com"}]},
                "description": {"urls": [{"url": "https://t.co/b1", "expanded_url": "https://kilns.example.com"}]},
            },
        }
        assert account_of(user) == Account(
            MIRA, "mira", "Mira & kiln", "Kilns: https://kilns.example.com", "https://mira.example.com", 7
        )

    def test_an_account_without_an_id_goes_by_its_handle(self) -> None:
        assert account_of({"screen_name": "Mira"}).ref == Ref("x", "~mira")
        with pytest.raises(ValueError, match="screen_name"):
            account_of({"name": "Mira"})


class TestVersions:
    @pytest.mark.parametrize(
        "said",
        [{"edit_info": {"initial": {"editTweetIds": ["9", "10"]}}},
         {"edit_info": {"edit": {"initialTweetId": "9", "editControlInitial": {"editTweetIds": ["9", "10"]}}}},
         {"edit_control": {"edit_tweet_ids": ["9", "10"]}}, {"edit_history_tweet_ids": ["10", "9"]},
         {"edit_control": {"initial_tweet_id": "9", "edit_control_initial": {"edit_tweet_ids": ["9", "10"]}}}],
    )  # fmt: skip
    def test_every_dump_names_the_versions_of_a_post(self, said: dict[str, object]) -> None:
        assert version_ids(said) == ("9", "10")

    def test_a_post_that_was_never_edited_has_no_versions(self) -> None:
        assert version_ids({"edit_control": {"edit_tweet_ids": ["9"]}}) == ()

    def test_the_highest_id_is_current_and_the_rest_its_history(self) -> None:
        posts = [Post(Ref("x", id_), MIRA, text) for id_, text in (("10", "new"), ("9", "old"), ("8", "oldest"))]
        current = merge_versions(posts)
        assert (current.ref.id, current.text) == ("10", "new")
        assert [(edit.id, edit.text) for edit in current.edits] == [("8", "oldest"), ("9", "old")]


class TestRetweetsAsText:
    RAW = "RT @finn: Salt &amp; ash https://t.co/a1 says @mira #raku…"

    def test_the_original_is_by_whoever_is_mentioned_first(self) -> None:
        entities = {
            "urls": [url(self.RAW, "https://t.co/a1", "https://example.com/")],
            "user_mentions": [
                {"screen_name": "Finn", "name": "Finn", "id_str": "13", "indices": ["3", "8"]},
                {"screen_name": "mira", "id_str": "12", "indices": ["47", "52"]},
            ],
            "hashtags": [{"text": "raku", "indices": [53, 58]}],
        }
        found = parse_retweet(tweet(self.RAW, entities=entities))
        assert found is not None
        assert (found.account.ref, found.account.handle) == (Ref("x", "13"), "finn")
        post = found.post
        assert post.text == "Salt & ash https://t.co/a1 says @mira #raku…"
        assert [post.text[link.start : link.end] for link in post.links] == ["https://t.co/a1"]
        assert (post.mentions, post.tags, post.inferred) == (("mira",), ("raku",), ("truncated",))
        assert (post.created, post.counts, post.author) == (None, {}, Ref("x", "13"))
        assert not post.ref.is_native

    def test_media_tell_the_id_of_the_original_where_they_are_its_own(self) -> None:
        raw = "RT @finn: Salt https://t.co/m1"
        mention = {"screen_name": "finn", "id_str": "13", "indices": ["3", "8"]}

        def given_media(**more: object) -> Post:
            media = [{**photo(raw, "https://t.co/m1"), "source_status_id_str": "1700", **more}]
            entities = {"user_mentions": [mention], "media": media}
            found = parse_retweet(tweet(raw, entities=entities, extended_entities={"media": media}))
            assert found is not None
            return found.post

        own = given_media(source_user_id_str="13")
        assert (own.ref, own.text, own.url) == (Ref("x", "1700"), "Salt", "https://x.com/finn/status/1700")
        assert not given_media(source_user_id_str="99").ref.is_native

    def test_a_stated_id_goes_before_all(self) -> None:
        found = parse_retweet(tweet("RT @finn: Salt"), Ref("x", "1699"))
        assert found is not None
        assert found.post.ref == Ref("x", "1699")

    def test_a_text_that_only_speaks_of_retweets_is_none(self) -> None:
        assert parse_retweet(tweet("Please RT @finn: Salt")) is None


def test_the_keys_near_the_surface_are_told_though_the_json_is_cut_off() -> None:
    assert paths('{"data": [{"id": "1", "x": {"y": [') == {"data", "data[].id", "data[].x"}
    assert paths('[{"a": "b\\", "c": [1], "d": 2') == {"[].a"}
    assert paths('{"a": 1}\n{"b": {"c": ') == {"a", "b", "b.c"}
    assert paths('{"a": "' + '\\"{[' * 200_000) == {"a"}


def test_every_real_dump_of_x_has_one_reader_here_and_no_other_dump_has_any(shared: Path) -> None:
    readers = (x_api_v1, x_api_v2, x_graphql, snscrape)
    files = sorted(path for folder in ("dumps", "seeds") for path in (shared / folder).rglob("*") if path.is_file())
    assert files
    for path in files:
        expected = [path.parent.name] if path.parent.name in ("x-api-v1", "x-api-v2", "x-graphql") else []
        if path.stat().st_size == 0:
            expected = []
        source = Source.from_path(path)
        assert [reader.NAME for reader in readers if reader.recognizes(source)] == expected, path


@pytest.mark.parametrize(
    ("written", "alt"),
    [("Three kilns in a row", "Three kilns in a row"), ("https://t.co/aaaaaaaaaa", None), ("", None)],
)
def test_old_archives_describe_pictures_under_another_name(written: str, alt: str | None) -> None:
    medium = {"media_url_https": "https://pbs.example/a.jpg", "media_alt": written}
    assert body_of({"text": "Kilns", "entities": {"media": [medium]}}).media[0].alt == alt

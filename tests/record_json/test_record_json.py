"""Every record becomes a JSON object of a fixed shape, and comes back from it as it was."""

import json
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.record_json.account_lookup import Accounts
from threadkeep.record_json.decode import record_of, records_of
from threadkeep.record_json.encode import account_object, gap_object, pin_object, post_object, repost_object
from threadkeep.record_json.json_lines import decode, encode
from threadkeep.records import (
    Account,
    Edit,
    Gap,
    Link,
    Media,
    Pin,
    PollOption,
    Post,
    Record,
    Ref,
    Repost,
    StoredPost,
    When,
)

POST_KEYS = [
    *("type", "id", "platform", "author", "author_name", "url", "title", "text", "created", "precision", "language"),
    *("reply_to", "thread", "quotes", "links", "media", "tags", "mentions", "warning", "visibility", "counts", "edits"),
    *("inferred", "sources"),
]
ACCOUNT_KEYS = ["type", "platform", "id", "handle", "name", "bio", "url", "followers", "following", "posts"]

MIRA = Account(Ref("bluesky", "did:plc:mira"), "mira.example.com", "Mira Okafor")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
known = st.none() | names
numbers = st.none() | st.integers(0, 2**63 - 1)
platforms = st.sampled_from(["x", "bluesky", "mastodon", "web"])
ids = st.one_of(
    st.integers(1, 2**70).map(str),
    st.text("0123456789abcdef", min_size=16, max_size=16).map("~{}".format),
    st.sampled_from(
        ["at://did:plc:abc/app.bsky.feed.post/3k2a", "https://a.test/1", "tag:a.test,2020:1", "x:1", "a:b:c"]
    ),
    names,
)
refs = st.builds(Ref, platforms, ids)
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
precisions = st.sampled_from(["second", "day", "month", "year"])
moments = st.none() | st.builds(When, instants, precisions, st.sampled_from(["stated", "derived"]))
links = st.builds(Link, known, known, known, st.none() | st.integers(0, 300), st.none() | st.integers(0, 300))
options = st.builds(PollOption, words, st.none() | st.integers(0, 2**40))
media = st.builds(Media, st.sampled_from(["image", "video", "gif", "audio"]), known, known, st.none() | words)
edits = st.builds(Edit, words, moments, st.none() | ids)


def tuples(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=3).map(tuple)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    handle = draw(st.none() | st.text(string.ascii_letters + ".-_", min_size=1, max_size=12))
    return Account(draw(refs), handle, draw(names), draw(known), draw(known), *(draw(numbers) for _ in range(3)))


@st.composite
def posts(draw: st.DrawFn) -> tuple[Post, Account | None]:
    author = draw(st.none() | accounts())
    platform = author.ref.platform if author else draw(platforms)
    ref = Ref(platform, draw(ids))
    created = draw(moments)
    root = draw(st.none() | refs)
    is_derived = created is not None and created.origin == "derived"
    edited = draw(moments)
    is_edit_derived = edited is not None and edited.origin == "derived"
    post = Post(
        ref=ref,
        author=author.ref if author else None,
        text=draw(words),
        title=draw(known),
        created=created,
        url=draw(known),
        reply_to=draw(st.none() | refs),
        root=None if root == ref else root,
        quotes=draw(tuples(refs)),
        links=draw(tuples(links)),
        media=draw(tuples(media)),
        poll=draw(tuples(options)),
        tags=draw(tuples(names)),
        mentions=draw(tuples(names)),
        language=draw(known),
        warning=draw(known),
        visibility=draw(known),
        counts=draw(st.dictionaries(names, st.integers(0, 2**63 - 1), max_size=3)),
        edits=draw(tuples(edits)),
        inferred=(
            *draw(tuples(st.sampled_from(["split", "thread"]))),
            *(["created"] if is_derived else []),
            *(["edited"] if is_edit_derived else []),
        ),
        edited=edited,
        origins=draw(tuples(names)),
    )
    return post, author


def read_back(object_: dict[str, Any], *known_accounts: Account) -> Record:
    accounts_ = Accounts()
    for account in known_accounts:
        accounts_.add(account)
    return record_of(decode(encode(object_)), accounts_)


def stored(post: Post, author: Account | None = None) -> StoredPost:
    return StoredPost(post, author, post.root or post.ref, post.origins)


def post_with(**keys: Any) -> dict[str, Any]:
    return {"type": "post", "id": "1750", "platform": "x", "text": "Hi", **keys}


@given(accounts())
@settings(max_examples=100, deadline=None)
def test_an_account_comes_back_as_it_was(account: Account) -> None:
    assert read_back(account_object(account)) == account


@given(posts())
@settings(max_examples=200, deadline=None)
def test_a_post_comes_back_as_it_was(drawn: tuple[Post, Account | None]) -> None:
    post, author = drawn
    object_ = post_object(stored(post, author))
    assert [key for key in object_ if key not in ("poll", "edited", "edited_precision")] == POST_KEYS
    assert ("poll" in object_) == bool(post.poll)
    assert ("edited" in object_) == (post.edited is not None)
    assert read_back(object_, *([author] if author else [])) == post


@given(st.lists(accounts(), min_size=1, max_size=5, unique_by=lambda account: account.ref), st.data())
@settings(max_examples=200, deadline=None)
def test_an_author_is_found_again_whatever_the_accounts_have_in_common(
    drawn: list[Account], data: st.DataObject
) -> None:
    handles, called = st.sampled_from([None, "mira", "Mira"]), st.sampled_from([None, "Mira Okafor"])
    everyone = [replace(account, handle=data.draw(handles), name=data.draw(called)) for account in drawn]
    known_accounts = Accounts()
    for account in everyone:
        known_accounts.add(account)
    author = data.draw(
        st.sampled_from([one for one in everyone if one.ref.is_native] or [replace(MIRA, ref=Ref("x", "9"))])
    )
    post = Post(data.draw(refs), author.ref, "Hi")
    object_ = post_object(stored(post, author), known_accounts)
    read = read_back(object_, *everyone)
    assert isinstance(read, Post)
    assert read.author == author.ref


def test_an_author_has_a_ref_of_its_own_in_an_export_where_nothing_else_tells() -> None:
    post = Post(Ref("x", "1"), Ref("x", "12"), "Hi")
    named, nameless = Account(Ref("x", "12"), "mira"), Account(Ref("x", "12"))
    known = Accounts()
    known.add(named)
    assert "author_ref" not in post_object(stored(post, named), known)
    assert "author_ref" not in post_object(stored(post, nameless))
    assert post_object(stored(post, nameless), known)["author_ref"] == "12"


@given(refs, refs, moments, st.text(min_size=1, max_size=9).filter(str.isprintable))
@settings(max_examples=100, deadline=None)
def test_reposts_pins_and_gaps_come_back_as_they_were(one: Ref, two: Ref, when: When | None, reason: str) -> None:
    assert read_back(repost_object(Repost(one, two, when))) == Repost(one, two, when)
    assert read_back(pin_object(Pin(one, two))) == Pin(one, two)
    assert read_back(gap_object(Gap(one, reason))) == Gap(one, reason)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3))
@settings(max_examples=200, deadline=None)
def test_any_text_is_one_line_that_steers_nothing(object_: dict[str, str]) -> None:
    line = encode(object_)
    assert len(line.splitlines()) == 1
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066" for c in line)
    assert json.loads(line) == object_


def test_the_keys_are_those_of_the_contract_in_their_order() -> None:
    assert list(account_object(MIRA)) == ACCOUNT_KEYS
    assert list(post_object(stored(Post(Ref("x", "1"), None, "Hi")))) == POST_KEYS
    repost = repost_object(Repost(MIRA.ref, Ref("bluesky", "at://did:plc:bo/app.bsky.feed.post/1")), MIRA)
    assert list(repost) == ["type", "platform", "account", "handle", "post", "created", "precision"]
    assert repost["handle"] == "mira.example.com"
    assert list(pin_object(Pin(MIRA.ref, MIRA.ref))) == ["type", "platform", "account", "handle", "post"]
    assert list(gap_object(Gap(Ref("x", "1"), "blocked"))) == ["type", "platform", "id", "reason"]


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (NOON, "2024-05-01T12:00:00Z"),
        (NOON + timedelta(milliseconds=250), "2024-05-01T12:00:00.250Z"),
        (NOON + timedelta(microseconds=1), "2024-05-01T12:00:00.000001Z"),
        (datetime.fromisoformat("2024-05-01T14:00:00+02:00"), "2024-05-01T12:00:00Z"),
    ],
)
def test_a_moment_is_written_in_utc_with_a_fraction_only_where_there_is_one(instant: datetime, text: str) -> None:
    assert post_object(stored(Post(Ref("x", "1"), None, "Hi", created=When(instant))))["created"] == text


def test_a_derived_date_is_told_among_what_was_inferred() -> None:
    post = Post(Ref("x", "1"), None, "Hi", created=When(NOON, origin="derived"), inferred=("split",))
    object_ = post_object(stored(post))
    assert object_["inferred"] == ["split", "created"]
    assert read_back(object_) == replace(post, inferred=("split", "created"))


def test_a_post_alone_is_its_own_thread_and_ids_of_other_platforms_say_so() -> None:
    post = Post(Ref("x", "1"), None, "Hi", quotes=(Ref("mastodon", "https://a.test/9"), Ref("x", "2")))
    object_ = post_object(stored(post))
    assert object_["thread"] == "1"
    assert object_["quotes"] == ["mastodon:https://a.test/9", "2"]


def test_an_author_is_found_by_handle_then_by_name_and_else_made() -> None:
    accounts_ = Accounts()
    ines = Account(Ref("web", "~ines duarte"), name="Inês Duarte")
    for account in (Account(Ref("x", "~mira"), "mira"), Account(Ref("x", "12"), "Mira"), ines):
        accounts_.add(account)

    def author(**keys: Any) -> Ref | None:
        record = record_of(post_with(**keys), accounts_)
        assert isinstance(record, Post)
        return record.author

    assert author(author="MIRA") == author(author="@mira") == Ref("x", "12")
    assert author(platform="web", author_name="Inês Duarte") == ines.ref
    assert author(author="bo") == Ref("x", "~bo")
    assert author(author_name="Bo Lind") == Ref("x", "~bo lind")
    assert author() is None


def test_an_address_of_bluesky_tells_its_author_where_nothing_else_does() -> None:
    accounts_ = Accounts()
    accounts_.add(Account(Ref("bluesky", "did:plc:abc")))
    object_ = post_with(platform="bluesky", id="at://did:plc:abc/app.bsky.feed.post/3k2a")
    post = record_of(object_, accounts_)
    assert isinstance(post, Post)
    assert post.author == Ref("bluesky", "did:plc:abc")


def test_an_account_that_no_line_described_comes_before_the_record_that_names_it_once() -> None:
    accounts_ = Accounts()
    post, again = (list(records_of(post_with(author="bo", author_name="Bo Lind"), accounts_)) for _ in range(2))
    assert post[0] == Account(Ref("x", "~bo"), "bo", "Bo Lind")
    assert len(post) == 2 and len(again) == 1
    pin = {"type": "pin", "platform": "x", "account": "12", "handle": "mira", "post": "1750"}
    assert list(records_of(pin, accounts_)) == [Account(Ref("x", "12"), "mira"), Pin(Ref("x", "12"), Ref("x", "1750"))]


def test_keys_that_are_missing_are_unknown_and_keys_that_are_strange_are_ignored() -> None:
    assert record_of(post_with(score=1.5, snippet=["x"]), Accounts()) == Post(Ref("x", "1750"), None, "Hi")


def test_an_id_may_be_a_whole_number_and_keeps_its_digits() -> None:
    object_ = decode('{"type":"gap","platform":"x","id":17500000000000000012345,"reason":"deleted"}')
    assert record_of(object_, Accounts()) == Gap(Ref("x", "17500000000000000012345"), "deleted")


def test_lone_surrogates_become_replacement_characters_and_pairs_stay() -> None:
    assert decode(r'{"text":"a\ud800b \ud83e\uddf5"}') == {"text": "a\ufffdb 🧵"}
    assert json.loads(encode({"text": "a\ud800b"})) == {"text": "a\ufffdb"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"type":"post","id":', "no JSON"),
        ("[1]", "expected a JSON object, found a list"),
        ("null", "expected a JSON object, found null"),
        ('{"a":"\\ud800",}', "no JSON"),
        ('{"a":"\\ud800","b":NaN}', "NaN is no number"),
        ("[" * 200_000, "nested too deeply"),
        ('{"a":"\\ud800","b":' + "[" * 200_000, "nested too deeply"),
        ("\x00", "no JSON"),
        ("", "no JSON"),
    ],
)
def test_what_is_no_json_object_is_refused_with_a_reason(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        decode(line)


@pytest.mark.parametrize(
    ("object_", "reason"),
    [
        ({"type": "like"}, '"platform"'),
        ({"type": "like", "platform": "x"}, "\"type\": expected one of account, .*, found 'like'"),
        ({"type": "post", "platform": "x", "text": "Hi"}, 'no "id"'),
        (post_with(id=1.5), '"id": expected an id, found 1.5'),
        (post_with(id=True), '"id": expected an id, found True'),
        (post_with(id=""), '"id": expected an id'),
        (post_with(text=None), '"text": expected a string, found null'),
        (post_with(platform=""), '"platform": expected a string that is not empty'),
        (post_with(platform="x \x1b]0;owned\x07"), '"platform": \'x .* is no name of a platform'),
        (post_with(platform="-x"), "no name of a platform"),
        (post_with(platform="x" * 33), "no name of a platform"),
        (post_with(platform="х"), "no name of a platform"),  # Cyrillic
        (post_with(created="yesterday"), "\"created\": expected a date in ISO 8601, found 'yesterday'"),
        (post_with(created="2024-05-01T12:00:00"), "with a time zone"),
        (post_with(created="0001-01-01T00:00:00+14:00"), "outside the years"),
        (post_with(created=1714560000), '"created": expected a string or null'),
        (post_with(created="2024-05-01T12:00:00Z", precision="hour"), '"precision": expected one of second'),
        (post_with(tags="kiln"), '"tags": expected a list of strings'),
        (post_with(tags=["kiln", 1]), '"tags": expected a list of strings'),
        (post_with(links=[{"url": "https://a.test"}, 3]), r'"links"\[1\]: expected an object, found a number'),
        (post_with(links=[{"start": -1}]), r'"links"\[0\]: "start": expected a whole number or null, found -1'),
        (post_with(media=[{"alt": "x"}]), r'"media"\[0\]: no "kind"'),
        (post_with(counts={"likes": 2**63}), '"likes": expected a whole number'),
        (post_with(counts=[1]), '"counts": expected an object'),
        (post_with(reply_to="x:"), '"reply_to": expected platform:id'),
        (post_with(quotes=[None]), r'"quotes"\[0\]: "id": expected an id, found null'),
        (post_with(edits={}), '"edits": expected a list'),
        ({"type": "pin", "platform": "x", "post": "1"}, 'no "account"'),
        ({"type": "gap", "platform": "x", "id": "1"}, 'no "reason"'),
        ({"type": "account", "platform": "x", "id": "1", "followers": "12"}, '"followers": expected a whole number'),
    ],
)
def test_a_wrong_value_is_refused_by_key_and_kind(object_: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        record_of(object_, Accounts())


def test_platforms_and_kinds_of_media_are_closed_sets() -> None:
    for stated, name in {"Twitter": "x", "bsky": "bluesky", "myspace": "myspace", "x": "x"}.items():
        assert record_of(post_with(platform=stated), Accounts()).ref.platform == name  # type: ignore[union-attr] # a post
    kinds = ["image", "photo", "animated_gif", "\x1b[31m", "hologram"]
    post = record_of(post_with(media=[{"kind": kind} for kind in kinds]), Accounts())
    assert isinstance(post, Post)
    assert [item.kind for item in post.media] == ["image", "image", "gif", "unknown", "unknown"]
    answer = record_of(post_with(reply_to="Twitter:7"), Accounts())
    assert isinstance(answer, Post)
    assert answer.reply_to == Ref("x", "7")


def test_the_sample_export_uses_every_key_and_comes_back_line_by_line(seeds: Path) -> None:
    accounts_ = Accounts()
    used: set[str] = set()
    for line in (seeds / "jsonl/export.jsonl").read_text("utf-8").splitlines():
        object_ = decode(line)
        used |= {key for key, value in object_.items() if value not in (None, [], {})}
        *_, record = records_of(object_, accounts_)
        if isinstance(record, Post):
            author = Account(Ref("", ""), handle=object_["author"], name=object_["author_name"])
            assert encode(post_object(stored(record, author))) == line
    assert used >= {*POST_KEYS, *ACCOUNT_KEYS, "account", "post", "reason"}

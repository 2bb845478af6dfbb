"""Bluesky's API answers: each view becomes what it shows, under its own author, at any depth and in any order."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkeep.errors import DumpError
from threadkeep.parsers.bluesky import api as bluesky_json
from threadkeep.records import Account, Gap, Link, Media, Parsed, Pin, Post, Ref, Repost, Skipped
from threadkeep.sources.source import Options, Source

POST = "app.bsky.feed.post"
MIRA, ODO = "did:plc:mira4kiln4glaze4notes4aa", "did:plc:odo4harbour4walks4every4b"
CREATED = "2024-05-01T12:30:00.250Z"


def read(source: Source) -> tuple[list[Parsed], list[tuple[str, str]]]:
    """Everything an answer gives, and what is wrong with it, as an archive would keep both."""
    found: list[Parsed] = []
    problems = []
    try:
        for entry in bluesky_json.entries(source):
            try:
                found += bluesky_json.parse(entry)
            except ValueError as error:
                problems.append((entry.locator, str(error)))
    except DumpError as error:
        problems.append(("file", str(error)))
    return found, problems


def read_text(folder: Path, text: str, **options: Any) -> tuple[list[Parsed], list[tuple[str, str]]]:
    path = folder / "answer.json"
    path.write_text(text, encoding="utf-8")
    return read(Source.from_path(path, Options(**options)))


def read_json(folder: Path, answer: Any, **options: Any) -> tuple[list[Parsed], list[tuple[str, str]]]:
    return read_text(folder, json.dumps(answer), **options)


def of(kind: type, found: list[Parsed]) -> list[Any]:
    return [item for item in found if isinstance(item, kind)]


def texts(found: list[Parsed]) -> list[str]:
    return [item.text for item in of(Post, found)]


def uri(key: str, did: str = MIRA, collection: str = POST) -> str:
    return f"at://{did}/{collection}/{key}"


def author(did: str = MIRA, handle: str = "mira.example.com", **more: Any) -> dict[str, Any]:
    return {"did": did, "handle": handle, **more}


def record(text: str = "Frost.", **more: Any) -> dict[str, Any]:
    return {"$type": POST, "text": text, "createdAt": CREATED, **more}


def view(key: str = "3k", text: str = "Frost.", embed: Any = None, **more: Any) -> dict[str, Any]:
    shown = {"uri": uri(key), "cid": "bafyrei", "author": author(), "record": record(text, **more)}
    return shown if embed is None else {**shown, "embed": embed}


def quoted(**shown: Any) -> dict[str, Any]:
    return {"$type": "app.bsky.embed.record#view", "record": shown}


def test_a_feed_gives_posts_pins_reposts_and_gaps(seeds: Path) -> None:
    found, problems = read(Source.from_path(seeds / "bluesky-json/bluesky-feed.json"))
    assert not problems
    assert {account.handle: account.name for account in of(Account, found)} == {
        "mira.example.com": "Mira Okafor",
        "odo.example.org": "Odo Lindqvist",
    }
    posts = {post.ref: post for post in of(Post, found)}
    assert Counter(post.author.id for post in posts.values()) == {MIRA: 8, ODO: 2}
    assert [posts[pin.post].text for pin in of(Pin, found)] == [
        "Kiln log, May ❄️ and 🔥: cone 10 in 31 hours. example.com/log #woodfire"
    ]
    assert {gap.reason for gap in of(Gap, found)} == {"not found", "blocked"}


def test_a_repost_belongs_to_who_reposted_and_the_post_to_its_author(seeds: Path) -> None:
    found, _ = read(Source.from_path(seeds / "bluesky-json/bluesky-feed.json"))
    (repost,) = of(Repost, found)
    original = next(post for post in of(Post, found) if post.ref == repost.post)
    assert (repost.account.id, original.author.id, original.text) == (MIRA, ODO, "Low tide.")
    assert repost.created.instant.isoformat() == "2024-05-04T02:30:00+00:00"
    assert original.created.instant.isoformat() == "2024-05-04T01:00:00+00:00"


def test_a_thread_is_read_upwards_and_downwards(seeds: Path) -> None:
    found, problems = read(Source.from_path(seeds / "bluesky-json/bluesky-thread.json"))
    assert not problems
    posts = of(Post, found)
    assert texts(found) == [
        "Which tide table do you trust?",
        "Mine is from 1998.",
        "The one at example.com/tides",
        "Same here. ¡Gracias!",
    ]
    assert [post.reply_to for post in posts] == [None, *(post.ref for post in posts[:3])]
    assert {post.root for post in posts} == {None, posts[0].ref}
    assert [gap.reason for gap in of(Gap, found)] == ["blocked", "not found"]


def test_a_view_completes_what_the_record_states(tmp_path: Path) -> None:
    image = {"alt": "", "image": {"$type": "blob", "ref": {"$link": "bafkrei1"}, "mimeType": "image/jpeg"}}
    shown = {"alt": "A bowl.", "fullsize": "https://cdn.example.com/full", "thumb": "https://cdn.example.com/thumb"}
    answer = view(embed={"$type": "app.bsky.embed.images#view", "images": [shown]})
    answer["record"]["embed"] = {"$type": "app.bsky.embed.images", "images": [image]}
    (post,) = of(Post, read_json(tmp_path, {"posts": [answer]})[0])
    assert post.media == (Media("image", "https://cdn.example.com/full", alt="A bowl."),)
    del answer["embed"]
    (post,) = of(Post, read_json(tmp_path, {"posts": [answer]})[0])
    assert post.media == (Media("image", f"https://cdn.bsky.app/img/feed_fullsize/plain/{MIRA}/bafkrei1"),)


def test_counts_are_those_that_are_there(tmp_path: Path) -> None:
    answer = {**view(), "replyCount": 2, "likeCount": 0, "repostCount": None, "quoteCount": -1, "bookmarkCount": 9}
    (post,) = of(Post, read_json(tmp_path, {"posts": [answer]})[0])
    assert post.counts == {"replies": 2, "likes": 0}


def test_the_authors_own_labels_are_a_warning_and_those_of_others_are_not(tmp_path: Path) -> None:
    labels = [{"src": MIRA, "val": "nudity"}, {"src": MIRA, "val": "gore", "neg": True}, {"src": ODO, "val": "spam"}]
    answer = {**view(labels={"values": [{"val": "sexual"}, {"val": "nudity"}, 7]}), "labels": labels}
    (post,) = of(Post, read_json(tmp_path, {"posts": [answer]})[0])
    assert post.warning == "sexual, nudity"


def test_a_quoted_post_is_a_post_of_its_author(tmp_path: Path) -> None:
    shown = {
        "$type": "app.bsky.embed.record#viewRecord",
        "uri": uri("3a", ODO),
        "author": author(ODO, "odo.example.org", displayName="Odo"),
        "value": record("Low tide."),
        "likeCount": 4,
        "embeds": [quoted(**{"$type": "app.bsky.embed.record#viewNotFound", "uri": uri("3b", ODO), "notFound": True})],
    }
    stated = {"$type": "app.bsky.embed.record", "record": {"uri": uri("3a", ODO), "cid": "bafyrei"}}
    answer = view(embed=quoted(**shown))
    answer["record"]["embed"] = stated
    found, problems = read_json(tmp_path, {"posts": [answer]})
    assert not problems
    mine, other = of(Post, found)
    assert mine.quotes == (other.ref,)
    assert (other.author, other.text, other.counts) == (Ref("bluesky", ODO), "Low tide.", {"likes": 4})
    assert of(Gap, found) == [Gap(Ref("bluesky", uri("3b", ODO)), "not found")]


@pytest.mark.parametrize(
    ("kind", "flag", "reason"),
    [
        ("app.bsky.feed.defs#notFoundPost", "notFound", "not found"),
        ("app.bsky.feed.defs#blockedPost", "blocked", "blocked"),
        ("app.bsky.embed.record#viewBlocked", "blocked", "blocked"),
        ("app.bsky.embed.record#viewDetached", "detached", "detached"),
    ],
)
def test_a_post_that_is_not_shown_is_a_gap(tmp_path: Path, kind: str, flag: str, reason: str) -> None:
    gap = Gap(Ref("bluesky", uri("3z", ODO)), reason)
    shown = {"$type": kind, "uri": uri("3z", ODO), flag: True}
    assert read_json(tmp_path, {"thread": shown}) == ([gap], [])
    assert of(Gap, read_json(tmp_path, {"posts": [view(embed=quoted(**shown))]})[0]) == [gap]


def test_a_quoted_list_is_a_link_named_as_the_view_names_it(tmp_path: Path) -> None:
    listed = uri("3l", ODO, "app.bsky.graph.list")
    answer = view(embed=quoted(**{"$type": "app.bsky.graph.defs#listView", "uri": listed, "name": "Wood firers"}))
    answer["record"]["embed"] = {"$type": "app.bsky.embed.record", "record": {"uri": listed}}
    (post,) = of(Post, read_json(tmp_path, {"posts": [answer]})[0])
    assert post.quotes == ()
    assert post.links == (Link(f"https://bsky.app/profile/{ODO}/lists/3l", title="Wood firers"),)


def test_a_card_is_a_link_below_the_text(tmp_path: Path) -> None:
    external = {"uri": "https://example.org/kilns", "title": "Kilns", "description": "A history."}
    answer = view(embed={"$type": "app.bsky.embed.external#view", "external": external})
    answer["record"]["embed"] = {"$type": "app.bsky.embed.external", "external": external}
    (post,) = of(Post, read_json(tmp_path, {"posts": [answer]})[0])
    assert post.links == (Link("https://example.org/kilns", title="Kilns", description="A history."),)


@pytest.mark.parametrize("key", ["items", "media"])
def test_a_gallery_is_read_under_both_its_names(tmp_path: Path, key: str) -> None:
    images = [{"alt": f"Bowl {n}", "fullsize": f"https://cdn.example.com/{n}", "thumbnail": ""} for n in range(5)]
    (post,) = of(Post, read_json(tmp_path, {"posts": [view(embed={"$type": "gallery#view", key: images})]})[0])
    assert [(item.alt, item.url) for item in post.media] == [(i["alt"], i["fullsize"]) for i in images]


def test_a_video_that_plays_as_a_gif_is_one(tmp_path: Path) -> None:
    shown = {"$type": "app.bsky.embed.video#view", "playlist": "https://video.example.com/p.m3u8", "alt": "A wheel."}
    answer = view(embed=shown)
    answer["record"]["embed"] = {"$type": "app.bsky.embed.video", "video": {}, "presentation": "gif"}
    (post,) = of(Post, read_json(tmp_path, {"posts": [answer]})[0])
    assert post.media == (Media("gif", "https://video.example.com/p.m3u8", alt="A wheel."),)


def test_records_of_a_collection_are_read_like_a_repository(tmp_path: Path) -> None:
    repost = {"$type": "app.bsky.feed.repost", "subject": {"uri": uri("3z", ODO)}, "createdAt": CREATED}
    profile = {"$type": "app.bsky.actor.profile", "displayName": "Mira", "pinnedPost": {"uri": uri("3k")}}
    values = [
        (uri("3k"), record()),
        (uri("3r", collection="app.bsky.feed.repost"), repost),
        (uri("self", collection="app.bsky.actor.profile"), profile),
        (uri("3l", collection="app.bsky.feed.like"), {"$type": "app.bsky.feed.like"}),
        (uri("3x", collection="com.example.kiln"), {"cone": 10}),
    ]
    answer = {"records": [{"uri": place, "cid": "bafyrei", "value": value} for place, value in values], "cursor": "3k"}
    found, problems = read_json(tmp_path, answer)
    assert not problems
    kinds = ["Account", "Post", "Repost", "Account", "Pin", "Skipped", "Skipped"]
    assert [type(item).__name__ for item in found] == kinds
    assert [item.reason for item in of(Skipped, found)] == ["app.bsky.feed.like", "com.example.kiln"]
    assert {post.author for post in of(Post, found)} == {Ref("bluesky", MIRA)}


def test_a_bare_record_is_named_after_its_words_and_the_author_told(tmp_path: Path) -> None:
    (nobody,) = of(Post, read_json(tmp_path, record())[0])
    found, _ = read_json(tmp_path, record(), author="mira.example.com")
    (mine,) = of(Post, found)
    assert nobody.author is None
    assert (mine.author, nobody.ref.is_native, mine.ref.is_native) == (
        Ref("bluesky", "~mira.example.com"),
        False,
        False,
    )
    assert of(Account, found) == [
        Account(mine.author, "mira.example.com", url="https://bsky.app/profile/mira.example.com")
    ]


def test_an_answer_about_an_account_gives_what_it_says_of_it(tmp_path: Path) -> None:
    answer = author(
        displayName="Mira",
        description="Pots.",
        followersCount=3,
        followsCount=2,
        postsCount=1,
        pinnedPost={"uri": uri("3k"), "cid": "bafyrei"},
    )
    found, problems = read_json(tmp_path, answer)
    me = Ref("bluesky", MIRA)
    url = "https://bsky.app/profile/mira.example.com"
    assert not problems
    assert found == [Account(me, "mira.example.com", "Mira", "Pots.", url, 3, 2, 1), Pin(me, Ref("bluesky", uri("3k")))]


def test_an_account_without_a_valid_handle_has_none(tmp_path: Path) -> None:
    answer = {**view(), "author": author(handle="handle.invalid", displayName="Mira")}
    found, _ = read_json(tmp_path, {"posts": [answer]})
    assert [(item.handle, item.url) for item in of(Account, found)] == [(None, f"https://bsky.app/profile/{MIRA}")]


def test_an_author_of_whom_only_the_id_is_known_is_an_account_too(tmp_path: Path) -> None:
    found, _ = read_json(tmp_path, {"uri": uri("3k"), "cid": "bafyrei", "value": record()})
    assert of(Account, found) == [Account(Ref("bluesky", MIRA), url=f"https://bsky.app/profile/{MIRA}")]
    found, _ = read_json(tmp_path, {"uri": uri("3k", "mira.example.com"), "cid": "bafyrei", "value": record()})
    assert [account.handle for account in of(Account, found)] == ["mira.example.com"]


def test_each_account_is_given_once(tmp_path: Path) -> None:
    found, _ = read_json(tmp_path, {"posts": [view(str(number)) for number in range(5)]})
    assert (len(of(Post, found)), len(of(Account, found))) == (5, 1)


def test_a_thread_as_a_flat_list_is_read(tmp_path: Path) -> None:
    kind = "app.bsky.unspecced.defs#threadItem"
    items = [
        {"uri": uri("3k"), "depth": 0, "value": {"$type": f"{kind}Post", "post": view(), "moreReplies": 0}},
        {"uri": uri("3b"), "depth": 1, "value": {"$type": f"{kind}Blocked", "author": {"did": ODO}}},
        {"uri": uri("3c"), "depth": 1, "value": {"$type": f"{kind}NotFound"}},
        {"uri": uri("3d"), "depth": 1, "value": {"$type": f"{kind}NoUnauthenticated"}},
    ]
    found, problems = read_json(tmp_path, {"thread": items, "hasOtherReplies": False})
    assert not problems
    assert texts(found) == ["Frost."]
    assert [gap.reason for gap in of(Gap, found)] == ["blocked", "not found", "private"]


def test_notifications_give_posts_and_name_the_rest(tmp_path: Path) -> None:
    like = {"uri": uri("3l", ODO, "app.bsky.feed.like"), "author": author(ODO, "odo.example.org"), "reason": "like"}
    answer = {"notifications": [{**view(), "reason": "reply"}, {**like, "record": {"$type": "app.bsky.feed.like"}}]}
    found, problems = read_json(tmp_path, answer)
    assert not problems
    assert texts(found) == ["Frost."]
    assert [item.reason for item in of(Skipped, found)] == ["app.bsky.feed.like"]


def test_lines_of_jetstream_are_read(tmp_path: Path) -> None:
    written = {"operation": "create", "collection": POST, "rkey": "3k", "record": record(), "cid": "bafyrei"}
    events = [
        {"did": MIRA, "time_us": 1, "kind": "commit", "commit": written},
        {"did": MIRA, "kind": "commit", "commit": {"operation": "delete", "collection": POST, "rkey": "3a"}},
        {"did": MIRA, "kind": "commit", "commit": {"operation": "delete", "collection": "app.bsky.feed.like"}},
        {"did": MIRA, "kind": "identity", "identity": {"did": MIRA, "handle": "mira.example.com"}},
    ]
    found, problems = read_text(tmp_path, "\n".join(json.dumps(event) for event in events))
    assert not problems
    assert [(post.ref.id, post.author.id) for post in of(Post, found)] == [(uri("3k"), MIRA)]
    assert of(Gap, found) == [Gap(Ref("bluesky", uri("3a")), "deleted")]
    assert [item.reason for item in of(Skipped, found)] == ["delete of app.bsky.feed.like"]
    assert [account.handle for account in of(Account, found)] == [None, "mira.example.com"]


@pytest.mark.parametrize(
    "answer",
    [
        {"feed": [{"post": view()}]},
        {"posts": [view()], "cursor": "x", "hitsTotal": 1},
        {"thread": {"post": view(), "replies": []}, "threadgate": None},
        {"success": True, "headers": {"a": "b"}, "data": {"feed": [{"post": view()}]}},
        {"value": [{"post": view()}]},
        {"bookmarks": [{"subject": {"uri": uri("3k"), "cid": "b"}, "item": view(), "createdAt": CREATED}]},
        {"uri": uri("3k"), "cid": "bafyrei", "value": record()},
        [{"post": view()}],
        [view()],
        view(),
        {"post": view()},
        [[view()]],
    ],
)
def test_whatever_wraps_a_post_it_is_found_once(tmp_path: Path, answer: Any) -> None:
    found, problems = read_json(tmp_path, answer)
    assert not problems
    assert [(post.ref.id, post.text) for post in of(Post, found)] == [(uri("3k"), "Frost.")]


def test_answers_may_stand_on_lines(tmp_path: Path) -> None:
    lines = [json.dumps({"feed": [{"post": view(str(number), f"Note {number}.")}]}) for number in range(3)]
    found, problems = read_text(tmp_path, "\n".join([lines[0], "", "{broken", lines[1], "\ufeff" + lines[2]]))
    assert texts(found) == ["Note 0.", "Note 1.", "Note 2."]
    assert [place for place, _ in problems] == ["line 3"]
    found, problems = read_text(tmp_path, "\n".join(["{broken", *lines]))
    assert (len(texts(found)), [place for place, _ in problems]) == (3, ["line 1"])


def test_a_feed_that_is_cut_off_gives_the_whole_posts_and_says_so(tmp_path: Path) -> None:
    text = json.dumps({"cursor": "x", "feed": [{"post": view(str(number), f"Note {number}.")} for number in range(9)]})
    found, problems = read_text(tmp_path, text[: text.index("Note 6.")])
    assert texts(found) == [f"Note {number}." for number in range(6)]
    assert len(problems) == 1
    assert "cut off" in problems[0][1]


def test_a_thread_that_is_cut_off_gives_the_whole_posts_and_says_so(tmp_path: Path) -> None:
    node: dict[str, Any] = {"post": view("8", "Note 8."), "replies": []}
    for number in range(7, -1, -1):
        node = {"post": view(str(number), f"Note {number}."), "replies": [node]}
    text = json.dumps({"thread": node})
    found, problems = read_text(tmp_path, text[: text.index("Note 5.")])
    assert texts(found) == [f"Note {number}." for number in range(5)]
    assert len(problems) == 1
    assert "not JSON" in problems[0][1]


@pytest.mark.parametrize("key", ["replies", "parent"])
def test_a_conversation_of_any_depth_is_read(tmp_path: Path, key: str) -> None:
    count = 3000
    opening = "".join(
        f'{{"post": {json.dumps(view(str(number), f"Note {number}."))}, "{key}": {"[" if key == "replies" else ""}'
        for number in range(count)
    )
    closing = ("]}" if key == "replies" else "}") * count
    found, problems = read_text(tmp_path, f'{{"thread": {opening}{"" if key == "replies" else "null"}{closing}}}')
    assert not problems
    assert len(of(Post, found)) == count


def test_quotes_of_any_depth_are_read(tmp_path: Path) -> None:
    shown: Any = view("0", "Note 0.")
    for number in range(1, 80):
        inner = {
            **quoted(uri=shown["uri"], value=shown.pop("record"), author=author(), embeds=[shown.pop("embed", {})])
        }
        shown = view(str(number), f"Note {number}.", embed=inner)
    found, problems = read_json(tmp_path, {"posts": [shown]})
    assert not problems
    assert sorted(texts(found)) == sorted(f"Note {number}." for number in range(80))


@pytest.mark.parametrize(
    "text",
    [
        '{"$type": "app.bsky.feed.post", "x": ' + "[" * 200_000,
        '{"$type": "app.bsky.feed.post", "text": ' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"feed": [' + "[" * 50_000 + "7" + "]" * 50_000 + "]}",
        '{"feed": ["' + "x" * 1_000_000 + '"]}',
        '{"feed": ' + " " * 1_000_000 + '[{"post": "at://did:plc:mira/app.bsky.feed.post/3k"}]}',
        '{"a": 1, "$type": "app.bsky.feed.post"' * 20_000,
        '{"thread": {"post": {"uri": "record(0)", "record": {"text": 1}}}}',
        '{"feed": [{"post": {"author": {}, "record": {}}}, {"reason": {}}, 3, null]}',
    ],
)
def test_hostile_answers_end_in_words(tmp_path: Path, text: str) -> None:
    _, problems = read_text(tmp_path, text)
    assert problems
    assert all(words and len(place) < 300 for place, words in problems)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"feed": [{"post": {**view(), "record": {"$type": POST}}}]}, "it has no text"),
        ({"feed": [{"post": {**view(), "record": {"$type": POST, "text": None}}}]}, "its text is null, not text"),
        ({"feed": [{"post": uri("3k")}]}, "it is not a post, a record or an account"),
        ({"posts": ["hello"]}, "it is not a post, a record or an account"),
        ({"feed": [{"post": view(), "reason": {"$type": "x#reasonRepost", "by": {}}}]}, "does not say by whom"),
    ],
)
def test_an_item_of_another_form_is_a_problem_of_its_own(tmp_path: Path, answer: Any, words: str) -> None:
    answer[next(iter(answer))].append(view("3z", "Fine."))
    found, problems = read_json(tmp_path, answer)
    assert "Fine." in texts(found)
    assert len(problems) == 1
    assert words in problems[0][1]


def test_a_reason_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    found, _ = read_json(tmp_path, {"feed": [{"post": view(), "reason": {"$type": "app.bsky.feed.defs#reasonAd"}}]})
    assert [item.reason for item in of(Skipped, found)] == ["reason app.bsky.feed.defs#reasonAd"]


def test_half_a_surrogate_pair_spoils_nothing(tmp_path: Path) -> None:
    text = json.dumps({"posts": [view("3a", "half \ud83d"), view("3b", "Fine.")]})
    assert texts(read_text(tmp_path, text)[0]) == ["half \ud83d", "Fine."]


def test_an_empty_feed_is_no_error_and_other_json_is(tmp_path: Path) -> None:
    assert read_json(tmp_path, {"feed": []}) == ([], [])
    for other in ({"hello": "world"}, {"thread": None}, {"feed": {}}, 7, None, "feed"):
        assert "nothing in it is a post" in read_json(tmp_path, other)[1][0][1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"type":"post","id":"at://did:plc:mira/app.bsky.feed.post/3k","platform":"bluesky","text":"hi"}',
        '{"uri": "at://did:plc:mira/app.bsky.feed.post/3k", "text": "a row of somebody\'s table", "author": "mira"}',
        'I saw "$type": "app.bsky.feed.post" in a file.',
        '{"text": "they write \\"$type\\": \\"app.bsky.feed.post\\""}',
        '{"id": "1", "uri": "https://example.social/users/mira/statuses/1", "record": {}}',
        "[{" + " " * 60_000,
    ],
)
def test_other_dumps_are_not_claimed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other"
    path.write_text(text, encoding="utf-8")
    assert not bluesky_json.recognizes(Source.from_path(path))


def test_every_kind_of_answer_is_recognized(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    answers = [{"feed": [{"post": view()}]}, [view()], view(), record(), author(), {"profiles": [author()]}]
    answers.append({"records": [{"uri": uri("3k", collection="com.example.kiln"), "cid": "b", "value": {"cone": 10}}]})
    for answer in answers:
        for indent in (None, 2):
            path.write_text(json.dumps(answer, indent=indent), encoding="utf-8")
            assert bluesky_json.recognizes(Source.from_path(path)), answer


def test_no_sample_of_another_kind_is_claimed(seeds: Path, shared: Path) -> None:
    files = [*seeds.rglob("*"), *(shared / "dumps").rglob("*"), *(shared / "seeds").rglob("*")]
    for path in files:
        if path.is_file() and not path.name.endswith(".expected.jsonl"):
            ours = path.parent.name in ("bsky-json", "granary") or path.name in (
                "bluesky-feed.json",
                "bluesky-thread.json",
            )
            assert bluesky_json.recognizes(Source.from_path(path)) == ours, path


JUNK = [
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    "x",
    uri("3k"),
    [],
    {},
    [1],
    {"uri": 5},
    [[]],
    {"$type": 5},
    [None],
    "\ud83d",
]


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_an_answer_it_is_read_or_told(tmp_path: Path, seeds: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["bluesky-feed.json", "bluesky-thread.json"]))
    answer = json.loads((seeds / "bluesky-json" / name).read_text("utf-8"))
    holders: list[Any] = [answer]
    for holder in holders:
        inner = holder.values() if isinstance(holder, dict) else holder
        holders += [item for item in inner if isinstance(item, dict | list) and item]
    for _ in range(data.draw(st.integers(1, 6))):
        holder = data.draw(st.sampled_from(holders))
        key = data.draw(st.sampled_from(sorted(holder))) if isinstance(holder, dict) else 0
        holder[key] = data.draw(st.sampled_from(JUNK))
    found, problems = read_json(tmp_path, answer)
    assert found or problems or [] in answer.values()
    for post in of(Post, found):
        assert all(link.start is None or link.text == post.text[link.start : link.end] for link in post.links)


def real(shared: Path, pattern: str) -> list[Path]:
    found = sorted((shared / "dumps/bsky-json").rglob(pattern))
    assert found
    return found


def test_real_answers_give_what_was_counted_in_them(shared: Path) -> None:
    facts = json.loads((shared / "dumps/FACTS.json").read_text("utf-8"))
    for path in real(shared, "*.json"):
        counted = facts[path.relative_to(shared / "dumps").as_posix()]
        found, problems = read(Source.from_path(path))
        assert not problems, path
        kinds = Counter({kind.partition(".")[2]: count for kind, count in counted["types"].items()})
        missing = ("defs#notFoundPost", "defs#blockedPost", "record#viewNotFound", "record#viewBlocked")
        gaps = sum(count for kind, count in counted["types"].items() if kind.endswith(missing))
        assert len(of(Post, found)) == kinds["post"], path
        assert len(of(Repost, found)) == counted.get("reposts", kinds["defs#reasonRepost"]), path
        assert len(of(Pin, found)) == counted.get("pins", 0), path
        assert len(of(Gap, found)) == gaps, path
        assert len(of(Skipped, found)) == kinds["generator"], path
        assert found, path

"""Answers of Mastodon's API: statuses, conversations, histories, accounts, and what they leave unsaid."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parser_reading import passed_on

from threadkeep.errors import DumpError
from threadkeep.parsers.fediverse import api as mastodon_api
from threadkeep.parsers.registry import parser_for
from threadkeep.records import (
    Account,
    Link,
    Media,
    Parsed,
    Pin,
    PollOption,
    Post,
    Ref,
    Repost,
    Skipped,
    When,
    account_ref,
    post_ref,
)
from threadkeep.sources.source import Source


def account(name: str = "mira", host: str = "kilns.example", number: str = "3", **more: Any) -> dict[str, Any]:
    base = f"https://{host}"
    acct = name if host == "kilns.example" else f"{name}@{host}"
    own = {"id": number, "username": name, "acct": acct, "display_name": "", "note": "", "url": f"{base}/@{name}"}
    return {**own, "uri": f"{base}/users/{name}", **more}


MIRA, BEA = account(), account("bea", "clay.example", "9")


def status(number: int = 1, by: dict[str, Any] = MIRA, **more: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "created_at": "2024-05-01T06:00:00.000Z",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "uri": f"{by['uri']}/statuses/{number}" if by is MIRA else f"{by['uri']}/p/{number}",
        "url": f"{by['url']}/{number}",
        "content": "<p>Frost.</p>",
        "reblog": None,
        "account": by,
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "quote": None,
        **more,
    }


def ref(number: int, by: dict[str, Any] = MIRA) -> Ref:
    return Ref("mastodon", status(number, by)["uri"])


def written_to(tmp_path: Path, *values: object) -> Source:
    path = tmp_path / "x.json"
    path.write_text("\n".join(value if isinstance(value, str) else json.dumps(value) for value in values), "utf-8")
    return Source.from_path(path)


def read(source: Source) -> list[Parsed]:
    assert mastodon_api.recognizes(source)
    return passed_on(item for entry in mastodon_api.entries(source) for item in mastodon_api.parse(entry))


def posts(records: list[Parsed]) -> list[Post]:
    return [record for record in records if isinstance(record, Post)]


def kinds(records: list[Parsed]) -> list[str]:
    return [type(record).__name__ for record in records]


@pytest.fixture
def posted(tmp_path: Path) -> Any:
    return lambda **more: posts(read(written_to(tmp_path, status(**more))))[0]


class TestRealAnswers:
    def samples(self, shared: Path) -> list[tuple[Path, dict[str, int]]]:
        facts = json.loads((shared / "dumps" / "FACTS.json").read_text("utf-8"))
        return [(shared / "dumps" / name, said) for name, said in facts.items() if name.startswith("mastodon-api/")]

    def test_the_numbers_are_those_an_independent_counter_found(self, shared: Path) -> None:
        for path, said in self.samples(shared):
            source = Source.from_path(path)
            assert parser_for(source).NAME == "mastodon-api"
            entries = list(mastodon_api.entries(source))
            assert len(entries) == said["statuses"], path
            # The counter looks at what is outermost, and so do these.
            outer = [next(item for item in mastodon_api.parse(entry) if not isinstance(item, Account))
                     for entry in entries if "statuses_count" not in entry.data.item.value]  # fmt: skip
            found = posts(outer)
            assert sum(isinstance(item, Repost) for item in outer) == said.get("reblogs", 0), path
            assert sum(post.reply_to is not None for post in found) == said.get("replies", 0), path
            assert sum(bool(post.quotes) for post in found) == said.get("quotes", 0), path
            assert sum(len(post.media) for post in found) == said.get("media", 0), path
            assert sum(item.alt is not None for post in found for item in post.media) == said.get("alt", 0), path
            assert sum(bool(post.poll) for post in found) == said.get("poll", 0), path
            assert sum(link.title is not None for post in found for link in post.links) == said.get("card", 0), path

    def test_a_status_with_everything(self, shared: Path) -> None:
        (found,) = posts(read(Source.from_path(shared / "dumps" / "mastodon-api" / "entity_status_00.json")))
        assert found.text.startswith("@halcy you're a doo-doo head\n\nedit: editing this")
        assert found.tags == ("ThisIsAHashtag",)
        assert found.mentions == ("halcy@icosahedron.website",)
        assert found.warning == "test post for mastodon.py stuff"
        assert [(item.kind, item.alt) for item in found.media] == [("gif", "a furry cube breakdancing")]
        assert found.edits == ()

    def test_no_dump_of_another_kind_is_recognized(self, shared: Path) -> None:
        for path in sorted(shared.glob("dumps/*/**/*")) + sorted(shared.glob("seeds/*")):
            if path.is_file() and path.parent.name != "mastodon-api":
                assert not mastodon_api.recognizes(Source.from_path(path)), path


class TestReplies:
    def test_a_number_is_the_id_of_the_status_in_the_dump(self, tmp_path: Path) -> None:
        answer = status(2, BEA, in_reply_to_id="1", in_reply_to_account_id="3")
        found = posts(read(written_to(tmp_path, [answer, status(1)])))  # newest first, as timelines are
        assert found[0].reply_to == ref(1)

    def test_an_author_whose_ids_are_seen_has_others_like_them(self, tmp_path: Path) -> None:
        answer = status(2, in_reply_to_id="1", in_reply_to_account_id="3")
        assert posts(read(written_to(tmp_path, answer)))[0].reply_to == ref(1)

    def test_what_answers_an_unknown_status_is_still_an_answer(self, tmp_path: Path) -> None:
        answer = status(2, BEA, in_reply_to_id="1", in_reply_to_account_id="3")
        assert posts(read(written_to(tmp_path, answer)))[0].reply_to == Ref("mastodon", "~1")

    def test_one_number_given_twice_says_nothing(self, tmp_path: Path) -> None:
        answer = status(2, BEA, in_reply_to_id="1")
        found = posts(read(written_to(tmp_path, status(1), status(1, BEA), answer)))
        assert found[2].reply_to == Ref("mastodon", "~1")

    def test_a_conversation_has_a_root_even_where_its_middle_is_missing(self, tmp_path: Path) -> None:
        context = {"ancestors": [status(1)], "descendants": [status(3, BEA, in_reply_to_id="2")]}
        first, last = posts(read(written_to(tmp_path, context)))
        assert (first.root, last.root) == (None, ref(1))

    def test_ancestors_that_begin_in_the_middle_are_no_root(self, tmp_path: Path) -> None:
        context = {"ancestors": [status(5, BEA, in_reply_to_id="4")], "descendants": [status(7, BEA)]}
        assert [post.root for post in posts(read(written_to(tmp_path, context)))] == [None, None]

    def test_an_empty_conversation_is_read(self, tmp_path: Path) -> None:
        assert read(written_to(tmp_path, '{"ancestors":[],"descendants":[]}')) == []


class TestStatuses:
    def test_a_boost_is_a_repost_and_the_authors_own_post(self, tmp_path: Path) -> None:
        found = read(written_to(tmp_path, status(2, content="", reblog=status(7, BEA))))
        assert kinds(found) == ["Account", "Repost", "Account", "Post"]
        assert isinstance(found[1], Repost)
        assert (found[1].account.id, found[1].post) == (MIRA["uri"], ref(7, BEA))
        assert posts(found)[0].author == Ref("mastodon", BEA["uri"])

    @pytest.mark.parametrize("wrap", [lambda inner: {"state": "accepted", "quoted_status": inner}, lambda inner: inner])
    def test_a_quoted_status_is_a_post_of_its_own(self, wrap: Any, tmp_path: Path) -> None:
        found = posts(read(written_to(tmp_path, status(2, quote=wrap(status(7, BEA))))))
        assert found[0].quotes == (ref(7, BEA),)
        assert found[1].ref == ref(7, BEA)

    def test_a_quote_by_number_is_known_only_from_the_dump(self, tmp_path: Path) -> None:
        quote = {"state": "accepted", "quoted_status_id": "7"}
        assert posts(read(written_to(tmp_path, status(2, quote=quote))))[0].quotes == ()
        found = posts(read(written_to(tmp_path, status(2, quote=quote), status(7, BEA))))
        assert found[0].quotes == (ref(7, BEA),)

    def test_a_pin_is_no_second_post(self, tmp_path: Path) -> None:
        found = read(written_to(tmp_path, status(pinned=True)))
        assert found[2:] == [Pin(Ref("mastodon", MIRA["uri"]), ref(1))]
        assert kinds(read(written_to(tmp_path, status(pinned=False)))) == ["Account", "Post"]

    @pytest.mark.parametrize(
        ("said", "visibility"),
        [("public", "public"), ("unlisted", "unlisted"), ("private", "followers"), ("direct", "direct"), (None, None),
         ("limited", "direct"), ("local", "followers")],
    )  # fmt: skip
    def test_words_for_who_may_read(self, said: str | None, visibility: str | None, posted: Any) -> None:
        assert posted(visibility=said).visibility == visibility

    def test_warnings(self, posted: Any) -> None:
        assert posted(spoiler_text="food", sensitive=True).warning == "food"
        assert posted(sensitive=True).warning == "sensitive"
        assert posted().warning is None

    def test_a_card_hangs_below_the_post(self, posted: Any) -> None:
        assert posted(card={"url": "https://a.example/", "title": "A"}).links == (
            Link("https://a.example/", title="A"),
        )

    def test_a_poll_has_its_options_and_their_votes(self, posted: Any) -> None:
        post = posted(poll={"options": [{"title": "Raku", "votes_count": 3}, {"title": "Salt"}]})
        assert post.text == "Frost."
        assert post.poll == (PollOption("Raku", 3), PollOption("Salt"))

    def test_media_keep_their_alt_text_and_their_first_address(self, posted: Any) -> None:
        item = {"type": "gifv", "url": "https://k.example/c.mp4", "remote_url": "https://o.example/c.mp4"}
        unread = {"type": "unknown", "url": None, "remote_url": "https://o.example/d.webm", "description": "a cube"}
        assert posted(media_attachments=[item, unread]).media == (
            Media("gif", "https://o.example/c.mp4"),
            Media("video", "https://o.example/d.webm", alt="a cube"),
        )

    def test_counts_and_language(self, posted: Any) -> None:
        found = posted(replies_count=1, reblogs_count=2, favourites_count=3, quotes_count=0, language="sv")
        assert found.counts == {"replies": 1, "reposts": 2, "likes": 3, "quotes": 0}
        assert found.language == "sv"

    def test_a_mention_on_the_same_server_gets_its_host(self, posted: Any) -> None:
        here = {"acct": "ivo", "url": "https://kilns.example/@ivo"}
        assert posted(mentions=[here, {"acct": "bea@clay.example", "url": "https://x.example/"}]).mentions == (
            "ivo@kilns.example",
            "bea@clay.example",
        )

    def test_an_account_of_older_software_is_known_by_its_handle(self, tmp_path: Path) -> None:
        old = {key: value for key, value in MIRA.items() if key != "uri"}
        first, found = read(written_to(tmp_path, status(account=old)))
        assert isinstance(first, Account)
        assert isinstance(found, Post)
        assert first.ref == found.author == account_ref("mastodon", "mira@kilns.example")

    def test_an_impossible_time_is_left_out_and_counted(self, tmp_path: Path) -> None:
        found = read(written_to(tmp_path, status(created_at="9999-01-01T00:00:00Z")))
        assert posts(found)[0].created is None
        assert found[-1] == Skipped("a time that cannot be")


class TestOtherAnswers:
    def test_a_history_is_one_post_with_its_earlier_versions(self, tmp_path: Path) -> None:
        version = {"spoiler_text": "", "account": MIRA}
        first = {**version, "content": "<p>VS Code</p>", "created_at": "2024-05-01T06:00:00Z"}
        second = {**version, "content": "<p>Kate</p>", "created_at": "2024-05-01T07:00:00Z"}
        (found,) = posts(read(written_to(tmp_path, json.dumps([first, second], indent=1))))
        assert (found.text, [edit.text for edit in found.edits]) == ("Kate", ["VS Code"])
        assert found.ref == post_ref("mastodon", "mira@kilns.example", "Kate")
        assert found.created is not None
        assert found.created.instant.hour == 6

    def test_a_source_alone_is_a_post_and_beside_its_status_nothing_new(self, tmp_path: Path) -> None:
        source = {"id": "1", "text": "Frost.", "spoiler_text": "cold"}
        (alone,) = posts(read(written_to(tmp_path, source)))
        assert (alone.text, alone.warning, alone.author) == ("Frost.", "cold", None)
        assert read(written_to(tmp_path, status(1), source))[2:] == [Skipped("the source of a post that the dump has")]

    def test_of_notifications_the_statuses_are_read(self, tmp_path: Path) -> None:
        item = {"id": "5", "type": "mention", "created_at": "2024-05-01T06:00:00Z", "account": BEA}
        found = read(written_to(tmp_path, [{**item, "status": status(7, BEA)}, {**item, "type": "follow"}]))
        assert kinds(found) == ["Skipped", "Account", "Post", "Skipped"]
        assert found[-1] == Skipped("notification follow")

    def test_a_search_gives_accounts_and_statuses(self, tmp_path: Path) -> None:
        tag = {"name": "pots", "url": "https://k.example/tags/pots", "history": []}
        answer = {"accounts": [BEA], "statuses": [status()], "hashtags": [tag]}
        assert kinds(read(written_to(tmp_path, answer))) == ["Account", "Account", "Post", "Skipped"]

    def test_pages_may_stand_one_a_line(self, tmp_path: Path) -> None:
        source = written_to(tmp_path, [status(1), status(2)], [], [status(3)])
        assert [entry.locator for entry in mastodon_api.entries(source)] == [
            "line 1 item 1",
            "line 1 item 2",
            "line 3 item 1",
        ]
        assert len(posts(read(source))) == 3

    def test_an_account_comes_once_unless_more_is_said_of_it(self, tmp_path: Path) -> None:
        fuller = {**MIRA, "note": "<p>Pots.</p>"}
        found = read(written_to(tmp_path, status(1), status(2), status(3, account=fuller), status(4)))
        assert kinds(found) == ["Account", "Post", "Post", "Account", "Post", "Post"]


class TestHostileInput:
    def test_a_cut_off_conversation_gives_what_came_before(self, tmp_path: Path) -> None:
        text = json.dumps({"ancestors": [status(1)], "descendants": [status(2), status(3)]})
        source = written_to(tmp_path, text[:-100])
        found = []
        with pytest.raises(DumpError, match="cut off"):
            for entry in mastodon_api.entries(source):
                found += list(mastodon_api.parse(entry))
        assert len(posts(found)) == 2

    def test_a_damaged_line_costs_only_itself(self, tmp_path: Path) -> None:
        source = written_to(tmp_path, status(1), '{"id": "2", "content"', status(3))
        first, bad, last = mastodon_api.entries(source)
        with pytest.raises(ValueError, match="not JSON"):
            list(mastodon_api.parse(bad))
        assert len(passed_on([*mastodon_api.parse(first), *mastodon_api.parse(last)])) == 3

    @pytest.mark.parametrize(
        "item",
        [None, 7, {}, {"error": "Record not found"}, status(account=None, reblog=status(2)),
         status(media_attachments=[7]), status(content=[]), status(reblog=[]), status(in_reply_to_id=1.5)],
    )  # fmt: skip
    def test_an_entry_of_another_kind_is_a_problem_in_words(self, item: object, tmp_path: Path) -> None:
        source = written_to(tmp_path, json.dumps([status(1), item]))
        _, entry = mastodon_api.entries(source)
        with pytest.raises(ValueError, match=r"\w+ \w+"):
            list(mastodon_api.parse(entry))

    def test_quotes_within_quotes_do_not_nest_calls(self, tmp_path: Path) -> None:
        deep = status(0)
        for number in range(1, 200):
            deep = status(number, quote={"quoted_status": deep})
        assert len(posts(read(written_to(tmp_path, deep)))) == 200

    def test_an_id_as_a_number_keeps_its_digits(self, tmp_path: Path) -> None:
        answer = status(2, BEA, id=115044073088181107, in_reply_to_id=115044053131672379)
        assert posts(read(written_to(tmp_path, answer)))[0].reply_to == Ref("mastodon", "~115044053131672379")

    def test_lone_surrogates_are_no_obstacle(self, tmp_path: Path) -> None:
        assert posts(read(written_to(tmp_path, status(content="<p>a\ud800</p>"))))[0].text == "a\ud800"

    @given(at=st.integers(0, 5000), put=st.sampled_from(list('{}[]",:\\0n')), cut=st.integers(0, 30))
    @settings(max_examples=60, deadline=None)
    def test_a_mutated_answer_never_ends_in_a_traceback(self, at: int, put: str, cut: int) -> None:
        text = json.dumps([status(1), status(2, reblog=status(3, BEA), quote={"quoted_status": status(4)})])
        at = at % len(text)
        mutated = (text[:at] + put + text[at + 1 :])[: len(text) - cut]
        with Source.from_stream("-", io.BytesIO(mutated.encode())) as source:
            try:
                for entry in mastodon_api.entries(source):
                    try:
                        list(mastodon_api.parse(entry))
                    except ValueError as error:
                        assert str(error)
            except DumpError as error:
                assert str(error)


def test_a_bridged_post_keeps_its_lines_and_others_fold_those_of_the_markup(tmp_path: Path) -> None:
    bridged = status(
        1, uri="https://bsky.brid.gy/convert/ap/at://did:plc:a/app.bsky.feed.post/3k", content="<p>a\nb</p>"
    )
    folded = status(2, uri="https://notbrid.gy/1", content="<p>a\nb</p>")
    source = written_to(tmp_path, [bridged, folded])
    posts = [
        item for entry in mastodon_api.entries(source) for item in mastodon_api.parse(entry) if isinstance(item, Post)
    ]
    assert [post.text for post in posts] == ["a\nb", "a b"]


def test_of_a_file_of_mastodon_archive_the_owners_posts_are_read(tmp_path: Path) -> None:
    others = {key: [status(number, BEA)] for number, key in enumerate(("favourites", "bookmarks", "mentions"), 7)}
    source = written_to(tmp_path, {"version": 2, "account": MIRA, "statuses": [status(1)], **others})
    records = read(source)
    assert [record.ref for record in records if isinstance(record, Post)] == [ref(1)]
    assert {record.handle for record in records if isinstance(record, Account)} == {"mira@kilns.example"}
    assert sorted(record.reason for record in records if isinstance(record, Skipped)) == sorted(others)


def test_a_status_says_when_its_version_was_written(tmp_path: Path) -> None:
    records = read(written_to(tmp_path, [status(1), status(2, edited_at="2024-05-03T06:00:00.000Z")]))
    edited = {record.ref: record.edited for record in records if isinstance(record, Post)}
    assert edited == {ref(1): None, ref(2): When(datetime(2024, 5, 3, 6, tzinfo=UTC))}

"""Account archives of Mastodon: who, what they posted and passed on, to whom, with which files."""

import contextlib
import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parser_reading import passed_on

from threadkeep.archive.archive import Archive
from threadkeep.errors import DumpError
from threadkeep.ingest.runner import run_parser
from threadkeep.parsers.fediverse import archive as mastodon_archive
from threadkeep.parsers.registry import parser_for
from threadkeep.records import Account, Parsed, Pin, Post, Problem, Ref, Repost, Skipped
from threadkeep.sources.source import Options, Source

MIRA = "https://kilns.example/users/mira"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NOON = "2024-05-01T12:00:00Z"


def note(number: int = 1, content: str | None = "<p>Frost again.</p>", **more: Any) -> dict[str, Any]:
    own = {
        "id": f"{MIRA}/statuses/{number}",
        "type": "Note",
        "content": content,
        "published": NOON,
        "url": f"https://kilns.example/@mira/{number}",
        "attributedTo": MIRA,
        "to": [PUBLIC],
        "cc": [f"{MIRA}/followers"],
        **more,
    }
    return {"id": f"{own['id']}/activity", "type": "Create", "actor": MIRA, "published": NOON, "object": own}


def outbox(*items: object) -> dict[str, Any]:
    context = "https://www.w3.org/ns/activitystreams"
    return {"@context": context, "id": "outbox.json", "type": "OrderedCollection", "orderedItems": list(items)}


def actor(**more: Any) -> dict[str, Any]:
    return {"id": MIRA, "type": "Person", "preferredUsername": "mira", "followers": f"{MIRA}/followers", **more}


def folder_of(path: Path, **files: object) -> Path:
    path.mkdir()
    for name, value in files.items():
        (path / f"{name}.json").write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def read(path: Path, **options: Any) -> list[Parsed]:
    with contextlib.closing(Source.from_path(path, Options(**options))) as source:
        assert mastodon_archive.recognizes(source)
        return passed_on(item for entry in mastodon_archive.entries(source) for item in mastodon_archive.parse(entry))


def read_outbox(tmp_path: Path, *items: object, **options: Any) -> list[Parsed]:
    path = tmp_path / "outbox.json"
    path.write_text(json.dumps(outbox(*items)), "utf-8")
    return read(path, **options)


def post(records: list[Parsed]) -> Post:
    (found,) = (record for record in records if isinstance(record, Post))
    return found


def posted(tmp_path: Path, **more: Any) -> Post:
    return post(read_outbox(tmp_path, note(**more)))


class TestContainers:
    @pytest.mark.parametrize("form", ["folder", "zip", "tar", "gztar"])
    def test_every_form_of_one_archive_gives_the_same(self, form: str, seeds: Path, tmp_path: Path) -> None:
        sample = seeds / "mastodon-archive/mastodon-export"
        path = sample if form == "folder" else Path(shutil.make_archive(str(tmp_path / "a"), form, sample))
        with contextlib.closing(Source.from_path(path)) as source:
            assert parser_for(source).NAME == "mastodon-archive"
        assert read(path) == read(sample)

    @pytest.mark.parametrize("around", ["archive-2024", "old/2024/archive"])
    def test_folders_around_everything_are_passed_through(self, around: str, seeds: Path, tmp_path: Path) -> None:
        shutil.copytree(seeds / "mastodon-archive/mastodon-export", tmp_path / "in" / around)
        path = Path(shutil.make_archive(str(tmp_path / "a"), "zip", tmp_path / "in"))
        found = read(path)
        assert len(found) == len(read(seeds / "mastodon-archive/mastodon-export"))
        files = [media.file for record in found if isinstance(record, Post) for media in record.media]
        assert files == [f"{around}/media_attachments/files/112/001/original/bowl.png", None]

    def test_a_folder_that_has_an_archive_somewhere_inside_is_not_one(self, seeds: Path, tmp_path: Path) -> None:
        shutil.copytree(seeds / "mastodon-archive/mastodon-export", tmp_path / "downloads" / "mastodon")
        assert not mastodon_archive.recognizes(Source.from_path(tmp_path / "downloads"))

    def test_a_folder_with_an_outbox_of_something_else_is_not_one(self, tmp_path: Path) -> None:
        folder = folder_of(tmp_path / "mail", outbox=[{"subject": "hello"}], actor={"name": "x"})
        assert not mastodon_archive.recognizes(Source.from_path(folder))

    def test_the_media_that_are_there_are_kept_by_the_archive(self, seeds: Path, tmp_path: Path) -> None:
        with Archive(tmp_path / "kept") as archive:
            report = archive.import_(Source.from_path(seeds / "mastodon-archive/mastodon-export"))
            assert report.adds_up()
            assert (report.accounts, report.posts, report.reposts, report.pins) == (1, 7, 1, 0)
            assert report.skipped == {"activity type Move": 1, "like": 2, "bookmark": 1}
        assert len(list((tmp_path / "kept" / "media").rglob("*.png"))) == 1

    def test_a_truncated_tar_gives_what_came_before(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tar"
        with tarfile.open(path, "w") as archive:
            for name, value in (("actor.json", actor()), ("outbox.json", outbox(note(1), note(2))), ("likes.json", {})):
                data = json.dumps(value).encode()
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        whole = path.read_bytes()
        path.write_bytes(whole[: whole.index(b"likes.json") + 100])
        assert len([record for record in read(path) if isinstance(record, Post)]) == 2

    def test_a_cut_off_outbox_stops_only_itself(self, tmp_path: Path) -> None:
        likes = {"id": "likes.json", "orderedItems": ["https://a.example/1"]}
        text = json.dumps(outbox(note(1), note(2)))
        source = Source.from_path(folder_of(tmp_path / "a", actor=actor(), outbox=text[:-300], likes=likes))
        found = run_parser(mastodon_archive, source, lambda _source, name: name)
        said = [(locator, type(item)) for locator, item in found]
        assert [kind for _, kind in said] == [Account, Post, Problem, Skipped]
        assert said[2][0] == "outbox.json"

    @pytest.mark.parametrize("bare", [True, False])
    def test_the_key_of_the_items_may_stand_twice(self, bare: bool, tmp_path: Path) -> None:
        written = json.dumps(outbox(note())).replace('"orderedItems": [', '"orderedItems": [], "orderedItems": [', 1)
        path = folder_of(tmp_path / "export", outbox=written, actor=actor())
        assert post(read(path / "outbox.json" if bare else path)).text == "Frost again."

    def test_files_beside_the_archive_are_counted(self, tmp_path: Path) -> None:
        folder = folder_of(tmp_path / "a", actor=actor(), outbox=outbox(), notes="{}")
        (folder / "avatar.png").write_bytes(b"png")
        assert read(folder)[1:] == [Skipped("file that is not part of an archive")]

    def test_zip64_and_a_member_that_leads_outside_do_no_harm(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("../outbox.json", "{}")
            archive.writestr("actor.json", json.dumps(actor()))
            with archive.open("outbox.json", "w", force_zip64=True) as file:
                file.write(json.dumps(outbox(note())).encode())
        assert [type(record) for record in read(path)] == [Account, Post]


class TestOwner:
    def test_the_actor_says_who_it_is(self, tmp_path: Path) -> None:
        said = actor(name="Mira", summary="<p>Pots &amp;<br>frost</p>", url="https://kilns.example/@mira")
        (account,) = read(folder_of(tmp_path / "a", actor=said, outbox=outbox()))
        assert account == Account(
            Ref("mastodon", MIRA), "mira@kilns.example", "Mira", "Pots &\nfrost", "https://kilns.example/@mira"
        )

    def test_a_server_that_differs_from_the_handle_is_known_by_webfinger(self, tmp_path: Path) -> None:
        (account,) = read(folder_of(tmp_path / "a", actor=actor(webfinger="mira@example.com"), outbox=outbox()))
        assert isinstance(account, Account)
        assert account.handle == "mira@example.com"

    def test_a_bare_outbox_names_its_owner(self, tmp_path: Path) -> None:
        assert read_outbox(tmp_path, note())[0] == Account(Ref("mastodon", MIRA), "mira@kilns.example")

    def test_a_number_in_an_address_is_no_handle(self, tmp_path: Path) -> None:
        numbered = "https://kilns.example/users/9hxy2"
        item = note(id="https://kilns.example/notes/1", url=None, attributedTo=numbered)
        assert read_outbox(tmp_path, item)[0] == Account(Ref("mastodon", numbered))
        told = read_outbox(tmp_path, item, owner="@mira")[0]
        assert told == Account(Ref("mastodon", numbered), "mira@kilns.example")

    def test_a_damaged_actor_is_a_problem_and_the_outbox_is_read(self, tmp_path: Path) -> None:
        source = Source.from_path(folder_of(tmp_path / "a", actor="{", outbox=outbox(note())))
        first, *rest = mastodon_archive.entries(source)
        assert "whose archive" in first.data.reason
        assert len(rest) == 1


class TestPosts:
    def test_an_id_and_a_permalink_are_two_things(self, tmp_path: Path) -> None:
        found = posted(tmp_path)
        assert found.ref == Ref("mastodon", f"{MIRA}/statuses/1")
        assert found.url == "https://kilns.example/@mira/1"
        assert found.created is not None
        assert found.created.instant.isoformat() == "2024-05-01T12:00:00+00:00"

    @pytest.mark.parametrize(
        ("to", "cc", "visibility"),
        [
            ([PUBLIC], [f"{MIRA}/followers"], "public"),
            ("as:Public", [], "public"),
            ([f"{MIRA}/followers"], [PUBLIC], "unlisted"),
            ([f"{MIRA}/followers"], [], "followers"),
            ([f"{MIRA}/followers", "https://clay.example/users/bea"], None, "followers"),
            (["https://clay.example/users/bea"], [], "direct"),
            ([], [], "direct"),
        ],
    )
    def test_whom_it_is_addressed_to_says_who_may_read_it(
        self, to: object, cc: object, visibility: str, tmp_path: Path
    ) -> None:
        assert posted(tmp_path, to=to, cc=cc).visibility == visibility

    def test_the_followers_are_those_the_actor_names(self, tmp_path: Path) -> None:
        said = actor(followers="https://kilns.example/c/7")
        folder = folder_of(tmp_path / "a", actor=said, outbox=outbox(note(to=["https://kilns.example/c/7"], cc=[])))
        assert post(read(folder)).visibility == "followers"

    def test_the_activity_is_asked_where_the_post_names_no_readers(self, tmp_path: Path) -> None:
        item = {**note(), "to": [PUBLIC], "cc": []}
        del item["object"]["to"], item["object"]["cc"]
        assert post(read_outbox(tmp_path, item)).visibility == "public"

    def test_a_summary_warns_and_a_flag_alone_too(self, tmp_path: Path) -> None:
        assert posted(tmp_path, summary="food", sensitive=True).warning == "food"
        assert posted(tmp_path, summary=None, sensitive=True).warning == "sensitive"
        assert posted(tmp_path, summary="", sensitive=False).warning is None

    def test_media_are_found_by_the_end_of_their_path(self, tmp_path: Path) -> None:
        image = {
            "type": "Document",
            "mediaType": "image/png",
            "url": "/instance/media_attachments/files/1/a%20b.png",
            "name": "a bowl",
        }
        remote = {**image, "mediaType": "video/mp4", "url": "https://files.example/media_attachments/files/1/c.mp4"}
        folder = folder_of(tmp_path / "a", actor=actor(), outbox=outbox(note(attachment=[image, remote])))
        for name in ("a b.png", "c.mp4"):
            path = folder / "media_attachments" / "files" / "1" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
        (folder / "c.mp4").write_bytes(b"another")
        first, second = post(read(folder)).media
        assert (first.kind, first.file, first.alt, first.url) == (
            "image",
            "media_attachments/files/1/a b.png",
            "a bowl",
            None,
        )
        assert (second.kind, second.file) == ("video", "media_attachments/files/1/c.mp4")
        assert second.url == "https://files.example/media_attachments/files/1/c.mp4"

    def test_a_poll_has_its_options(self, tmp_path: Path) -> None:
        options = [{"type": "Note", "name": "Raku"}, {"type": "Note", "name": "Salt"}]
        post = posted(tmp_path, type="Question", anyOf=options)
        assert post.text == "Frost again."
        assert [option.text for option in post.poll] == ["Raku", "Salt"]

    def test_mentions_and_hashtags_come_from_the_tags(self, tmp_path: Path) -> None:
        tags = [
            {"type": "Mention", "href": "https://kilns.example/users/ivo", "name": "@ivo"},
            {"type": "Mention", "href": "https://clay.example/users/bea", "name": "@bea@clay.example"},
            {"type": "Hashtag", "href": "https://kilns.example/tags/ashglaze", "name": "#ashglaze"},
            {"type": "Emoji", "name": ":kiln:"},
        ]
        html = '<a href="https://kilns.example/tags/AshGlaze" class="mention hashtag">#<span>AshGlaze</span></a>'
        found = posted(tmp_path, content=html, tag=tags)
        assert found.mentions == ("ivo@kilns.example", "bea@clay.example")
        assert found.tags == ("AshGlaze",)

    def test_the_words_that_stand_for_a_quoted_post_are_not_the_authors(self, tmp_path: Path) -> None:
        html = '<p class="quote-inline">RE: <a href="https://a.example/@b/1">https://a.example/@b/1</a></p><p>Look.</p>'
        quoting = posted(tmp_path, content=html, quote="https://a.example/users/b/statuses/1")
        assert quoting.text == "Look."
        assert quoting.quotes == (Ref("mastodon", "https://a.example/users/b/statuses/1"),)
        assert posted(tmp_path, content=html).text == "RE: https://a.example/@b/1\n\nLook."

    def test_earlier_versions_are_history_where_they_are_kept(self, tmp_path: Path) -> None:
        former = {
            "type": "OrderedCollection",
            "orderedItems": [
                {"type": "Note", "content": "second", "updated": "2024-05-01T12:10:00Z"},
                {"type": "Note", "content": "first", "updated": "2024-05-01T12:00:00Z"},
            ],
        }
        found = posted(tmp_path, formerRepresentations=former, updated="2024-05-01T12:20:00Z")
        assert [edit.text for edit in found.edits] == ["first", "second"]
        assert posted(tmp_path, updated="2024-05-01T12:20:00Z").edits == ()

    def test_the_language_is_that_of_the_text(self, tmp_path: Path) -> None:
        assert posted(tmp_path, contentMap={"sv": "<p>Frost again.</p>"}).language == "sv"
        assert posted(tmp_path, content=None, contentMap={"sv": "<p>Frost.</p>"}).text == "Frost."
        assert posted(tmp_path, contentMap={"sv": "a", "de": "b"}).language is None

    @pytest.mark.parametrize("time", ["9999-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2024-05-01T12:00:00", "noon", 7])
    def test_an_impossible_time_is_left_out_and_counted(self, time: object, tmp_path: Path) -> None:
        found = read_outbox(tmp_path, note(published=time))
        assert post(found).created is None
        assert [record for record in found if isinstance(record, Skipped)]


class TestActivities:
    def test_a_boost_is_a_repost_of_an_address(self, tmp_path: Path) -> None:
        item = {"type": "Announce", "actor": MIRA, "published": NOON, "object": "https://a.example/1"}
        account, repost = read_outbox(tmp_path, {**item, "id": f"{MIRA}/statuses/2/activity"})
        assert account == Account(Ref("mastodon", MIRA), "mira@kilns.example")
        assert isinstance(repost, Repost)
        assert (repost.account, repost.post) == (Ref("mastodon", MIRA), Ref("mastodon", "https://a.example/1"))

    @pytest.mark.parametrize(
        ("item", "reason"),
        [
            ({"type": "Undo", "actor": MIRA, "object": {}}, "activity type Undo"),
            ({"type": "Like", "actor": MIRA, "object": "https://a.example/1"}, "like"),
            ({"type": "ChatMessage", "content": "psst"}, "object type ChatMessage"),
            ({"type": "Create", "object": "https://a.example/1"}, "a post of which the dump has the address only"),
            ("https://a.example/1", "a post of which the dump has the address only"),
            (note(content=None, name="Raku", inReplyTo="https://a.example/1"), "poll vote"),
        ],
    )
    def test_what_is_no_post_is_skipped_by_its_name(self, item: object, reason: str, tmp_path: Path) -> None:
        assert read_outbox(tmp_path, item) == [Skipped(reason)]

    def test_pins_come_with_the_collection_of_featured_posts(self, tmp_path: Path) -> None:
        featured = {"id": "featured.json", "orderedItems": [f"{MIRA}/statuses/1"]}
        folder = folder_of(tmp_path / "a", actor=actor(), outbox=outbox(), featured=featured)
        assert read(folder)[1:] == [Pin(Ref("mastodon", MIRA), Ref("mastodon", f"{MIRA}/statuses/1"))]

    def test_bare_likes_are_counted(self, tmp_path: Path) -> None:
        path = tmp_path / "likes.json"
        path.write_text(json.dumps({**outbox("https://a.example/1", "https://a.example/2"), "id": "likes.json"}))
        assert read(path) == [Skipped("like"), Skipped("like")]


class TestHostileInput:
    @pytest.mark.parametrize(
        "item",
        [
            None,
            7,
            "no address",
            [],
            {},
            {"type": None},
            {"type": "Announce"},
            {"type": "Create", "object": {"type": "Note", "id": 7, "content": "x"}},
            note(attachment=7),
            note(tag=[7]),
            note(content=[]),
        ],
    )
    def test_an_item_of_another_kind_is_a_problem_in_words(self, item: object, tmp_path: Path) -> None:
        path = tmp_path / "outbox.json"
        path.write_text(json.dumps(outbox(item, note(2))))
        first, second = mastodon_archive.entries(Source.from_path(path))
        assert isinstance(post(list(mastodon_archive.parse(second))), Post)
        with pytest.raises(ValueError, match=r"\w+ \w+"):
            list(mastodon_archive.parse(first))

    def test_posts_nested_in_posts_do_not_nest_calls(self, tmp_path: Path) -> None:
        deep: dict[str, Any] = note(0)["object"]
        for number in range(1, 150):
            deep = {**note(number)["object"], "inReplyTo": deep}
        found = read_outbox(tmp_path, deep)
        assert len([record for record in found if isinstance(record, Post)]) == 150

    def test_json_nested_beyond_reason_is_a_problem(self, tmp_path: Path) -> None:
        path = tmp_path / "outbox.json"
        path.write_text(json.dumps(outbox("HERE")).replace('"HERE"', '{"a":' * 20_000 + "1" + "}" * 20_000))
        (entry,) = mastodon_archive.entries(Source.from_path(path))
        with pytest.raises(ValueError, match="nested too deeply"):
            list(mastodon_archive.parse(entry))

    def test_a_byte_that_is_no_utf8_costs_one_character(self, tmp_path: Path) -> None:
        path = tmp_path / "outbox.json"
        path.write_bytes(
            json.dumps(outbox(note(content="<p>caf# ☕</p>")), ensure_ascii=False).encode().replace(b"#", b"\xe9")
        )
        assert post(read(path)).text == "caf\ufffd ☕"

    @given(cut=st.integers(0, 3000), at=st.integers(0, 3000), put=st.sampled_from(list('{}[]",:\\0n')))
    @settings(max_examples=60, deadline=None)
    def test_a_mutated_outbox_never_ends_in_a_traceback(self, cut: int, at: int, put: str) -> None:
        text = json.dumps(outbox(note(1, tag=[{"type": "Mention", "name": "@a"}]), note(2), {"type": "Like"}))
        at = at % len(text)
        mutated = (text[:at] + put + text[at + 1 :])[: len(text) - cut % 40]
        with Source.from_stream("-", io.BytesIO(mutated.encode())) as source:
            try:
                for entry in mastodon_archive.entries(source):
                    try:
                        list(mastodon_archive.parse(entry))
                    except ValueError as error:
                        assert str(error)
            except DumpError as error:
                assert str(error)

"""Account archives of X, every generation: who wrote what, what belongs together, and where everything went."""

import contextlib
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from x_archive_samples import OWNER, archive, as_folder, as_zip, script, tweet

from threadkeep.archive.archive import Archive
from threadkeep.archive.reports import ImportReport
from threadkeep.errors import DumpError, UnknownFormat
from threadkeep.parsers.registry import all_parsers, parser_for
from threadkeep.parsers.x import archive as x_archive
from threadkeep.records import Account, Edit, Exported, Link, Parsed, Post, Ref, Repost, Skipped
from threadkeep.sources.source import Options, Source

FIRST = 1750000000000000000


def read(path: Path, **options: Any) -> list[Parsed]:
    source = Source.from_path(path, Options(**options))
    assert [p.NAME for p in all_parsers().values() if p.recognizes(source)] == ["x-archive"]
    found = [record for entry in x_archive.entries(source) for record in x_archive.parse(entry)]
    source.close()
    return found


def posts(records: list[Parsed]) -> dict[str, Post]:
    return {record.ref.id: record for record in records if isinstance(record, Post)}


def test_everything_is_the_owners(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", archive({"data/tweets.js": script("tweets", [tweet(FIRST, "Tea &amp; kilns")])}))
    records = read(path)
    assert records[0] == Account(Ref("x", "12"), "mira", "Mira Holt", "Clay & kilns")
    [post] = posts(records).values()
    assert (post.text, post.author, post.url) == ("Tea & kilns", Ref("x", "12"), f"https://x.com/mira/status/{FIRST}")
    assert post.created is not None
    assert post.created.instant.isoformat() == "2024-01-24T03:31:19+00:00"
    assert post.counts == {"likes": 3, "reposts": 1}


@pytest.mark.parametrize(
    "names",
    [
        ("data/tweets.js", "data/account.js", "data/profile.js"),
        ("tweet.js", "account.js", "profile.js"),
        ("twitter-2024/data/tweets.js", "twitter-2024/data/account.js", "twitter-2024/data/profile.js"),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_every_generation_lies_somewhere_else(tmp_path: Path, names: tuple[str, str, str], wrapped: bool) -> None:
    item = tweet(FIRST, "Tea")
    files = {
        names[0]: script("tweet", [item if wrapped else item["tweet"]]),
        names[1]: script("account", [OWNER]),
        names[2]: script("profile", []),
    }
    assert len(posts(read(as_zip(tmp_path / "a.zip", files)))) == 1
    as_folder(tmp_path / "a", files)
    around = names[0].partition("/")[0] if names[0].count("/") == 2 else ""  # a folder is walked down to it
    assert len(posts(read(tmp_path / "a" / around))) == 1


def test_parts_come_in_order_and_all_of_them(tmp_path: Path) -> None:
    files = {
        f"data/tweets{suffix}.js": script("tweets", [tweet(FIRST + n, f"part {n}")], n)
        for n, suffix in enumerate(["", "-part1", "-part2", *(f"-part{n}" for n in range(3, 12))])
    }
    found = posts(read(as_zip(tmp_path / "a.zip", archive(files))))
    assert [post.text for post in found.values()] == [f"part {n}" for n in range(12)]


def test_retweets_are_the_words_of_others(tmp_path: Path) -> None:
    mention = {"screen_name": "bea", "name": "Bea", "id_str": "34", "indices": ["3", "7"]}
    entities = {"user_mentions": [mention], "urls": [], "hashtags": []}
    item = tweet(FIRST, "RT @bea: The kiln &amp; the cat…", entities=entities)
    records = read(as_zip(tmp_path / "a.zip", archive({"data/tweets.js": script("tweets", [item])})))
    [post] = posts(records).values()
    assert (post.text, post.author, post.inferred) == ("The kiln & the cat…", Ref("x", "34"), ("truncated",))
    [repost] = [record for record in records if isinstance(record, Repost)]
    assert (repost.account, repost.post) == (Ref("x", "12"), post.ref)
    assert repost.created is not None


def test_a_long_text_joins_its_post(tmp_path: Path) -> None:
    long = "A glaze is mostly glass & patience. " * 12
    short = tweet(FIRST, f"@bea {long[:230].replace('&', '&amp;')}… https://t.co/more")
    core = {"text": long.strip(), "urls": [], "hashtags": [], "mentions": []}
    at = "2024-01-24T03:31:19.000Z"
    note = {"noteTweet": {"noteTweetId": "99", "createdAt": at, "core": core}}
    stray = {"noteTweet": {"noteTweetId": "98", "createdAt": at, "core": {"text": "Nothing begins like this " * 20}}}
    files = {"data/tweets.js": script("tweets", [short]), "data/note-tweet.js": script("note_tweet", [stray, note])}
    first, second = posts(read(as_zip(tmp_path / "a.zip", archive(files)))).values()
    assert first.text == f"@bea {long.strip()}"
    assert first.inferred == ()
    assert second.text.startswith("Nothing begins like this")
    assert not second.ref.is_native


def test_versions_of_an_edited_post_are_one_with_history(tmp_path: Path) -> None:
    ids = [str(FIRST), str(FIRST + 4194304000)]
    info = {"initial": {"editTweetIds": ids}}
    early, late = (tweet(int(id_), text, edit_info=info) for id_, text in zip(ids, ("Te", "Tea"), strict=True))
    records = read(as_zip(tmp_path / "a.zip", archive({"data/tweets.js": script("tweets", [late, early])})))
    [post] = posts(records).values()
    assert (post.ref.id, post.text) == (ids[1], "Tea")
    [edit] = post.edits
    assert isinstance(edit, Edit)
    assert (edit.text, edit.id) == ("Te", ids[0])


def test_links_stand_where_the_text_has_them(tmp_path: Path) -> None:
    text = "🧵 &lt;b&gt; https://t.co/a1 é"
    url = {"url": "https://t.co/a1", "expanded_url": "https://example.com/kiln", "indices": ["14", "29"]}
    item = tweet(FIRST, text, entities={"urls": [url], "hashtags": [{"text": "clay"}], "user_mentions": []})
    [post] = posts(read(as_zip(tmp_path / "a.zip", archive({"data/tweets.js": script("tweets", [item])})))).values()
    [link] = post.links
    assert isinstance(link, Link)
    assert post.text[link.start : link.end] == "https://t.co/a1"
    assert (link.url, post.tags) == ("https://example.com/kiln", ("clay",))


def test_media_are_kept_by_hash(tmp_path: Path) -> None:
    media = {
        "type": "photo",
        "url": "https://t.co/pic",
        "media_url_https": "https://pbs.twimg.com/media/GHx.jpg",
        "expanded_url": f"https://twitter.com/mira/status/{FIRST}/photo/1",
        "indices": ["4", "20"],
    }
    item = tweet(FIRST, "Tea https://t.co/pic", extended_entities={"media": [media]})
    files = {"data/tweets.js": script("tweets", [item]), f"data/tweets_media/{FIRST}-GHx.jpg": b"\xff\xd8picture"}
    path = as_zip(tmp_path / "a.zip", archive(files))
    with Archive(tmp_path / "archive") as kept:
        kept.import_(Source.from_path(path))
        with kept.selection() as selection:
            [post] = (held.post for held in selection.posts())
    [found] = post.media
    assert found.file is not None
    assert (tmp_path / "archive" / "media" / found.file[:2] / found.file).read_bytes() == b"\xff\xd8picture"
    assert post.text == "Tea"


def test_chains_become_threads_by_id_and_not_by_time(tmp_path: Path) -> None:
    answers = {"in_reply_to_user_id_str": "12", "in_reply_to_screen_name": "mira"}
    items = [
        tweet(FIRST + n, f"{n}", in_reply_to_status_id_str=str(FIRST + n - 1), **answers) if n else tweet(FIRST, "0")
        for n in (3, 1, 0, 2)
    ]
    path = as_zip(tmp_path / "a.zip", archive({"data/tweets.js": script("tweets", items)}))
    with Archive(tmp_path / "archive") as kept:
        kept.import_(Source.from_path(path))
        assert [held.post.text for held in kept.thread(str(FIRST + 2)).posts] == ["0", "1", "2", "3"]


def test_other_kinds_are_counted_by_name_and_likes_kept_on_request(tmp_path: Path) -> None:
    like = {
        "like": {"tweetId": str(FIRST + 9), "fullText": "Nice pot", "expandedUrl": "https://twitter.com/i/web/status/1"}
    }
    files = {
        "data/tweets.js": script("tweets", []),
        "data/like.js": script("like", [like]),
        "data/follower.js": script("follower", [{"follower": {"accountId": "1"}}] * 3),
        "data/manifest.js": b"window.__THAR_CONFIG = {}",
    }
    path = as_zip(tmp_path / "a.zip", archive(files))
    skipped = Counter(record.reason for record in read(path) if isinstance(record, Skipped))
    assert skipped == {"like": 1, "follower": 3}
    [post] = posts(read(path, likes=True)).values()
    assert (post.text, post.author, post.inferred) == ("Nice pot", None, ("created",))


@pytest.mark.parametrize("account", [None, b"window.YTD.account.part0 = [ {", script("account", [])])
def test_an_archive_without_its_account_file_is_whose_its_manifest_says(tmp_path: Path, account: bytes | None) -> None:
    manifest = {"userInfo": {"accountId": "12", "userName": "mira", "displayName": "Mira Holt"}, "dataTypes": {}}
    files = {
        "data/manifest.js": f"window.__THAR_CONFIG = {json.dumps(manifest)}".encode(),
        "data/tweets.js": script("tweets", [tweet(FIRST, "RT @bea: Hot"), tweet(FIRST + 1, "Tea")]),
        **({"data/account.js": account} if account else {}),
    }
    path = as_zip(tmp_path / "a.zip", files)
    with contextlib.closing(Source.from_path(path, Options(owner="other"))) as source:
        entries = x_archive.entries(source)
        found = list(x_archive.parse(next(entries)))
    assert found == [Account(Ref("x", "12"), "mira", "Mira Holt")]


def test_a_damaged_manifest_tells_nothing(tmp_path: Path) -> None:
    files = {"data/manifest.js": b"window.__THAR_CONFIG = {", "data/tweets.js": script("tweets", [tweet(FIRST, "Tea")])}
    result = report(tmp_path, as_zip(tmp_path / "a.zip", files))
    assert (result.posts, result.accounts) == (1, 0)
    assert [problem.locator for problem in result.problems] == ["data/manifest.js", "account.js"]
    assert "--owner HANDLE" in result.problems[1].reason


def test_a_bare_file_knows_its_owner_by_what_is_told_or_by_its_pictures(tmp_path: Path) -> None:
    path = tmp_path / "tweets.js"
    media = {"url": "https://t.co/p", "expanded_url": f"https://twitter.com/mira/status/{FIRST + 1}/photo/1"}
    path.write_bytes(script("tweets", [tweet(FIRST, "Tea")]))
    assert [post.author for post in posts(read(path)).values()] == [None]
    assert [post.author for post in posts(read(path, owner="mira")).values()] == [Ref("x", "~mira")]
    items = [tweet(FIRST, "Tea"), tweet(FIRST + 1, "Cups", extended_entities={"media": [media]})]
    path.write_bytes(script("tweets", items))
    for post in posts(read(path)).values():
        assert (post.author, post.inferred) == (Ref("x", "~mira"), ("author",))


def report(tmp_path: Path, path: Path) -> ImportReport:
    with Archive(tmp_path / "archive") as kept:
        return kept.import_(Source.from_path(path))


def test_damaged_items_are_problems_and_the_rest_is_kept(tmp_path: Path) -> None:
    data = script(
        "tweets", [tweet(FIRST, "Tea"), {"tweet": {"id_str": "x"}}, 7, {"tweet": None}, tweet(FIRST + 1, "Cups")]
    )
    files = {"data/tweets.js": data, "data/follower.js": b"window.YTD.follower.part0 = [ {} , {"}
    result = report(tmp_path, as_zip(tmp_path / "a.zip", archive(files)))
    assert result.posts == 2
    assert [problem.locator for problem in result.problems] == [
        "tweets.js 2",
        "tweets.js 3",
        "tweets.js 4",
        "data/follower.js",
    ]
    assert result.adds_up()


def test_a_file_cut_off_in_the_middle_gives_what_it_has(tmp_path: Path) -> None:
    data = script("tweets", [tweet(FIRST + n, f"{n}") for n in range(50)])
    path = tmp_path / "tweets.js"
    for cut in (len(data) // 2, len(data) - 1):
        path.write_bytes(data[:cut])
        result = report(tmp_path / str(cut), path)
        assert result.problems
        assert result.adds_up()
        assert result.posts == result.read - 1 > 20
    path.write_bytes(data[:200])
    with pytest.raises(DumpError, match="cut off"):
        report(tmp_path / "nothing", path)


def test_ids_as_numbers_keep_their_digits(tmp_path: Path) -> None:
    item = tweet(FIRST + 7, "Tea")["tweet"]
    del item["id_str"]
    item["id"] = FIRST + 7
    path = as_zip(tmp_path / "a.zip", archive({"data/tweets.js": script("tweets", [{"tweet": item}])}))
    assert list(posts(read(path))) == [str(FIRST + 7)]


def test_grailbird_counts_are_those_of_an_independent_counter(tmp_path: Path, shared: Path) -> None:
    facts = json.loads((shared / "dumps" / "FACTS.json").read_text("utf-8"))
    folder = shared / "dumps" / "x-archive-2013" / "icco"
    months = {path.name: facts[str(path.relative_to(shared / "dumps"))] for path in folder.rglob("20*.js")}
    whole = report(tmp_path / "whole", folder)
    assert whole.posts == sum(fact["tweets"] for fact in months.values())
    assert whole.reposts == sum(fact["retweets"] for fact in months.values())
    assert whole.adds_up()
    [missing] = whole.problems  # the sample holds four months of those that its list names
    assert missing.reason.startswith("129 files that it lists")
    for path in folder.rglob("20*.js"):
        one = report(tmp_path / path.name, path)
        fact = months[path.name]
        assert (one.format, one.posts, one.reposts) == ("grailbird", fact["tweets"], fact["retweets"])
        with Archive(tmp_path / path.name / "archive") as kept, kept.selection() as selection:
            found = [held.post for held in selection.posts()]
            dated = [record.created for record in (*found, *selection.reposts())]
        assert sum(when is not None and when.precision == "day" for when in dated) == fact["midnight"]
        assert sum(post.reply_to is not None for post in found) >= fact["replies"] * 0.9


def test_the_table_of_tweets_is_read_by_its_heads(tmp_path: Path) -> None:
    path = tmp_path / "tweets.csv"
    path.write_text(
        '"tweet_id","in_reply_to_status_id","timestamp","text","retweeted_status_id"\n'
        '"20","","2010-05-01 00:00:00 +0000","Tea &amp; ""kilns""\nsecond line",""\n'
        f'"{FIRST + 1}","20","2024-01-24 03:31:19 +0000","Cups",""\n'
        f'"{FIRST + 2}","","2024-01-24 03:31:19 +0000","RT @bea: Hot","{FIRST - 5}"\n',
        encoding="utf-8",
    )
    with Archive(tmp_path / "archive") as kept:
        result = kept.import_(Source.from_path(path, Options(owner="mira")))
        assert (result.format, result.posts, result.reposts, result.problems) == ("tweets-csv", 3, 1, ())
        with kept.selection() as selection:
            found = {held.post.ref.id: held.post for held in selection.posts()}
    assert found["20"].text == 'Tea & "kilns"\nsecond line'
    assert found["20"].created is not None
    assert found["20"].created.precision == "day"
    assert found[str(FIRST - 5)].author == Ref("x", "~bea")


RETOLD = {"account": [OWNER], "like": [{"like": {"tweetId": "50"}}], "upload-options": {"keepPrivate": False}}


def test_all_files_in_one_object_are_an_archive(tmp_path: Path) -> None:
    text = "A long text, " * 9 + "done"
    note = {"noteTweetId": "9", "createdAt": "2024-01-24T03:31:19.000Z", "core": {"text": text}}
    short = tweet(FIRST, text[:99] + "…")
    written = {**RETOLD, "tweets": [short, tweet(FIRST + 1, "Tea")], "note-tweet": [{"noteTweet": note}]}
    for indent in (None, 1):
        path = tmp_path / f"archive{indent}.json"
        path.write_text(json.dumps(written, indent=indent))
        records = read(path)
        assert records[0] == Account(Ref("x", "12"), "mira", "Mira Holt")
        assert [post.text for post in posts(records).values()] == [text, "Tea"]
        assert Counter(record.reason for record in records if isinstance(record, Skipped)) == {"like": 1}


def test_an_object_with_more_lists_than_an_archive_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.json"
    path.write_text(json.dumps({"account": [OWNER], **{f"a.{number}": [] for number in range(2000)}}))
    with pytest.raises(DumpError, match="more than an archive has"):
        read(path)


@pytest.mark.parametrize("form", ["array", "lines", "object"])
@pytest.mark.parametrize("wrapped", [True, False])
def test_the_posts_alone_as_plain_json_are_the_owners(tmp_path: Path, form: str, wrapped: bool) -> None:
    items = [tweet(FIRST, "Tea &amp; kilns"), tweet(FIRST + 1, "RT @bea: Hot")]
    held = items if wrapped else [item["tweet"] for item in items]
    path = tmp_path / "tweets.json"
    lines = "\n".join(map(json.dumps, held))
    path.write_text(lines if form == "lines" else json.dumps(held if form == "array" else {"tweets": held}, indent=2))
    records = read(path, owner="mira")
    assert [post.text for post in posts(records).values()] == ["Tea & kilns", "Hot"]
    assert [record.account for record in records if isinstance(record, Repost)] == [Ref("x", "~mira")]


def test_a_zip_inside_folders_and_with_the_slashes_of_windows_is_read(tmp_path: Path) -> None:
    files = archive({"data/tweets.js": script("tweets", [tweet(FIRST, "Tea")])})
    deep = {f"old\\2024/twitter/{name}".replace("/", "\\"): data for name, data in files.items()}
    beside = {"__MACOSX/._old": b"\0\5", "old\\2024\\twitter\\data\\._tweets.js": b"\0\5\x16\7"}
    assert len(posts(read(as_zip(tmp_path / "a.zip", deep | beside)))) == 1


def test_a_zip_in_a_zip_is_named(tmp_path: Path) -> None:
    inner = as_zip(tmp_path / "twitter.zip", archive({"data/tweets.js": script("tweets", [tweet(FIRST, "Tea")])}))
    path = as_zip(tmp_path / "backup.zip", {"mine/twitter.zip": inner.read_bytes(), "notes.txt": b"Hello"})
    with contextlib.closing(Source.from_path(path)) as source, pytest.raises(UnknownFormat, match=r"mine/twitter\.zip"):
        parser_for(source)


def test_circle_posts_are_kept_and_not_public(tmp_path: Path) -> None:
    answer = tweet(FIRST + 1, "To myself", in_reply_to_status_id_str=str(FIRST))
    files = {
        "data/tweets.js": script("tweets", [answer]),
        "data/twitter-circle-tweet.js": script("twitter_circle_tweet", [tweet(FIRST, "For the circle")]),
    }
    found = posts(read(as_zip(tmp_path / "a.zip", archive(files))))
    assert {id_: post.visibility for id_, post in found.items()} == {str(FIRST): "followers", str(FIRST + 1): None}
    with Archive(tmp_path / "archive") as held:
        held.import_(Source.from_path(tmp_path / "a.zip"))
        with held.selection() as public, held.selection(private=True) as everything:
            assert [stored.post.text for stored in public.posts()] == ["To myself"]
            assert {str(stored.thread) for stored in everything.posts()} == {f"x:{FIRST}"}


def test_when_an_archive_and_the_version_of_a_post_were_made_is_known(tmp_path: Path) -> None:
    manifest = {"userInfo": {"accountId": "12"}, "archiveInfo": {"generationDate": "2024-05-01T06:00:00.000Z"}}
    ids = [str(FIRST), str(FIRST + 4194304000)]
    late = tweet(int(ids[1]), "Tea", edit_info={"initial": {"editTweetIds": ids}})
    files = {
        "data/manifest.js": f"window.__THAR_CONFIG = {json.dumps(manifest)}".encode(),
        "data/tweets.js": script("tweets", [late, tweet(FIRST + 1, "Never edited")]),
    }
    first, *records = read(as_zip(tmp_path / "a.zip", archive(files)))
    assert first == Exported(datetime(2024, 5, 1, 6, tzinfo=UTC))
    edited = {id_: post.edited for id_, post in posts(records).items()}
    assert edited[str(FIRST + 1)] is None
    version = edited[ids[1]]
    assert version is not None
    assert (version.origin, str(version.instant)[:19]) == ("derived", "2024-01-24 03:38:09")

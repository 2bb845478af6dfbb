"""Pages copied from X in the languages it speaks, and what stands on them beside posts."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from threadkeep.parsers.x import pasted as x_text
from threadkeep.parsers.x._paste_vocabulary import stated_day
from threadkeep.records import Account, Parsed, Pin, Post, Repost, Skipped, When
from threadkeep.sources.source import Options, Source
from threadkeep.text.counts import is_count, read_count

HEADER = "Ada Rivers\n@ada_rivers\n·\nJul 27, 2031\n"
JULY_27 = When(datetime(2031, 7, 27, tzinfo=UTC), "day")


def read(tmp_path: Path, text: str) -> list[Parsed]:
    path = tmp_path / "page.txt"
    path.write_text(text, "utf-8")
    source = Source.from_path(path)
    assert x_text.recognizes(source)
    return [record for entry in x_text.entries(source) for record in x_text.parse(entry)]


def posts_in(records: list[Parsed]) -> list[Post]:
    return [record for record in records if isinstance(record, Post)]


PAGES = {
    "German": (
        "Ada Flut\n@adaflut\nPegel.\nBeigetreten Juli 2014\n88 Folge ich\n1.402 Follower\nPosts\nAntworten\nMedien\n"
        "Angeheftet\nAda Flut\n@adaflut\n·\n27. Juli 2031\nDas Wehr ist offen.\n2\n7\n61\n1.204\n"
        "Ada Flut\n@adaflut\n·\n4 Std.\nAntwort an \n@bo_test\n und \n@eva_test\nNur nachts.\n"
        "Ada Flut hat repostet\nBo\n@bo_test\n·\n2. Juni\nRegen seit Dienstag und\nMehr anzeigen"
    ),
    "Japanese": (
        "川辺\n@kawabe\n水位。\n2015年4月からXを利用しています\n88 フォロー中\n1,402 フォロワー\nポスト\n返信\n"
        "固定\n川辺\n@kawabe\n·\n2031年7月27日\n堰が開いた。\n2\n7\n61\n1,204\n"
        "川辺\n@kawabe\n·\n3時間\n返信先: \n@bo_test\nさん\nと\n@eva_test\nさん\n夜だけです\n"
        "川辺さんがリポストしました\nBo\n@bo_test\n·\n6月2日\n雨が降る\nさらに表示"
    ),
    "Spanish": (
        "Lía\n@liacerro\nRíos.\nSe unió en julio de 2014\n88 Siguiendo\n1.402 Seguidores\nPosts\nRespuestas\n"
        "Fijado\nLía\n@liacerro\n·\n27 jul. 2031\nLa presa está abierta.\n2\n7\n61\n1.204\n"
        "Lía\n@liacerro\n·\n3 h\nEn respuesta a \n@bo_test\n y \n@eva_test\nSolo de noche.\n"
        "Lía reposteó\nBo\n@bo_test\n·\n2 jun.\nLlueve y\nMostrar más"
    ),
    "French": (
        "Léa\n@leariv\nRivières.\nA rejoint X en juillet 2014\n88 abonnements\n1 402 abonnés\nPosts\nRéponses\n"
        "Épinglé\nLéa\n@leariv\n·\n27 juil. 2031\nLe barrage est ouvert.\n2\n7\n61\n1 204\n"
        "Léa\n@leariv\n·\n3 h\nEn réponse à \n@bo_test\n et \n@eva_test\nLa nuit seulement.\n"
        "Léa a reposté\nBo\n@bo_test\n·\n2 juin\nIl pleut et\nVoir plus"
    ),
    "Portuguese": (
        "Rui\n@ruirio\nRios.\nIngressou em julho de 2014\n88 Seguindo\n1.402 Seguidores\nPosts\nRespostas\n"
        "Fixado\nRui\n@ruirio\n·\n27 de jul. de 2031\nA represa abriu.\n2\n7\n61\n1.204\n"
        "Rui\n@ruirio\n·\n3 h\nEm resposta a \n@bo_test\n e \n@eva_test\nSó de noite.\n"
        "Rui repostou\nBo\n@bo_test\n·\n2 de jun\nChove e\nMostrar mais"
    ),
    "Twitter": (
        "Ada\n@ada\nRivers.\nJoined July 2014\n88 Following\n1,402 Followers\nTweets\nTweets & replies\nMedia\nLikes\n"
        "Pinned Tweet\nAda\n@ada\n·\nJul 27, 2031\nThe weir is open.\n2\n7\n61\n1,204\n"
        "Ada\n@ada\n·\n3h\nReplying to \n@bo_test\n and \n@eva_test\nAt night only.\n"
        "Ada Retweeted\nBo\n@bo_test\n·\nJun 2\nRain and\nShow more"
    ),
}
"""The same page: a head, a pinned post with its counts, an answer to two, a repost that is cut."""


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_reads_the_same_in_every_language(tmp_path: Path, page: str) -> None:
    records = read(tmp_path, page)
    owner, bo = [record for record in records if isinstance(record, Account)]
    assert (owner.following, owner.followers) == (88, 1402)
    assert owner.bio is not None
    assert "\n" not in owner.bio
    pinned, answer, reposted = posts_in(records)
    assert pinned.created == JULY_27
    assert pinned.counts == {"replies": 2, "reposts": 7, "likes": 61, "views": 1204}
    assert answer.mentions == ("bo_test", "eva_test")
    assert [post.author for post in (pinned, answer, reposted)] == [owner.ref, owner.ref, bo.ref]
    assert (answer.created, reposted.created) == (None, None)
    assert reposted.inferred == ("truncated",)
    assert [len(post.text.split("\n")) for post in (pinned, answer, reposted)] == [1, 1, 1]
    assert Pin(owner.ref, pinned.ref) in records
    assert Repost(owner.ref, reposted.ref) in records


@pytest.mark.parametrize(
    "text",
    [
        "Jul 27, 2031",
        "27 Jul 2031",
        "27. Juli 2031",
        "27 jul. 2031",
        "27 juil. 2031",
        "27 de jul. de 2031",
        "27 lug 2031",
        "2031年7月27日",
        "2031년 7월 27일",
        "9:12 PM · Jul 27, 2031 · 12.3K Views",
        "午後9:12 · 2031年7月27日",
    ],
)
def test_a_day_is_read_in_every_language(text: str) -> None:
    assert stated_day(text) == JULY_27


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("7", 7),
        ("1,204", 1204),
        ("1.204", 1204),
        ("1 204", 1204),
        ("12.3K", 12_300),
        ("12,3 Mio.", 12_300_000),
        ("1,2 mil", 1200),
        ("1.2万", 12_000),
        ("2,345,678", 2_345_678),
    ],
)
def test_a_count_is_read_in_every_language(text: str, count: int) -> None:
    assert is_count(text)
    assert read_count(text) == count


@pytest.mark.parametrize("text", ["1.5", "3.14", "12.3.2031", "K", "1,2", "12 34"])
def test_what_only_looks_like_a_count_is_text(text: str) -> None:
    assert not is_count(text)


def test_what_stands_under_an_opened_post_is_not_its_text(tmp_path: Path) -> None:
    opened = (
        "Post\nSee new posts\nConversation\nAda Rivers\n@ada_rivers\nWhat did you hear?\n3:45 PM · Jul 27, 2031\n·\n"
        "12.3K\n Views\n18\nReposts\n3\nQuotes\n204\nLikes\n9\nBookmarks\nRelevant\nView quotes\n"
        "Post your reply\nReply\n"
    )
    post, answer = posts_in(read(tmp_path, f"{opened}Bo\n@bo_test\n·\nJul 28, 2031\nReply"))
    assert (post.text, post.created) == ("What did you hear?", JULY_27)
    assert post.counts == {"reposts": 18, "quotes": 3, "likes": 204, "views": 12_300}
    assert answer.text == "Reply"  # only under an opened post is that a button


def test_suggestions_and_the_column_beside_are_left_out_and_counted(tmp_path: Path) -> None:
    suggestion = "Discover more\nSourced from across X\nNed\n@nedpier\n·\nMay 1, 2030\nA pier.\n"
    column = "Who to follow\nNed\n@nedpier\nFollow\nShow more"
    records = read(
        tmp_path, f"{HEADER}Rain.\n{column}\n{HEADER}Sun.\n{suggestion}Trending now\nWhat’s happening\n#rain"
    )
    assert [post.text for post in posts_in(records)] == ["Rain.", "Sun."]
    assert [record.reason for record in records if isinstance(record, Skipped)] == [
        "suggested post",
        "part of the page, not of a post",
        "part of the page, not of a post",
    ]


def test_the_heading_of_a_column_alone_is_text(tmp_path: Path) -> None:
    (post,) = posts_in(read(tmp_path, f"{HEADER}Who to follow\nis a question I never ask."))
    assert post.text == "Who to follow\nis a question I never ask."


def test_what_somebody_paid_for_is_left_out_and_counted(tmp_path: Path) -> None:
    records = read(tmp_path, f"{HEADER}Rain.\nPump Shop\n@pumpshop\nAd\nPumps for every cellar.\n{HEADER}Sun.")
    assert [post.text for post in posts_in(records)] == ["Rain.", "Sun."]
    assert [record.reason for record in records if isinstance(record, Skipped)] == ["advertisement"]


def test_an_advertisement_labelled_above_its_name_is_no_part_of_the_post_above(tmp_path: Path) -> None:
    page = HEADER + "The weir is open.\nPromoted\nPumpBox\n@pumpbox\n·\nPumps that last. Buy now.\n1.2K\n"
    records = read(tmp_path, page)
    assert [post.text for post in posts_in(records)] == ["The weir is open."]
    assert [item.reason for item in records if isinstance(item, Skipped)] == ["advertisement"]


def test_the_title_on_a_card_is_of_its_link_and_not_of_the_text(tmp_path: Path) -> None:
    page = HEADER + "Read on.\n\nweirs.example.org\nHow weirs silt up\nFrom weirs.example.org\n1\n2\n3\n4\n"
    (post,) = posts_in(read(tmp_path, page))
    assert post.text == "Read on."
    assert [(link.text, link.title) for link in post.links] == [("weirs.example.org", "How weirs silt up")]


@pytest.mark.parametrize(("shown", "day"), [("Jul 3", 3), ("2d", 8), ("5h", 10), ("4 Std.", 10), ("3時間", 10)])
def test_posts_are_dated_by_the_day_on_which_the_page_was_copied(tmp_path: Path, shown: str, day: int) -> None:
    path = tmp_path / "page.txt"
    path.write_text(f"Ada Rivers\n@ada_rivers\n·\n{shown}\nThe weir is open.\n1\n2\n3\n4\n", "utf-8")
    for saved_on, created in ((date(2031, 7, 10), When(datetime(2031, 7, day, tzinfo=UTC), "day")), (None, None)):
        source = Source.from_path(path, Options(saved_on=saved_on))
        (post,) = posts_in([record for entry in x_text.entries(source) for record in x_text.parse(entry)])
        assert post.created == created
        assert ("created" in post.inferred) == (created is not None)

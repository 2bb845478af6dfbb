from pathlib import Path

import pytest
from bluesky_dump import MIRA, PROFILE, Read, head, reader


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader(tmp_path)


def test_a_quoted_post_is_a_post_of_its_own(read: Read) -> None:
    dump = read(
        PROFILE + head("Mira Lane", MIRA, "3d") + "This.\n"
        + head("Odo", "odo.bsky.social", "4d") + "Old kilns.\n1\n5\n9\n"
        + head("Mira Lane", MIRA, "5d") + "Soup.\n"
    )  # fmt: skip
    quoting, quoted = dump.post("This."), dump.post("Old kilns.")
    assert quoting.quotes == (quoted.ref,)
    assert (quoting.counts, quoted.counts) == ({"replies": 1, "reposts": 5, "likes": 9}, {})
    assert dump.post("Soup.").text == "Soup."


def test_a_bare_handle_on_a_profile_is_quoted(read: Read) -> None:
    dump = read(f"{PROFILE}{MIRA}\nThis.\nodo.example.org\nOld kilns.\n{MIRA}\nSoup.\n")
    assert dump.handles == [MIRA, "odo.example.org", MIRA]
    assert dump.post("This.").quotes == (dump.post("Old kilns.").ref,)


def test_a_post_that_answers_the_one_above_it_says_so(read: Read) -> None:
    dump = read(
        PROFILE + head("Odo Brandt", "odo.bsky.social", "4d") + "What wood?\n4\n2\n9\n"
        + head("Mira Lane", MIRA, "3d") + "Replied to Odo Brandt\nAsh.\n1\n"
    )  # fmt: skip
    assert dump.texts == ["What wood?", "Ash."]
    assert dump.post("Ash.").reply_to == dump.post("What wood?").ref


@pytest.mark.parametrize(
    "root", ["How I fire 🧵", "How I fire. A thread:", "How I fire 1/4", "(1/n) How I fire", "How I fire 👇"]
)
def test_an_announced_thread_is_read_newest_first(read: Read, root: str) -> None:
    dump = read(
        f"{PROFILE}{MIRA}\nFinally, I open it.\n{MIRA}\nThen it cools.\n{MIRA}\n{root}\n{MIRA}\nLunch was soup.\n"
    )
    assert dump.thread(root) == [root, "Then it cools.", "Finally, I open it."]
    assert dump.post("Lunch").reply_to is None and dump.post("Lunch").root is None


def test_a_thread_ends_where_the_talk_is_of_other_things(read: Read) -> None:
    dump = read(
        f"{PROFILE}{MIRA}\nHappy new year everyone!\n{MIRA}\nExcited to share our new bowl\n"
        f"{MIRA}\nThen it cools.\n{MIRA}\nHow I fire 🧵\n"
    )
    assert dump.thread("How I fire") == ["How I fire 🧵", "Then it cools."]


@pytest.mark.parametrize(
    "between", ["Reposted by Mira Lane\nodo.bsky.social\nOther.\n", f"{MIRA}\nReplied to Odo\nYes.\n"]
)
def test_a_thread_does_not_reach_past_a_repost_or_an_answer(read: Read, between: str) -> None:
    dump = read(f"{PROFILE}{MIRA}\nThen I rest.\n{between}{MIRA}\nThen it cools.\n{MIRA}\nHow I fire 🧵\n")
    assert dump.thread("How I fire") == ["How I fire 🧵", "Then it cools."]


def test_numbers_say_the_order_of_a_thread(read: Read) -> None:
    rising = [f"{MIRA}\n{number}/3 part {number}\n" for number in (1, 2, 3)]
    for posts in (rising, rising[::-1]):
        assert read(PROFILE + "".join(posts)).thread("1/3") == ["1/3 part 1", "2/3 part 2", "3/3 part 3"]


def test_a_thread_shown_root_first_is_read_so(read: Read) -> None:
    dump = read(
        PROFILE + head("Mira Lane", MIRA, "3d") + "How we fire: a thread 🧵\n1\n2\n3\nView full thread\n"
        + head("Mira Lane", MIRA, "3d") + "Then we cool it.\n2\n"
        + head("Mira Lane", MIRA, "3d") + "Finally, we look.\n"
        + head("Mira Lane", MIRA, "9d") + "Lunch was soup.\n"
    )  # fmt: skip
    assert dump.thread("How we fire") == ["How we fire: a thread 🧵", "Then we cool it.", "Finally, we look."]
    assert dump.post("Lunch").reply_to is None


def test_a_thread_without_a_profile_is_read_oldest_first(read: Read) -> None:
    dump = read("mira.bsky.social\nHow I fire 🧵\nmira.bsky.social\nSoup is first.\nodo.example.org\nLovely!\n")
    assert dump.recognized
    assert dump.thread("How I fire") == ["How I fire 🧵", "Soup is first."]
    assert dump.handles[-1] == "odo.example.org"


def test_posts_that_announce_nothing_stay_apart(read: Read) -> None:
    dump = read(f"{PROFILE}{MIRA}\nThen it cools.\n{MIRA}\nFirst, dry it.\n")
    assert [post.reply_to for post in dump.posts] == [None, None]


def test_the_page_of_a_post_shows_what_it_answers_and_quotes(read: Read) -> None:
    dump = read(
        head("Odo Brandt", "odo.bsky.social", "2d") + "What wood do you burn?\n4\n2\n9\n"
        + "Mira Lane\n\u202a@mira.example.com\u202c\nAsh. As Tam said:\n"
        + head("Tam", "tam.bsky.social", "3d") + "Ash burns clean.\n"
        + "May 4, 2024 at 9:12\u202fPM\n·\nSome people can reply\n12 reposts\n3 quotes\n45 likes\n4\n12\n45\n"
        + "Write your reply\n" + head("Pia", "pia.example.net", "1d") + "Good to know!\n1\nRead 10 replies\n"
    )  # fmt: skip
    assert dump.texts == ["What wood do you burn?", "Ash. As Tam said:", "Ash burns clean.", "Good to know!"]
    anchor = dump.posts[1]
    assert anchor.quotes == (dump.posts[2].ref,)
    assert anchor.counts == {"replies": 4, "reposts": 12, "quotes": 3, "likes": 45}
    assert anchor.created is not None and anchor.created.instant.day == 4
    assert dump.posts[3].root == dump.posts[0].ref


def test_an_answer_stands_below_what_it_answers(read: Read) -> None:
    """On the page of one post its author answers the reply above, and whoever was answered may go on below."""
    odo = "odo.bsky.social"
    dump = read(
        f"Mira Lane\n@{MIRA}\nHow I fire a kiln 🧵\nMarch 8, 2031 at 10:12 AM\n3 reposts\n41 likes\n3\n5\n41\n"
        + head("Mira Lane", MIRA, "3d") + "First, I dry it.\n1\n1\n12\n"
        + head("Odo", odo, "3d") + "For how long?\n1\n2\n4\n"
        + head("Mira Lane", MIRA, "2d") + "A week, in the shade.\n1\n2\n11\n"
        + head("Odo", odo, "2d") + "That long!\n1\n2\n3\n"
        + head("Eva", "eva.bsky.social", "2d") + "Lovely pots.\n1\n1\n1\n"
    )  # fmt: skip
    root = dump.post("How I fire").ref
    parents = {text: dump.post(text).reply_to for text in ("First", "For how long", "A week", "That long", "Lovely")}
    assert parents == {
        "First": root,
        "For how long": None,
        "A week": dump.post("For how long").ref,
        "That long": dump.post("A week").ref,
        "Lovely": None,
    }
    assert {dump.post(text).root for text in parents} == {root}

from pathlib import Path

import pytest
from bluesky_dump import MIRA, PROFILE, Read, dump_of, head, reader

from threadkeep.parsers.bluesky import pasted as bluesky_text
from threadkeep.records import Account, Link, Media, Pin, Repost, account_ref
from threadkeep.sources.source import Source


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader(tmp_path)


def test_the_shared_profile_gives_one_thread_a_repost_and_a_pin(shared: Path) -> None:
    (path,) = (shared / "seeds").glob("002_*")
    dump = dump_of(path)
    assert dump.recognized
    own = [post for post in dump.posts if post.author == account_ref("bluesky", "seasnell.bsky.social")]
    assert (len(dump.posts), len(own), len(dump.reposts), len(dump.pins)) == (8, 7, 1, 1)
    thread = dump.thread("Can we predict")
    assert len(thread) == 7
    assert thread[1].startswith("We first pose") and thread[-1].startswith("All model checkpoints")
    assert all(post.inferred == ("thread",) and post.root == dump.pins[0].post for post in own[1:])
    assert [(skipped.reason, skipped.locator) for skipped in dump.skipped] == [("repeated in this dump", "lines 42-45")]
    other = dump.post("Did you know")
    assert other.text.endswith("HT nwbrownboi on Threads for the lead.")
    assert dump.reposts == [Repost(account_ref("bluesky", "seasnell.bsky.social"), other.ref)]
    (media,) = other.media
    assert media.kind == "image" and (media.alt or "").startswith("Transcript of Hard Fork ep 111")
    last = dump.post("All model checkpoints")
    assert last.text.endswith("t.co/IlSmJ8Na1i")
    assert last.links[1:] == (Link(url="https://huggingface.co/openlm-research", text="t.co"),)
    owner = dump.accounts[0]
    assert (owner.handle, owner.name, owner.followers, owner.following, owner.posts) == (
        "seasnell.bsky.social", "Charlie Snell", 370, 320, 8
    )  # fmt: skip
    assert (owner.bio or "").startswith("PhD @berkeley_ai")


def test_the_other_shared_pastes_are_not_recognized(shared: Path) -> None:
    for name in ("000_*", "001_*", "003_*"):
        (path,) = (shared / "seeds").glob(name)
        assert not bluesky_text.recognizes(Source.from_path(path))


def test_the_profile_sample_gives_what_its_shape_says(seeds: Path) -> None:
    dump = dump_of(seeds / "bluesky-text/bluesky-profile.txt")
    assert dump.recognized
    assert (len(dump.posts), len(dump.reposts), len(dump.pins), len(dump.skipped)) == (7, 1, 1, 1)
    thread = dump.thread("Can you read a glaze")
    assert len(thread) == 6 and thread[-1].startswith("All the ash tables")
    assert dump.accounts[0].followers == 1204


def test_the_thread_sample_gives_a_thread_and_the_answers_below_it(seeds: Path) -> None:
    dump = dump_of(seeds / "bluesky-text/bluesky-thread.txt")
    assert dump.recognized
    assert [text[:3] for text in dump.thread("Why does")] == ["Why", "2/3", "3/3"]
    root = dump.posts[0]
    assert [post.root for post in dump.posts[1:]] == [root.ref] * 4
    assert root.created is not None and root.created.instant.date().isoformat() == "2024-05-04"
    assert root.created.precision == "day"
    assert root.counts == {"replies": 7, "reposts": 14, "likes": 61, "quotes": 2}
    link, card = dump.posts[1].links
    assert (link.url, link.text) == (None, "example.org/chimney-draw...")
    assert (card.title, card.url, card.start) == ("How a chimney draws", "https://chimneys.example.org", None)
    assert dump.post("3/3").media == (Media("image"),)
    assert dump.post("3/3").tags == ("kilndog",)


@pytest.mark.parametrize(
    "counts",
    [
        "1.2K followers 320 following 845 posts",
        "1.2K followers\n320 following\n845 posts",
        "1.2K\nfollowers\n320\nfollowing\n845\nposts",
        "1.2K followers · 320 following · 845 posts",
        "1,200 followers  320 following  845 posts",
        "1.200 Follower 320 Folge ich 845 Beiträge",
        "1,2 mil seguidores 320 siguiendo 845 publicaciones",
        "Followers 1.2K Following 320 Posts 845",
    ],
)
def test_profile_counts_are_read_on_one_line_or_several(read: Read, counts: str) -> None:
    dump = read(f"Mira Lane\n@mira.example.com\n{counts}\nI glaze.\nPosts Replies Media\n")
    (account,) = dump.accounts
    assert (account.followers, account.following, account.posts) == (1200, 320, 845)
    assert (account.name, account.handle, account.bio) == ("Mira Lane", MIRA, "I glaze.")
    assert dump.recognized


@pytest.mark.parametrize(
    "tabs",
    ["Posts Media Videos Starter Packs", "Posts\nReplies\nMedia", "Posts Replies Feeds Lists", "投稿 返信 メディア"],
)
@pytest.mark.parametrize("handle", ["@mira.example.com", "\u202a@mira.example.com\u202c", "mira.example.com"])
def test_a_profile_header_is_read_with_its_buttons(read: Read, tabs: str, handle: str) -> None:
    dump = read(
        f"Home\nExplore\n+ Follow\nMessage\nMira Lane\nFollows you\n{handle}\n10 followers 20 following 1 post\n"
        f"Potter.\n\nI glaze.\nFollowed by Odo Brandt and 3 others\n{tabs}\nmira.example.com\nHello.\n"
    )
    assert dump.accounts[0].bio == "Potter.\n\nI glaze."
    assert (dump.accounts[0].name, dump.accounts[0].posts, dump.texts) == ("Mira Lane", 1, ["Hello."])


def test_a_profile_without_tabs_or_bio_is_read(read: Read) -> None:
    dump = read("Mira Lane\n@mira.example.com\n1 follower 2 following 3 posts\nPinned\nmira.example.com\nHello.\n")
    assert dump.accounts == [
        Account(account_ref("bluesky", MIRA), MIRA, "Mira Lane", followers=1, following=2, posts=3)
    ]  # fmt: skip
    assert dump.texts == ["Hello."]


def test_a_profile_without_counts_is_read_by_its_tabs(read: Read) -> None:
    dump = read(f"Mira Lane\n@{MIRA}\nI glaze.\nPosts Replies Media\nPinned\n{MIRA}\nHello.\n{MIRA}\nAgain.\n")
    assert (dump.accounts[0].bio, dump.texts) == ("I glaze.", ["Hello.", "Again."])


def test_two_profiles_in_one_paste_are_two_pages(read: Read) -> None:
    dump = read(
        f"{PROFILE}{MIRA}\nHello.\nOdo\n@odo.example.org\n1 followers 2 following 3 posts\nodo.example.org\nHi.\n"
    )
    assert dump.handles == [MIRA, "odo.example.org"]
    assert [account.name for account in dump.accounts] == ["Mira Lane", "Odo"]


def test_a_copied_page_gives_posts_with_names_counts_and_dates(read: Read) -> None:
    dump = read(
        PROFILE
        + "Pinned\n" + head("Mira Lane", MIRA, "5mo") + "How I fire a kiln.\n12\n34\n256\n"
        + "Reposted by Mira Lane\n" + head("Odo Brandt", "odo.bsky.social", "2d") + "New notes.\n3\n1.2K\n4.5K\n"
        + head("Mira Lane", MIRA, "Jul 27, 2024") + "Para one.\n\nPara two, with\na line more.\n2\n"
        + head("Mira Lane", MIRA, "7/28/2023") + "An older one.\nTranslate\n"
        + head("Mira Lane", MIRA, "8/7/2023") + "An older one still.\nShow more\n"
    )  # fmt: skip
    assert dump.recognized
    assert dump.texts == ["How I fire a kiln.", "New notes.", "Para one.\n\nPara two, with\na line more.",
                          "An older one.", "An older one still."]  # fmt: skip
    assert dump.posts[0].counts == {"replies": 12, "reposts": 34, "likes": 256}
    assert dump.posts[1].counts == {"replies": 3, "reposts": 1200, "likes": 4500}
    days = [post.created and post.created.instant.date().isoformat() for post in dump.posts]
    assert days == [None, None, "2024-07-27", "2023-07-28", "2023-08-07"]
    assert dump.pins == [Pin(account_ref("bluesky", MIRA), dump.posts[0].ref)]
    assert dump.accounts[1] == Account(account_ref("bluesky", "odo.bsky.social"), "odo.bsky.social", "Odo Brandt")
    assert dump.posts[4].inferred == ("truncated",)


def test_a_date_in_figures_that_may_be_two_days_gives_its_year(read: Read) -> None:
    (post,) = read(head("Mira Lane", MIRA, "7/8/2023") + "Which month?\n").posts
    assert post.created is not None
    assert (post.created.precision, post.created.instant.year) == ("year", 2023)


@pytest.mark.parametrize(
    "above",
    ["Mira Lane @mira.example.com · 3h\n", "Mira Lane\u202a@mira.example.com\u202c·3h\n",
     "Mira Lane\n@mira.example.com · 3h\n", "Mira Lane\n@mira.example.com\n· 3h\n",
     "Mira Lane\n\n@mira.example.com\n\n·\n\n3h\n\n", "mira.example.com · 3h\n",
     "Mira Lane (@mira.example.com) · Jul 27\n", "Mira Lane\n@mira.example.com\n"],
)  # fmt: skip
def test_an_author_is_read_in_every_shape(read: Read, above: str) -> None:
    dump = read(f"{above}First.\n\nMore of it.\n{above}Second.\n")
    assert dump.recognized
    assert dump.texts == ["First.\n\nMore of it.", "Second."]
    assert dump.handles == [MIRA, MIRA]


def test_names_above_bare_handles_are_names(read: Read) -> None:
    dump = read(f"{PROFILE}Mira Lane\n{MIRA}\nOne.\nMira Lane\n{MIRA}\nTwo.\n")
    assert dump.texts == ["One.", "Two."]


def test_handles_with_times_and_no_names_take_no_line_from_the_post_above(read: Read) -> None:
    dump = read("@mira.example.com\n3h\nOne line.\n@mira.example.com\n4h\nAnother.\n@mira.example.com\n5h\nLast.\n")
    assert dump.texts == ["One line.", "Another.", "Last."]


def test_an_account_without_a_name_or_a_valid_handle_is_kept(read: Read) -> None:
    dump = read(head(MIRA, MIRA, "2h") + "Hi.\nTam\n⚠Invalid Handle\n·\n3h\nHello.\n")
    assert [(account.handle, account.name) for account in dump.accounts] == [(MIRA, None), (None, "Tam")]


@pytest.mark.parametrize("marker", ["Replied to Odo Brandt", "Reply to Odo Brandt", "Replied to a blocked post",
                                    "Replied to you", "Replied to a post"])  # fmt: skip
def test_what_a_post_answers_is_no_part_of_its_text(read: Read, marker: str) -> None:
    above = head("Mira Lane", MIRA, "3d")
    assert read(f"{above}{marker}\nYes.\n").texts == ["Yes."]
    assert read(f"{PROFILE}{MIRA}\n{marker}\nYes.\n{MIRA}\nNo.\n").texts == ["Yes.", "No."]


def test_a_sentence_that_begins_like_a_marker_is_text(read: Read) -> None:
    body = "Reply to this with your favourite wood.\nPinned\nMine is ash."
    assert read(f"{PROFILE}{MIRA}\n{body}\n").texts == [body]


def test_a_content_warning_is_kept_as_one(read: Read) -> None:
    (post,) = read(f"{PROFILE}{head('Mira Lane', MIRA, '3d')}Adult Content\nShow\nA bowl.\nALT\n").posts
    assert (post.text, post.warning, post.media) == ("A bowl.", "Adult Content", (Media("image"),))


def test_badges_and_lengths_are_media(read: Read) -> None:
    (post,) = read(head("Mira Lane", MIRA, "3d") + "Look.\nALT\nALT\n0:32\n1\n2\n3\n").posts
    assert (post.text, [media.kind for media in post.media]) == ("Look.", ["image", "image", "video"])


CARDS = [
    ("Text.\nhttps://example.org/a\nexample.org", "Text.", Link("https://example.org/a", "example.org")),
    ("Text.\nKilns, Explained\nexample.org", "Text.", Link("https://example.org", "example.org", "Kilns, Explained")),
    ("See example.org/a1\nKilns\nexample.org", "See example.org/a1",
     Link("https://example.org/a1", "example.org", "Kilns")),
    ("Text.\nKilns\nAll about kilns.\nexample.org", "Text.",
     Link("https://example.org", "example.org", "Kilns", description="All about kilns.")),
    ("Text.\nMud: a talk\nYouTube video by Marsh Club\nyoutu.be", "Text.",
     Link("https://youtu.be", "youtu.be", "Mud: a talk", description="YouTube video by Marsh Club")),
    ("Kilns, Explained\nexample.org", "", Link("https://example.org", "example.org", "Kilns, Explained")),
    ("A\n\nB\nKilns Are Hot\nwww.example.org", "A\n\nB",
     Link("https://www.example.org", "www.example.org", "Kilns Are Hot")),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text", "card"), CARDS)
@pytest.mark.parametrize("above", [f"{MIRA}\n", head("Mira Lane", MIRA, "3h")], ids=["bare", "full"])
def test_a_link_card_is_a_link_and_not_text(read: Read, above: str, body: str, text: str, card: Link) -> None:
    post = read(f"{PROFILE}{above}{body}\n{above}The next one.\n").posts[0]
    assert (post.text, post.links[-1]) == (text, card)


@pytest.mark.parametrize(
    "body",
    ["I moved to:\nexample.org", "I moved.\n\nexample.org", "I moved.\nexample.org", "example.org",
     "README.md\nis short", "my site\nexample.org\n\nis up", "See you at 5\n12"],
)  # fmt: skip
def test_a_domain_that_may_have_been_typed_is_text(read: Read, body: str) -> None:
    assert read(f"{PROFILE}{MIRA}\n{body}\n{MIRA}\nThe next one.\n").texts == [body, "The next one."]


def test_an_owner_whose_handle_is_a_site_may_link_to_it(read: Read) -> None:
    dump = read(
        f"{PROFILE}{MIRA}\nNew post about kilns\nNotes on kilns, part two\n{MIRA}\n{MIRA}\nI like tea.\n"
        f"{MIRA}\nAnother: {MIRA}/2024/tea\nTea notes\n{MIRA}\nReposted by Mira Lane\nnytimes.com\nKilns are hot\n"
    )
    assert dump.texts == ["New post about kilns", "I like tea.", f"Another: {MIRA}/2024/tea", "Kilns are hot"]
    assert dump.posts[0].links == (Link(f"https://{MIRA}", MIRA, "Notes on kilns, part two"),)
    assert dump.handles[-1] == "nytimes.com"


def test_alt_text_below_a_body_is_the_picture_s(read: Read) -> None:
    depiction = "Screenshot of a bar chart showing that ash is forty percent of what is left after a firing."
    dump = read(
        f"{PROFILE}{MIRA}\nOur figure.\n{depiction}\n{MIRA}\nTwo.\nTranscript of ep 1: yes\nand\n\nno\n"
        f"Transcript of ep 2: no\n{MIRA}\nScreenshot of the day\n{MIRA}\nThree.\nALT\nWhat is seen.\n"
    )
    assert dump.texts == ["Our figure.", "Two.", "Screenshot of the day", "Three."]
    alts = [[media.alt for media in post.media] for post in dump.posts]
    assert alts == [
        [depiction],
        ["Transcript of ep 1: yes\nand\n\nno", "Transcript of ep 2: no"],
        [],
        ["What is seen."],
    ]


def test_what_is_longer_than_a_post_can_be_is_the_picture_s_too(read: Read) -> None:
    body, words = "A page I found.\nRead it.", "It was the custom of the house to fire at night. " * 8
    (post,) = read(f"{PROFILE}{MIRA}\n{body}\n{words.strip()}\n").posts
    assert (post.text, post.media) == (body, (Media("image", alt=words.strip()),))


def test_a_single_line_longer_than_any_post_stays_text(read: Read) -> None:
    long = "ash " * 200 + "end"
    assert read(f"{PROFILE}{MIRA}\n{long}\n").texts == [long]


def test_posts_of_nothing_but_pictures_are_told_apart_by_them(read: Read) -> None:
    alt = "ALT: a bowl, seen from above, on a table of ash"
    own = "odo.bsky.social"
    dump = read(f"{own}\nKilns\nexample.org\n{own}\nGlazes\nexample.org\n{own}\nx\n{alt}\n{own}\n")
    assert dump.texts == ["", "", "x", ""]
    assert len({post.ref for post in dump.posts}) == 4


def test_who_reposted_is_known_by_name_off_a_profile(read: Read) -> None:
    feed = read(
        "Reposted by Tam\n" + head("Odo", "odo.bsky.social", "2d") + "One.\n"
        + head("Tam", "tam.bsky.social", "2d") + "Two.\n"
        + "Reposted by Pia\n" + head("Odo", "odo.bsky.social", "2d") + "Three.\n"
    )  # fmt: skip
    assert [repost.account for repost in feed.reposts] == [
        account_ref("bluesky", "tam.bsky.social"),
        account_ref("bluesky", "Pia"),
    ]
    own = read(f"{PROFILE}Reposted by you\nodo.bsky.social\nOne.\n")
    assert own.reposts[0].account == account_ref("bluesky", MIRA)
    unknown = read("Reposted by you\nodo.bsky.social\nOne.\nodo.bsky.social\nTwo.\n")
    assert unknown.reposts == [] and unknown.texts == ["One.", "Two."]


def test_the_owner_may_be_told_where_no_header_says_it(read: Read) -> None:
    text = "Reposted by you\nodo.bsky.social\nOne.\nodo.bsky.social\nTwo.\n"
    assert read(text, owner="@mira.example.com").reposts[0].account == account_ref("bluesky", MIRA)
    assert read("Nothing of a page.\n", author=MIRA).handles == [MIRA]


def test_a_backdated_post_has_the_date_it_claims(read: Read) -> None:
    dump = read(
        f"Mira Lane\n@{MIRA}\nHello.\nArchived from May 4, 2019 at 9:12 PM\nJune 5, 2024 at 1:00 PM\n2 likes\n"
        "Write your reply\n"
    )
    (post,) = dump.posts
    assert post.text == "Hello." and post.created is not None and post.created.instant.year == 2019


def test_what_stands_beside_a_page_belongs_to_no_post(read: Read) -> None:
    dump = read(
        f"Home\nExplore\nNotifications\n{PROFILE}{head('Mira Lane', MIRA, '3d')}Hello.\n"
        "Search\nDiscover\nTrending\nGlaze\nFeedback\n•\nPrivacy\n•\nTerms\n•\nHelp\n"
    )
    assert dump.texts == ["Hello."]
    assert [skipped.reason for skipped in dump.skipped] == ["part of the page, not of a post"] * 2


@pytest.mark.parametrize(
    "text",
    [
        '{"handle": "mira.bsky.social", "followers": 3}\n',
        "<p>@mira.bsky.social</p>\n",
        "handle,followers\nmira.bsky.social,3\nodo.bsky.social,4\n",
        "# Links\nmira.bsky.social\nis nice\nmira.bsky.social\nis nice\n",
        "mira.example.com\nodo.example.org\npia.example.net\n",
        "Mira Lane\n@mira\n370 Followers 320 Following\nHello.\n",
        "Mira Lane\n@mira · 3h\nHello.\n",
        "Mira\n@mira@pottery.example\n3h\nHello.\n",
        "Ada\n@ada_rivers\nI hear.\nada.example.com\nJoined March 2012\n4 Following\n4,567 Followers\nPosts\nReplies\n",
        "Ada\n@ada_rivers\nada.example.com\n4 Following\n4,567 Followers\n",
        "I asked @mira.bsky.social about it.\nShe said yes.\n",
        "Read this:\nnytimes.com\nand that:\nnytimes.com\n",
        "Reposted by Mira\nA body.\n",
        "x\n",
        "",
    ],
)  # fmt: skip
def test_what_is_no_copied_page_is_not_recognized(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.txt"
    path.write_text(text, "utf-8")
    assert not bluesky_text.recognizes(Source.from_path(path))


def test_bytes_that_are_no_text_are_not_recognized(tmp_path: Path) -> None:
    path = tmp_path / "binary"
    path.write_bytes(bytes(range(256)) * 8)
    assert not bluesky_text.recognizes(Source.from_path(path))

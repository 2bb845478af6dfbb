import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.records import Link
from threadkeep.text.entities import find_links, find_mentions, find_tags, is_handle

# Where twitter-text and we differ on purpose, by the description of its test.
WANTED_LINK_DEVIATIONS = {
    "Extract short URLs without protocol on ccTLD domains without path": "it.so: a word, so no link without a path",
    "Extract URL before newline": "the same",
    "DO NOT extract URLs with > 40 characters in a t.co slug": "what a person pasted as a link is kept as one",
    "Extract domain followed by Japanese characters": "a bare international domain is not told from a sentence",
}
WANTED_MENTION_DEVIATIONS = {
    "Extract lone metion but not @user@user (too close to an email)": "@test@example.com is a Mastodon handle",
}


def written(text: str) -> list[str | None]:
    return [link.text for link in find_links(text)]


def twitter_cases(shared: Path, *sections: str) -> list[dict[str, Any]]:
    tests = yaml.safe_load((shared / "dumps/vectors/twitter-text_extract.yml").read_text("utf-8"))["tests"]
    return [case for section in sections for case in tests[section]]


def bluesky_arrays(shared: Path, *, declared: str, ended: str) -> list[Any]:
    """An array literal of the TypeScript test, read as the YAML that it nearly is."""
    source = (shared / "dumps/vectors/atproto_rich-text-detection.test.ts").read_text("utf-8")
    body = source.split(declared, 1)[1].split(ended, 1)[0].replace("'", '"')
    return list(yaml.safe_load(f"[{re.sub(r' //.*', '', body)}]"))


def test_links_are_found_where_twitter_text_finds_them(shared: Path) -> None:
    for case in twitter_cases(shared, "urls", "tco_urls_with_params"):
        if case["description"] in WANTED_LINK_DEVIATIONS:
            assert written(case["text"]) != case["expected"]
        else:
            assert written(case["text"]) == case["expected"], case["description"]


def test_link_places_are_those_of_twitter_text(shared: Path) -> None:
    for case in twitter_cases(shared, "urls_with_indices", "urls_with_directional_markers"):
        found = [{"url": link.text, "indices": [link.start, link.end]} for link in find_links(case["text"])]
        assert found == case["expected"], case["description"]


def test_mentions_are_found_where_twitter_text_finds_them(shared: Path) -> None:
    for case in twitter_cases(shared, "mentions"):
        if case["description"] in WANTED_MENTION_DEVIATIONS:
            assert list(find_mentions(case["text"])) != case["expected"]
        else:
            assert list(find_mentions(case["text"])) == case["expected"], case["description"]


def test_tags_are_found_where_twitter_text_finds_them(shared: Path) -> None:
    for case in twitter_cases(shared, "hashtags", "hashtags_from_astral"):
        assert list(find_tags(case["text"])) == list(dict.fromkeys(case["expected"])), case["description"]


def test_links_and_mentions_are_found_where_bluesky_finds_them(shared: Path) -> None:
    inputs = bluesky_arrays(shared, declared="const inputs = [", ended="\n  ]\n")
    outputs = bluesky_arrays(shared, declared="const outputs: string[][][] = [", ended="\n  ]\n")
    assert len(inputs) == len(outputs) == 40
    for text, segments in zip(inputs, outputs, strict=True):
        links = [tuple(segment) for segment in segments if len(segment) == 2 and segment[1].startswith("http")]
        mentions = [segment[0][1:] for segment in segments if len(segment) == 2 and segment[1].startswith("did:")]
        assert [(link.text, link.url) for link in find_links(text)] == links, text
        assert list(find_mentions(text)) == list(dict.fromkeys(mentions)), text


def test_tags_are_found_where_bluesky_finds_them(shared: Path) -> None:
    # X's rules hold where Bluesky lets punctuation, emoji or a second # into a tag.
    differing = {
        "its a #double#rainbow": ["double", "rainbow"],
        "##hashash": ["hashash"],
        "some #n0n3s@n5e!": ["n0n3s"],
        "works #with,punctuation": ["with"],
        "works with #🦋 emoji, and #butter🦋fly": ["butter"],
        "this ##️⃣tag should be a tag": [],
        "match full width number sign (tag): ＃#️⃣tag": [],
    }
    cases = bluesky_arrays(
        shared, declared="string[],\n      { byteStart: number; byteEnd: number }[],\n    ][] = [", ended="\n    ]\n"
    )
    assert len(cases) > 30
    for text, tags, _ in cases:
        assert list(find_tags(text)) == differing.get(text, list(dict.fromkeys(tags))), text


def test_handles_follow_the_grammar_of_atproto(shared: Path) -> None:
    for name, valid in (("valid", True), ("invalid", False)):
        path = shared / f"dumps/vectors/interop_handle_syntax_{name}.txt"
        handles = [line for line in path.read_text("utf-8").split("\n") if line and not line.startswith("#")]
        assert len(handles) > 30
        assert [handle for handle in handles if is_handle(handle) is not valid] == []


@pytest.mark.parametrize(
    ("text", "handle"),
    [("mira.example.com", True), ("MIRA.Example.COM", True), ("mira", False), ("mira.example.com\n", False),
     ("٣.example.com", False), ("a" * 64 + ".com", False), (".".join(["abcdefgh"] * 29), False)],
)  # fmt: skip
def test_a_handle_has_dots_and_ascii_letters(text: str, handle: bool) -> None:
    assert is_handle(text) is handle


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("models here: t.co/IlSmJ8Na1i", ["https://t.co/IlSmJ8Na1i"]),
        ("arxiv.org/abs/2401.00001, and www.example.com.", ["https://arxiv.org/abs/2401.00001",
                                                            "https://www.example.com"]),
        ("(https://t.co/0epeIbxaLD)", ["https://t.co/0epeIbxaLD"]),
        ("“example.com/a”", ["https://example.com/a"]),
        ("see https://example.com/wiki/Kiln_(film)).", ["https://example.com/wiki/Kiln_(film)"]),
        ("**https://example.com/bold**", ["https://example.com/bold"]),
        ("https://example.com/full/address…", ["https://example.com/full/address"]),
        ("https://example.com:8080/a?b=c#d!", ["https://example.com:8080/a?b=c#d"]),
        ("https://192.0.2.7/status", ["https://192.0.2.7/status"]),
        ("詳しくはhttps://example.com/a。次", ["https://example.com/a"]),
        ("https://medium.com/@mira/on-kilns", ["https://medium.com/@mira/on-kilns"]),
        ("docs.rs/serde and README.md/x", ["https://docs.rs/serde", "https://README.md/x"]),
        ("glued.https://example.com/a", ["https://example.com/a"]),
    ],
)  # fmt: skip
def test_links_are_found_as_people_paste_them(text: str, links: list[str]) -> None:
    assert [link.url for link in find_links(text)] == links


@pytest.mark.parametrize(
    "text",
    ["README.md", "main.py", "setup.sh", "photo.jpg", "src/main.dev", "Node.js/Express", "e.g. this", "v1.2",
     "Thanks.So", "mira@example.com", "mira.lane@mail.example.com", "name.com+list@example.com", "plt.show()",
     "@mira.bsky.social",
     "https://localhost", "https://", "a..b.com..", "1.5x", "U.S./U.K."],
)  # fmt: skip
def test_file_names_addresses_and_handles_are_no_links(text: str) -> None:
    assert find_links(text) == ()


def test_a_link_keeps_its_place_in_code_points() -> None:
    text = "🧵 see 👩‍🔬 example.com/a!"
    (link,) = find_links(text)
    assert link == Link(url="https://example.com/a", text="example.com/a", start=10, end=23)
    assert text[10:23] == link.text


@pytest.mark.parametrize(
    "text", ["github.com/mira-lane/po...", "github.com/mira-lane/potter…"], ids=["bsky.app", "display_url"]
)
def test_a_path_the_platform_cut_makes_a_link_without_address(text: str) -> None:
    (link,) = find_links(f"Code: {text}")
    assert (link.url, link.text) == (None, text)


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("with @tatsu_x@marcelr@neil.", ["tatsu_x", "marcelr", "neil"]),
        ("our TAs (@nelsonf,@GabrielP,@rck).", ["nelsonf", "GabrielP", "rck"]),
        ("(by @kevin.com and @casey.bsky.social). HT", ["kevin.com", "casey.bsky.social"]),
        ("@mira@pottery.example hello", ["mira@pottery.example"]),
        ("@mira@pottery.example.Then", ["mira@pottery.example"]),
        ("@mira.Then @odo.bsky.social.", ["mira", "odo.bsky.social"]),
        ("@Mira and @mira", ["Mira"]),
        ("mail mira@example.com or a.b@c.example.com", []),
        ("https://medium.com/@mira/x", []),
        ("@sixteen_letters_", []),
        ("RT @mira: ＠odo", ["mira", "odo"]),
        ("@ @@ @.x", []),
    ],
)
def test_mentions_are_found_on_every_platform(text: str, mentions: list[str]) -> None:
    assert list(find_mentions(text)) == mentions


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Our #ICML2024 work, #2024 and #2024a", ["ICML2024", "2024a"]),
        ("#Kilns #kilns #glaze_", ["Kilns", "glaze"]),
        ("C#sharp &#39; word#no", []),
        ("https://example.com/#part example.com/a#b", []),
        ("＃陶芸。#日本語", ["陶芸", "日本語"]),
        ("#️⃣ # #1 #_", []),
    ],
)
def test_tags_are_found_on_both_platforms(text: str, tags: list[str]) -> None:
    assert list(find_tags(text)) == tags


@pytest.mark.parametrize(
    "unit",
    [
        "@",
        "#",
        "a.",
        "-",
        "@a",
        "#a",
        "@a@",
        "@a.b@",
        "https://",
        "https://a.",
        "a.co/",
        " a.co/(",
        "(",
        "a",
        "#\u0301",
    ],
)
def test_a_megabyte_on_one_line_is_read(unit: str) -> None:
    # A quadratic step would take hours here; what is found depends on the unit, that it ends does not.
    text = unit * (200_000 // len(unit)) + " @end #end https://example.com/end"
    assert find_links(text)[-1].url == "https://example.com/end"
    assert find_mentions(text)[-1] == "end"
    assert find_tags(text)[-1] == "end"


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab.:/@#＃ -_1é日()\n…") | st.characters(), max_size=60))
def test_every_link_is_a_piece_of_the_text_and_none_overlap(text: str) -> None:
    position = 0
    for link in find_links(text):
        assert link.start is not None and link.end is not None and position <= link.start < link.end
        assert text[link.start : link.end] == link.text
        position = link.end
    for mention in find_mentions(text):
        assert f"@{mention}" in text.replace("＠", "@")
    for tag in find_tags(text):
        assert f"#{tag}" in text.replace("＃", "#")

"""Damaged, truncated and hostile repositories: what is whole is read, the rest is told, nothing crashes or hangs."""

import gzip
import random
from collections import Counter
from pathlib import Path
from typing import Any

import car_writer as writer
import pytest
from car_reading import POST, many, post, read, read_bytes, summary, texts, tree_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadkeep.errors import EmptyDump
from threadkeep.parsers.bluesky import _car_file as _car
from threadkeep.parsers.bluesky import repository as bluesky_car
from threadkeep.parsers.bluesky._dag_cbor import decode
from threadkeep.sources.source import Source


def test_half_a_surrogate_pair_spoils_no_other_record(tmp_path: Path) -> None:
    car = writer.repository(writer.DID, {f"{POST}/3ka": post("half \ud83d"), f"{POST}/3kb": post("Fine.")})
    given, problems = read_bytes(tmp_path, car.to_bytes())
    assert not problems
    assert texts(given) == ["half \ud83d", "Fine."]


def test_a_record_nested_too_deeply_is_a_problem(tmp_path: Path) -> None:
    for depth in (300, 900, 100_000):
        deep, fine = b"\x81" * depth + b"\0", writer.encode(post("Fine."))
        keys = [
            (f"{POST}/3ka".encode(), writer.cid_of(deep), None),
            (f"{POST}/3kb".encode(), writer.cid_of(fine), None),
        ]
        node = writer.encode(writer.node(keys))
        given, problems = read_bytes(tmp_path, tree_of([node, deep, fine], writer.cid_of(node)))
        assert texts(given) == ["Fine."]
        assert [place for place, _ in problems] == [f"{POST}/3ka"]


@pytest.mark.parametrize(
    ("block", "value"),
    [
        (b"\xa2ab\x01aa\x02", {"b": 1, "a": 2}),
        (b"\xfb\x7f\xf0\0\0\0\0\0\0", float("inf")),
        (b"\xf9\x3c\x00", 1.0),
        (b"\xc1\x05", 5),
        (b"\x83\x20\x18\x64\xf7", [-1, 100, None]),
        (b"\xa1aa\x62\xff\xfe", {"a": "\ufffd\ufffd"}),
        (b"\x82\xd8\x2a\x43\0ab\xf9\x3c\x00", [b"ab", 1.0]),
    ],
)
def test_a_block_against_the_rules_is_read_where_nothing_is_lost(block: bytes, value: Any) -> None:
    assert decode(block) == value


@pytest.mark.parametrize(
    "block", [b"", b"\x5b" + b"\xff" * 8, b"\x9f\x01\xff", b"\x9b" + b"\xff" * 8, b"\xa1\x01\x02", b"\xf8\x20"]
)
def test_a_block_that_is_no_value_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decode(block)


def test_a_missing_record_is_told_by_its_key(tmp_path: Path) -> None:
    car = writer.sample()
    given, problems = read_bytes(tmp_path, car.without(car.records[f"{POST}/3krf6piv22222"]).to_bytes())
    assert len(texts(given)) == 10
    assert problems == [(f"{POST}/3krf6piv22222", "its block is missing")]


def test_a_block_with_the_wrong_hash_is_refused(tmp_path: Path) -> None:
    car = writer.repository(writer.DID, {f"{POST}/3ka": post("Mine."), f"{POST}/3kb": post("Fine.")})
    given, problems = read_bytes(tmp_path, car.to_bytes().replace(b"Mine.", b"Evil."))
    assert texts(given) == ["Fine."]
    assert problems[0] == (f"{POST}/3ka", "its block is damaged: it does not have the hash it should")
    assert "1 of its blocks is damaged" in problems[1][1]


def test_nodes_that_only_a_missing_node_leads_to_are_still_read(tmp_path: Path) -> None:
    car = many(400)
    given, problems = read_bytes(tmp_path, car.without(car.nodes[-1]).to_bytes())
    own = len(decode(dict(car.blocks)[car.nodes[-1]])["e"])
    assert len(texts(given)) == len(set(texts(given))) == 400 - own
    assert [place.split()[0] for place, _ in problems] == ["node"]
    assert "with it every record below it" in problems[0][1]


def test_nodes_of_an_older_state_are_not_taken_for_lost_ones(tmp_path: Path) -> None:
    now, before = many(60), writer.repository(writer.DID, {f"{POST}/0old": post("Deleted.")}, rev="3aaa")
    car = writer.Car(now.roots, [*now.without(now.nodes[-1]).blocks, *before.blocks])
    given, _ = read_bytes(tmp_path, car.to_bytes())
    assert "Deleted." not in texts(given)


@given(st.floats(0, 1), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_truncated_file_gives_what_it_holds_and_says_so(tmp_path: Path, share: float, shuffled: bool) -> None:
    car = many(120)
    if shuffled:
        head, *rest = car.blocks
        random.Random(1).shuffle(rest)
        car.blocks = [head, *rest]
    data = car.to_bytes()
    end = len(writer.header(car.roots)) + int(share * (len(data) - len(writer.header(car.roots)) - 1))
    given, problems = read_bytes(tmp_path, data[:end])
    assert problems
    assert set(texts(given)) <= {f"Note {number}." for number in range(120)}
    assert len(texts(given)) == len(set(texts(given)))


def test_a_damaged_place_does_not_hide_what_follows(tmp_path: Path) -> None:
    data = many(400).to_bytes()
    middle = len(data) // 2
    for damaged in (
        data[:middle] + bytes(200) + data[middle + 200 :],
        data[:middle] + data[middle + 123 :],
        data[:middle] + b"\xff" * 60 + data[middle:],
    ):
        given, problems = read_bytes(tmp_path, damaged)
        assert len(texts(given)) > 390
        assert problems


def test_padding_with_zeros_is_no_damage(tmp_path: Path) -> None:
    given, problems = read_bytes(tmp_path, writer.sample().to_bytes() + bytes(5000))
    assert (len(texts(given)), problems) == (11, [])


def test_without_a_root_the_newest_commit_is_read_and_that_is_told(tmp_path: Path) -> None:
    old, new = (writer.repository(writer.DID, {f"{POST}/3k": post(rev)}, rev=rev) for rev in ("3aaa", "3bbb"))
    given, problems = read_bytes(tmp_path, writer.Car([], [*new.blocks, *old.blocks]).to_bytes())
    assert texts(given) == ["3bbb"]
    assert "the newest commit in the file was read instead" in problems[0][1]


def test_a_node_that_is_reached_twice_is_read_once(tmp_path: Path) -> None:
    # Each node names the one before it twice: sixty of them would be 2**60 visits.
    nodes: list[bytes] = []
    below: writer.Cid | None = None
    for number in range(60):
        entry = (f"{POST}/{number:02}".encode(), writer.cid_of(b""), below)
        nodes.append(writer.encode(writer.node([entry], left=below)))
        below = writer.cid_of(nodes[-1])
    assert below is not None
    _, problems = read_bytes(tmp_path, tree_of(nodes, below))
    assert Counter(words for _, words in problems) == {
        "its block is missing": 60,
        "a node of the tree cannot be read: the tree leads to it twice": 59,
    }


def test_a_tree_as_deep_as_the_file_is_walked(tmp_path: Path) -> None:
    nodes = [writer.encode(writer.node([]))]
    for _ in range(20_000):
        nodes.append(writer.encode(writer.node([], left=writer.cid_of(nodes[-1]))))
    given, problems = read_bytes(tmp_path, tree_of(nodes, writer.cid_of(nodes[-1])))
    assert (summary(given), problems) == ({"Account": 1}, [])


@pytest.mark.parametrize(
    "node",
    [
        {},
        {"e": None, "l": None},
        {"e": [7], "l": None},
        {"e": [{"p": 5, "k": b"a", "v": writer.cid_of(b""), "t": None}], "l": None},
        {"e": [{"p": -1, "k": b"a", "v": writer.cid_of(b""), "t": None}], "l": None},
        {"e": [{"p": 0, "k": "a", "v": writer.cid_of(b""), "t": None}], "l": None},
        {"e": [{"p": 0, "k": b"a" * 2000, "v": writer.cid_of(b""), "t": None}], "l": None},
        {"e": [{"p": 0, "k": b"a/b", "v": 3, "t": None}], "l": None},
        {"e": [], "l": 3},
        "node",
    ],
)
def test_a_node_of_another_form_is_a_problem(tmp_path: Path, node: Any) -> None:
    block = writer.encode(node)
    given, problems = read_bytes(tmp_path, tree_of([block], writer.cid_of(block)))
    assert summary(given) == {"Account": 1}
    assert [place.split()[0] for place, _ in problems] == ["node"]


@pytest.mark.parametrize("key", [b"nokey", b"/x", b"x/", b"\xff\xfe"])
def test_a_key_that_names_no_record_is_a_problem(tmp_path: Path, key: bytes) -> None:
    block = writer.encode(writer.node([(key, writer.cid_of(b""), None)]))
    _, problems = read_bytes(tmp_path, tree_of([block], writer.cid_of(block)))
    assert "is not the key of a record" in problems[0][1]


def test_a_cid_of_another_kind_is_checked_or_refused(tmp_path: Path) -> None:
    record = writer.encode(post("Raw."))
    raw = writer.cid_of(record, writer.RAW)
    odd = writer.Cid(b"\x01\x71\x1b\x20" + bytes(32))
    node = writer.encode(writer.node([(f"{POST}/3ka".encode(), raw, None), (f"{POST}/3kb".encode(), odd, None)]))
    data = tree_of([node], writer.cid_of(node))
    data += b"".join(writer.varint(len(cid) + len(record)) + cid + record for cid in (raw, odd))
    given, problems = read_bytes(tmp_path, data)
    assert texts(given) == ["Raw."]
    assert problems[0] == (f"{POST}/3kb", "its block has a hash of a kind that is not in use")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"Hello there, this is text.", "this is not a CAR file"),
        (b"\xff" * 40, "this is not a CAR file"),
        (writer.header([]), "there is no commit in it"),
        (writer.header([writer.cid_of(b"")]), "there is no commit in it"),
        (writer.header([]) + b"\xff" * 30, "nothing can be read"),
        (writer.header([]) + b"\x00\x01" * 30, "nothing can be read"),
        (writer.header([]) + b"\xff\xff\xff\xff\x7f" + b"a" * 90, "the file is cut off"),
        (bytes.fromhex("0aa16776657273696f6e02") + bytes(40), "version 2 are not read"),
    ],
)
def test_a_file_that_is_no_repository_is_refused_in_words(tmp_path: Path, data: bytes, words: str) -> None:
    given, problems = read_bytes(tmp_path, data)
    assert given == []
    assert words in problems[0][1]


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.car").touch()
    with pytest.raises(EmptyDump):
        list(bluesky_car.entries(Source.from_path(tmp_path / "empty.car")))


def test_candidates_for_blocks_behind_damage_are_not_tried_forever(tmp_path: Path) -> None:
    # Each claims to be eight megabytes long: together they would take terabytes to hash.
    bait = b"\xff\xff\xff\x03" + writer.cid_of(b"")
    given, problems = read_bytes(tmp_path, writer.header([]) + b"\xff" * 20 + bait * 250_000)
    assert given == []
    assert "nothing can be read" in problems[0][1]


def test_a_large_file_is_read_like_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "repo.car"
    path.write_bytes(many(300).to_bytes())
    packed = tmp_path / "repo.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    small = read(Source.from_path(path))
    monkeypatch.setattr(_car, "IN_MEMORY_BYTES", 10_000)
    assert read(Source.from_path(path)) == small
    assert read(Source.from_path(packed)) == small


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_to_the_bytes_it_is_read_or_told(tmp_path: Path, data: st.DataObject) -> None:
    mutable = bytearray(writer.sample().to_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(mutable)))
        match data.draw(st.sampled_from(["flip", "cut", "put"])):
            case "flip" if at < len(mutable):
                mutable[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del mutable[at : at + data.draw(st.integers(1, 90))]
            case "put":
                mutable[at:at] = data.draw(st.binary(min_size=1, max_size=40))
    changed = bytes(mutable)
    given, problems = read_bytes(tmp_path, changed)
    if changed != writer.sample().to_bytes():
        assert problems or len(texts(given)) == 11

"""A JSON array is cut into exactly its items, whatever its size, its wrapping and the places where reading stops."""

import contextlib
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.errors import DumpError
from threadkeep.sources import json_stream
from threadkeep.sources.json_stream import items

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(['"', "\\", "[{", "]}", ", "]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    array=st.lists(values, max_size=6), indent=st.none() | st.integers(0, 2), prefix=st.sampled_from(["", "a.b.c = "])
)
def test_items_decode_to_the_array(array: list[object], indent: int | None, prefix: str) -> None:
    data = (prefix + json.dumps(array, indent=indent) + ";").encode()
    assert [json.loads(item) for item in items(io.BytesIO(data))] == array


@settings(max_examples=100, deadline=None)
@given(array=st.lists(values, max_size=6), before=values, size=st.integers(1, 7))
def test_where_reading_stops_does_not_matter(array: list[object], before: object, size: int) -> None:
    data = json.dumps({"orderedItem": before, "orderedItems": array, "z": 1}).encode()

    class Slow(io.BytesIO):
        def read(self, _count: int | None = -1) -> bytes:
            return super().read(size)

    assert [json.loads(item) for item in items(Slow(data), "orderedItems")] == array


@pytest.mark.parametrize("depth", [1, 11, 12, 13, 14, 60])
def test_items_of_any_depth_are_found_whole(depth: int) -> None:
    deep = '{"a": ["]}", ' * depth + "1" + "]}" * depth
    assert list(items(io.BytesIO(f"[{deep}, 7, {deep}]".encode()))) == [deep.encode(), b"7", deep.encode()]


def test_keys_go_one_object_into_the_other() -> None:
    data = b'{"a": {"z": [1], "b": [2, 3]}, "b": [4]}'
    assert list(items(io.BytesIO(data), "a", "b")) == [b"2", b"3"]
    with pytest.raises(DumpError, match="'c'"):
        list(items(io.BytesIO(data), "a", "c"))


def test_an_object_is_one_item() -> None:
    assert list(items(io.BytesIO(b' {"a": [1]} '))) == [b'{"a": [1]}']


@pytest.mark.parametrize("rest", ["", ', "z": {"a": [9]}}', ', "a": 7}', ', "b', ', "a": {}, "a": [9]}'])
def test_of_a_key_that_stands_twice_both_arrays_are_read(rest: str) -> None:
    data = '{"id": "outbox.json", "a": [], "b": [8], "a": [1, {"a": []}]' + rest
    assert list(items(io.BytesIO(data.encode()), "a")) == [b"1", b'{"a": []}']


def test_a_second_array_that_is_cut_off_is_told() -> None:
    found = []
    with pytest.raises(DumpError, match="cut off"):
        for item in items(io.BytesIO(b'{"a": [1], "a": [2, {"b"'), "a"):
            found.append(item)
    assert found == [b"1", b"2"]


@pytest.mark.parametrize("data", [b'[{"a": 1}, {"b": "x', b'[{"a": 1}, ', b'[{"a": 1}, {"b": [{}', b'[{"a": 1} , "abc'])
def test_what_is_whole_comes_before_the_complaint(data: bytes) -> None:
    found = []
    with pytest.raises(DumpError, match="cut off"):
        for item in items(io.BytesIO(data)):
            found.append(item)
    assert found == [b'{"a": 1}']


@pytest.mark.parametrize(
    ("data", "key"), [(b"", ""), (b"hello", ""), (b'{"a": 1}', "b"), (b"[1]", "b"), (b'{"b": {}}', "b")]
)
def test_what_is_no_such_array_is_told(data: bytes, key: str) -> None:
    with pytest.raises(DumpError):
        list(items(io.BytesIO(data), key))


def test_the_keys_of_arrays_are_told_as_far_as_the_object_goes() -> None:
    assert json_stream.keys_of_arrays(
        io.BytesIO(b' {"a": [1, {"x": []}], "b": {"c": []}, "d": [], "e": 1, "f": ["')
    ) == ["a", "d", "f"]
    assert json_stream.keys_of_arrays(io.BytesIO(b"[1]")) == json_stream.keys_of_arrays(io.BytesIO(b"")) == []


def test_an_endless_item_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "ITEM_LIMIT_BYTES", 1000)
    monkeypatch.setattr(json_stream, "CHUNK_BYTES", 100)
    with pytest.raises(DumpError, match="longer than"):
        list(items(io.BytesIO(b'["' + b"x" * 5000)))
    with pytest.raises(DumpError, match="longer than"):
        list(items(io.BytesIO(b'[["' + b"x" * 5000)))


POSTS = [
    {"tweet": {"id": str(n), "text": f'Tea {n}: "hot", [or] not', "urls": [{"url": "a"}, {"url": "b"}]}}
    for n in range(6)
]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("bit", [1, 4, 32])
def test_a_flipped_bit_costs_one_item_and_no_other(indent: int | None, bit: int) -> None:
    whole = json.dumps(POSTS, indent=indent).encode()
    spans = [(at := whole.index(f'"id": "{n}"'.encode()), at) for n in range(6)]
    for at in range(1, len(whole) - 2):
        data = whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :]
        found = []
        with contextlib.suppress(DumpError):
            for item in items(io.BytesIO(b"window.YTD.tweets.part0 = " + data)):
                with contextlib.suppress(ValueError):
                    found.append(json.loads(item))
        hit = max((n for n, (start, _) in enumerate(spans) if start <= at), default=0)
        left = [post for n, post in enumerate(POSTS) if n not in (hit, hit + 1)]
        assert [post for post in left if post in found] == left, (at, data[max(0, at - 20) : at + 20])
        assert len(found) <= len(POSTS)
        assert [post for post in POSTS if post in found] == [post for post in found if post in POSTS]


@pytest.mark.parametrize("key", ["", "orderedItems"])
def test_what_follows_an_item_that_is_too_long_is_read(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setattr(json_stream, "ITEM_LIMIT_BYTES", 10_000)
    monkeypatch.setattr(json_stream, "CHUNK_BYTES", 1_000)
    for long in ("x" * 100_000, ["a"] * 20_000):
        values_ = [POSTS[0], {"tweet": {"id": "7", "text": long}}, *POSTS[1:]]
        data = json.dumps({"id": "outbox.json", key: values_} if key else values_).encode()
        found = list(items(io.BytesIO(data), key))
        [damaged] = [item for item in found if isinstance(item, json_stream.DamagedItem)]
        assert "longer than" in damaged.reason
        assert [json.loads(item) for item in found if item is not damaged] == POSTS


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b'[{"a": 1},\n{"a": 2},\n{"a": 3}]', ""),
        (b'[\n{"a": 1},\n{"a": 2},\n{"a": 3},\n]', ""),
        (b'[{"a": 1}, {"a": 2}]\n[{"a": 3}]', ""),
        (b'{\n"a": 1}{"a": 2}\n\xef\xbb\xbf{\n"a": 3}', ""),
        (b'window.YTD.tweet.part0 = [{"a": 1}];\nwindow.YTD.tweet.part1 = [{"a": 2}, {"a": 3}]', ""),
        (b'{"z": 1, "k": [{"a": 1}]}\n{"k": [{"a": 2}, {"a": 3}], "y": {}}', "k"),
        (b'window.YTD.tweet.part0 ? [{"a": 1}, {"a": 2}, {"a": 3}]', ""),
    ],
)
def test_files_that_were_joined_or_printed_otherwise_give_all_items(data: bytes, key: str) -> None:
    assert [json.loads(item) for item in items(io.BytesIO(data), key)] == [{"a": 1}, {"a": 2}, {"a": 3}]

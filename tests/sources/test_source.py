"""A dump is one thing wherever it comes from: encodings, limits, folders, patterns."""

import bz2
import gzip
import io
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from threadkeep.errors import DumpError, DumpTooLarge, EmptyDump, NotText
from threadkeep.sources import compression
from threadkeep.sources.discovery import find_sources
from threadkeep.sources.source import HEAD_BYTES, TEXT_LIMIT_BYTES, Source

TEXT = "“Zürich” – naïve café, 12 €\nsecond line\n"


def source_of(tmp_path: Path, data: bytes) -> Source:
    path = tmp_path / "dump.txt"
    path.write_bytes(data)
    return Source.from_path(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_reads_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    source = source_of(tmp_path, TEXT.encode(encoding))
    assert source.text() == TEXT
    assert source.head == TEXT
    assert list(source.lines())[-1] == "second line"


def test_what_was_never_written_at_the_end_of_a_file_is_no_text(tmp_path: Path) -> None:
    assert source_of(tmp_path, (TEXT * 40).encode() + bytes(40)).text() == TEXT * 40


def test_latin_text_in_cp1252_without_quotes_is_read(tmp_path: Path) -> None:
    assert source_of(tmp_path, "déjà vu à la mode\n".encode("cp1252")).text() == "déjà vu à la mode\n"


def test_a_greek_code_page_is_guessed(tmp_path: Path) -> None:
    text = "Η ζωή εν τάφω και άλλα κείμενα που γράφτηκαν παλιά στον υπολογιστή μου.\n" * 8
    assert source_of(tmp_path, text.encode("cp1253")).text() == text


def test_line_ends_are_made_one(tmp_path: Path) -> None:
    assert source_of(tmp_path, b"a\r\nb\rc\n").text() == "a\nb\nc\n"


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf", "\ufeff\n".encode("utf-16")])
def test_nothing_in_it_is_said(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(EmptyDump, match=r"nothing in it|is empty"):
        source_of(tmp_path, data).text()


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, bytes(1000), os.urandom(4096)])
def test_bytes_that_are_no_text_are_told(tmp_path: Path, data: bytes) -> None:
    source = source_of(tmp_path, data)
    assert source.head is None
    with pytest.raises(NotText):
        source.text()


def test_text_with_a_stray_nul_is_still_text(tmp_path: Path) -> None:
    assert source_of(tmp_path, b"one line with \0 in it\n" * 20).text().startswith("one line with \0")


def test_a_stray_byte_beyond_the_head_does_not_stop_reading(tmp_path: Path) -> None:
    source = source_of(tmp_path, b"plain words\n" * (HEAD_BYTES // 6) + b"caf\xe9\n")
    assert source.text().endswith("café\n") or source.text().endswith("caf\ufffd\n")


def test_more_than_a_paste_can_have_is_refused_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(TEXT_LIMIT_BYTES + 1)
    with pytest.raises(DumpTooLarge, match="cut it into several files"):
        Source.from_path(path).text()


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match=r"gone\.txt: No such file"):
        Source.from_path(tmp_path / "gone.txt")


def test_a_kept_dump_reads_like_the_one_that_came(tmp_path: Path) -> None:
    came = source_of(tmp_path, TEXT.encode())
    packed = tmp_path / "dump.gz"
    packed.write_bytes(gzip.compress(TEXT.encode()))
    kept = Source.from_stored("dump.txt", packed, came.sha256)
    assert (kept.text(), kept.size) == (came.text(), came.size)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_dump_that_is_packed_by_itself_is_what_is_inside(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    plain, packed = source_of(tmp_path, TEXT.encode()), tmp_path / "posts.jsonl.packed"
    packed.write_bytes(pack(TEXT.encode()))
    source = Source.from_path(packed)
    assert (source.text(), source.size, source.sha256) == (plain.text(), plain.size, plain.sha256)
    assert (source.members, source.stored_suffix) == ((), ".gz")
    kept = io.BytesIO()
    source.write_stored_copy(kept)
    assert gzip.decompress(kept.getvalue()) == TEXT.encode()
    with Source.from_stream("-", io.BytesIO(packed.read_bytes())) as streamed:
        assert list(streamed.lines()) == list(plain.lines())


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
@pytest.mark.parametrize(("at", "put"), [(-9, b""), (-1500, b"\xff\xff\xff"), (-1500, b"")])
def test_a_damaged_packed_dump_gives_what_is_whole_and_is_told(
    tmp_path: Path, at: int, put: bytes, pack: Callable[[bytes], bytes]
) -> None:
    packed = tmp_path / "posts.jsonl.gz"
    text = random.Random(7).randbytes(1_000_000).hex().encode()
    data = pack(text)
    packed.write_bytes(data[:at] + put + (data[at + len(put) :] if put else b""))
    source = Source.from_path(packed)
    [(name, said)] = source.damaged
    assert name == ""
    assert "cut off" in said or "damaged" in said or "checksum" in said
    with source.open() as file:
        assert file.read(300_000) == text[:300_000]
    kept = io.BytesIO()
    source.write_stored_copy(kept)
    with source.open() as file:
        assert gzip.decompress(kept.getvalue()) == file.read()


def test_a_packed_dump_made_to_fill_disks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "INFLATION_FREE_BYTES", 1 << 20)
    packed = tmp_path / "posts.jsonl.gz"
    packed.write_bytes(gzip.compress(b"[" * (8 << 20)))
    with pytest.raises(DumpTooLarge, match="unpacks to more"):
        _ = Source.from_path(packed).sha256


def test_a_damaged_kept_dump_is_told(tmp_path: Path) -> None:
    packed = tmp_path / "dump.gz"
    packed.write_bytes(gzip.compress(TEXT.encode())[:-12])
    with pytest.raises(DumpError):
        Source.from_stored("dump.txt", packed, "0" * 64).text()


def test_standard_input_reads_as_often_as_needed() -> None:
    with Source.from_stream("-", io.BytesIO(TEXT.encode())) as source:
        assert source.text() == source.text() == TEXT


def test_folders_are_walked_in_order_without_hidden_files_and_expected_records(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a/1.txt", ".git/config", "a/.hidden", "a/1.expected.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "a" / "link.txt").symlink_to(tmp_path / "b" / "2.txt")
    found = [(str(item.path.relative_to(tmp_path)), item.named) for item in find_sources([str(tmp_path)])]
    assert found == [("a/1.txt", False), ("b/2.txt", False)]


def test_patterns_name_files_and_nothing_matching_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("x", encoding="utf-8")
    [found] = find_sources([str(tmp_path / "*.txt")])
    assert found.named
    with pytest.raises(DumpError, match="nothing matches"):
        list(find_sources([str(tmp_path / "*.zip")]))

"""Folders, zips and tars are read by name, and nothing they say of themselves is believed."""

import bz2
import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from threadkeep.errors import DumpError, DumpTooLarge
from threadkeep.sources import containers
from threadkeep.sources.source import Source

FILES = {"data/tweets.js": b"window.YTD = []" * 100, "data/media/a.jpg": b"\xff\xd8" * 500, "README.txt": b"hello"}


def folder(path: Path) -> Path:
    for name, data in FILES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def zipped(path: Path, files: dict[str, bytes] = FILES) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, mode: str) -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in FILES.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def contents(source: Source) -> dict[str, bytes]:
    found = {}
    for name in source.members:
        with source.open_member(name) as file:
            found[name] = file.read()
    source.close()
    return found


@pytest.mark.parametrize("kind", ["folder", "zip", "tar", "tar.gz", "tar.bz2"])
def test_every_container_reads_the_same_and_so_does_its_kept_copy(tmp_path: Path, kind: str) -> None:
    if kind == "folder":
        path = folder(tmp_path / "export")
    elif kind == "zip":
        path = zipped(tmp_path / "export.zip")
    else:
        path = tarred(tmp_path / f"export.{kind}", {"tar": "w", "tar.gz": "w:gz", "tar.bz2": "w:bz2"}[kind])
    source = Source.from_path(path)
    assert contents(source) == FILES
    assert source.head is None
    copy = tmp_path / f"copy{source.stored_suffix}"
    with copy.open("wb") as file:
        source.write_stored_copy(file)
    kept = Source.from_stored("export", copy, source.sha256)
    assert contents(kept) == FILES
    source.close()


def test_a_folder_has_one_hash_whatever_its_name_and_another_for_other_contents(tmp_path: Path) -> None:
    one, two = Source.from_path(folder(tmp_path / "one")), Source.from_path(folder(tmp_path / "two"))
    assert one.sha256 == two.sha256
    (tmp_path / "two" / "README.txt").write_bytes(b"other")
    assert Source.from_path(tmp_path / "two").sha256 != one.sha256


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "C:/windows/x", "..\\evil"])
def test_names_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    source = Source.from_path(zipped(tmp_path / "a.zip", {name: b"x", "ok.js": b"y"}))
    assert source.members == ("ok.js",)
    assert [reason for _, reason in source.refused] == ["its name leads outside"]
    source.close()


def test_links_are_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link = tarfile.TarInfo("outbox.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive_:
        info = zipfile.ZipInfo("tweets.js")
        info.external_attr = 0o120777 << 16
        archive_.writestr(info, "/etc/passwd")
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "tweets.js").symlink_to("/etc/passwd")
    for name in ("a.tar", "a.zip", "f"):
        source = Source.from_path(tmp_path / name)
        assert source.members == ()
        assert len(source.refused) == 1
        source.close()


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "INFLATION_FREE_BYTES", 1 << 20)
    source = Source.from_path(zipped(tmp_path / "bomb.zip", {"tweets.js": bytes(20 << 20)}))
    with pytest.raises(DumpTooLarge, match="claims to inflate"):
        source.open_member("tweets.js")
    source.close()
    tarred(tmp_path / "plain.tar", "w")
    data = (tmp_path / "plain.tar").read_bytes() + bytes(8 << 20)
    (tmp_path / "bomb.tar.gz").write_bytes(gzip.compress(data))
    monkeypatch.setattr(containers, "INFLATION_LIMIT", 2)
    with pytest.raises(DumpTooLarge, match="unpacks to more"):
        _ = Source.from_path(tmp_path / "bomb.tar.gz").members


def partly(source: Source, name: str) -> tuple[bytes, str]:
    """What is whole of a damaged member, and what is said of the rest."""
    data = b""
    with source.open_member(name) as file, pytest.raises(DumpError) as said:
        while block := file.read1(1 << 16):
            data += block
    source.close()
    return data, str(said.value)


@pytest.mark.parametrize("streamed", [False, True])
def test_a_truncated_zip_gives_what_it_has(tmp_path: Path, streamed: bool) -> None:
    """``streamed``: written to a pipe, so that no header says how long its data are."""
    files = {"account.js": b"hello" * 50, "likes.js": os.urandom(3000), "tweets.js": os.urandom(5000)}
    whole = io.BytesIO()
    to = Pipe(whole) if streamed else whole
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, data in files.items():
            archive.writestr(name, data)
    path = tmp_path / "a.zip"
    path.write_bytes(whole.getvalue()[: whole.getvalue().index(b"tweets.js") + 3000])
    source = Source.from_path(path)
    assert source.members == tuple(files)
    assert source.damaged == (("tweets.js", "cut off: the dump ends inside it"),)
    for name in ("account.js", "likes.js"):
        with source.open_member(name) as file:
            assert file.read() == files[name]
    data, said = partly(source, "tweets.js")
    assert len(data) > 2800
    assert files["tweets.js"].startswith(data)
    assert "cut off" in said
    # Only the list of files at its end is missing.
    path.write_bytes(whole.getvalue()[: whole.getvalue().index(b"PK\x01\x02")])
    source = Source.from_path(path)
    assert contents(source) == files
    assert Source.from_path(path).damaged == (("", "cut off: the list of files at its end is missing"),)


class Pipe(io.RawIOBase):
    """A file that can only be written on."""

    def __init__(self, to: io.BytesIO) -> None:
        self._to = to

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self._to.write(data)  # type: ignore[arg-type]


def test_a_damaged_list_of_files_does_not_cost_a_file(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 1] ^= 1
    path.write_bytes(data)
    source = Source.from_path(path)
    [(name, said)] = source.damaged
    assert (name, "list of files is damaged" in said) == ("", True)
    assert contents(source) == FILES


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.bz2"])
def test_a_truncated_tar_gives_what_it_has(tmp_path: Path, kind: str) -> None:
    path = tarred(tmp_path / "a.tar", "w")
    cut = path.read_bytes()[: 512 + 1536 + 512 + 300]
    pack = {"tar": bytes, "tar.gz": gzip.compress, "tar.bz2": bz2.compress}[kind]
    path = tmp_path / f"cut.{kind}"
    path.write_bytes(pack(cut))
    source = Source.from_path(path)
    assert source.members == ("data/media/a.jpg", "data/tweets.js")
    assert source.damaged == (("data/media/a.jpg", "cut off: the dump ends inside it"),)
    data, said = partly(source, "data/media/a.jpg")
    assert (data, "cut off" in said) == (FILES["data/media/a.jpg"][:300], True)


def test_a_packed_tar_is_read_to_the_byte_where_it_is_cut_off(tmp_path: Path) -> None:
    noise = os.urandom(200_000)
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("outbox.json")
        info.size = len(noise)
        archive.addfile(info, io.BytesIO(noise))
    path.write_bytes(path.read_bytes()[:150_000])
    data, _ = partly(Source.from_path(path), "outbox.json")
    assert len(data) > 149_000
    assert noise.startswith(data)


def test_a_damaged_header_of_a_tar_costs_no_other_file_and_not_its_own(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar", "w")
    whole = path.read_bytes()
    for at in (136, 2048 + 140):  # the time of the first and of the second file
        data = bytearray(whole)
        data[at] ^= 1
        path.write_bytes(data)
        source = Source.from_path(path)
        assert len(source.damaged) == 1
        assert contents(source) == FILES
    data = bytearray(whole)
    data[2048 + 130] ^= 1  # its size
    path.write_bytes(data)
    source = Source.from_path(path)
    assert [name for name, _ in source.damaged] == ["data/media/a.jpg"]
    assert source.members == ("README.txt", "data/tweets.js")
    source.close()


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_names_that_are_not_utf8_are_read_and_kept(tmp_path: Path, kind: str) -> None:
    name = b"caf\xe9/men\xfc.js".decode("utf-8", "surrogateescape")
    if kind == "folder":
        path = tmp_path / "export"
        (path / name).parent.mkdir(parents=True)
        (path / name).write_bytes(b"tea")
    elif kind == "zip":
        path = zipped(tmp_path / "a.zip", {"cafX/menY.js": b"tea"})
        path.write_bytes(path.read_bytes().replace(b"cafX/menY", b"caf\x82/men\x81"))  # as cp437 has them
        name = "café/menü.js"
    else:
        path = tmp_path / "a.tar"
        with tarfile.open(path, "w") as archive:
            info = tarfile.TarInfo(name)
            info.size = 3
            archive.addfile(info, io.BytesIO(b"tea"))
    source = Source.from_path(path)
    assert contents(source) == {name: b"tea"}
    copy = tmp_path / f"copy{source.stored_suffix}"
    with copy.open("wb") as file:
        source.write_stored_copy(file)
    assert contents(Source.from_stored("export", copy, source.sha256)) == {name: b"tea"}
    source.close()


def test_a_damaged_member_is_told_when_it_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"tweets.js": os.urandom(5000)})
    data = bytearray(path.read_bytes())
    data[1000:1100] = bytes(100)
    path.write_bytes(data)
    source = Source.from_path(path)
    with pytest.raises(DumpError), source.open_member("tweets.js") as file:
        file.read()
    with pytest.raises(DumpError, match=r"there is no other\.js"):
        source.open_member("other.js")
    source.close()


def test_a_container_is_no_text_whatever_its_bytes_look_like(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("data/notes.js", ("Ash and tea. " * 40).encode("utf-16"))
    source = Source.from_path(tmp_path / "export.zip")
    assert (source.encoding, source.head, source.members) == (None, None, ("data/notes.js",))

"""Folders, zips and tars are read by name, and nothing they say of themselves is believed."""

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
    import gzip

    tarred(tmp_path / "plain.tar", "w")
    data = (tmp_path / "plain.tar").read_bytes() + bytes(8 << 20)
    (tmp_path / "bomb.tar.gz").write_bytes(gzip.compress(data))
    monkeypatch.setattr(containers, "INFLATION_LIMIT", 2)
    with pytest.raises(DumpTooLarge, match="unpacks to more"):
        _ = Source.from_path(tmp_path / "bomb.tar.gz").members


def test_a_truncated_zip_is_told_and_a_truncated_tar_gives_what_it_has(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"tweets.js": os.urandom(5000)})
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(DumpError, match="damaged"):
        _ = Source.from_path(path).members
    path = tarred(tmp_path / "a.tar", "w")
    path.write_bytes(path.read_bytes()[:2600])
    source = Source.from_path(path)
    assert source.members == ("data/tweets.js",)
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

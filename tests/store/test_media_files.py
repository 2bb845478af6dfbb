"""Files of media are kept once each, by what they hold, and are whole whatever happened before."""

import hashlib
import io
import itertools
from pathlib import Path

import pytest

from threadkeep.errors import StorageError
from threadkeep.store import media_files
from threadkeep.store.media_files import MediaFolder, media_name

LARGE = bytes(range(256)) * 8200


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("contents", [b"", b"a picture", LARGE, LARGE[: 1 << 20]])
def test_a_file_is_kept_under_the_hash_of_what_it_holds(tmp_path: Path, contents: bytes) -> None:
    media = MediaFolder(tmp_path)
    name = media.keep("tweets_media/1-A.JPG", io.BytesIO(contents))
    again = media.keep("other.jpg", io.BytesIO(contents))
    media.fsync_all()
    assert name == again == f"{hashlib.sha256(contents).hexdigest()}.jpg" == media_name("x.jpg", io.BytesIO(contents))
    assert files(tmp_path) == [f"{name[:2]}/{name}"]
    assert (tmp_path / name[:2] / name).read_bytes() == contents


@pytest.mark.parametrize("left", [b"", b"a pict", bytes(9)])
def test_what_a_killed_import_left_is_made_whole(tmp_path: Path, left: bytes) -> None:
    name = MediaFolder(tmp_path).keep("a.png", io.BytesIO(b"a picture"))
    path = tmp_path / name[:2] / name
    path.write_bytes(left)
    assert MediaFolder(tmp_path).keep("b.png", io.BytesIO(b"a picture")) == name
    assert path.read_bytes() == b"a picture"


def test_many_files_are_settled_at_once_and_few_one_by_one(tmp_path: Path) -> None:
    for count in (media_files.MANY - 1, media_files.MANY):
        media = MediaFolder(tmp_path / str(count))
        names = {media.keep("a.bin", io.BytesIO(str(number).encode())) for number in range(count)}
        media.fsync_all()
        media.fsync_all()
        assert len(files(tmp_path / str(count))) == len(names) == count


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StorageError, match="media"):
        MediaFolder(tmp_path / "media").keep("a.png", io.BytesIO(b"a picture"))


def test_nothing_is_left_of_a_file_that_breaks_off(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def __init__(self) -> None:
            super().__init__(LARGE)
            self.reads = itertools.count()

        def read(self, size: int | None = -1) -> bytes:
            if next(self.reads):
                raise StorageError("the disk is gone")
            return super().read(size)

    with pytest.raises(StorageError, match="gone"):
        MediaFolder(tmp_path).keep("a.mp4", Broken())
    assert files(tmp_path) == []

"""Account archives of X made for a test: the files by name, as X writes them, with invented content."""

import json
import zipfile
from pathlib import Path
from typing import Any

OWNER = {"account": {"username": "mira", "accountId": "12", "accountDisplayName": "Mira Holt", "createdAt": "x"}}
PROFILE = {"profile": {"description": {"bio": "Clay & kilns", "website": "", "location": "Fen End"}}}


def tweet(id_: int, text: str, at: str = "Wed Jan 24 03:31:19 +0000 2024", **more: Any) -> dict[str, Any]:
    """A post as ``tweets.js`` has it: every value a string."""
    entities = more.pop("entities", {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []})
    return {
        "tweet": {
            "edit_info": {"initial": {"editTweetIds": [str(id_)], "isEditEligible": True}},
            "retweeted": False,
            "entities": entities,
            "display_text_range": ["0", str(len(text))],
            "favorite_count": "3",
            "retweet_count": "1",
            "id_str": str(id_),
            "id": str(id_),
            "truncated": False,
            "created_at": at,
            "full_text": text,
            "lang": "en",
            **more,
        }
    }


def script(name: str, items: list[Any], part: int = 0) -> bytes:
    """A file of an archive: JavaScript that holds JSON."""
    return f"window.YTD.{name}.part{part} = {json.dumps(items, indent=2)}".encode()


def archive(files: dict[str, bytes]) -> dict[str, bytes]:
    """``files`` with the owner's, where they are not given."""
    about = {"data/account.js": script("account", [OWNER]), "data/profile.js": script("profile", [PROFILE])}
    return about | files


def as_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def as_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path

"""Measure the memory that importing oversized sources takes, each in a process of its own.

    python benchmarks/hostile_sizes.py

A line of 1 GB between two posts, an item of 1 GB in an array, and a zip with a million files; more than 600 MB fails.
"""

import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

BLOCK = "x" * (1 << 20)
BLOCKS = 1000
MEMBERS = 1_000_000
LIMIT_MB = 600


def post(number: int) -> dict[str, object]:
    """A post as the API v1.1 of X gives it."""
    return {
        "id_str": f"50{number}",
        "created_at": "Mon Oct 03 00:23:22 +0000 2016",
        "full_text": f"Tea {number}",
        "user": {"id_str": "12", "screen_name": "mira"},
    }


def write_posts(path: Path, before: str, between: str, after: str) -> None:
    """Write two posts and an endless one between them."""
    with path.open("w") as file:
        file.write(f'{before}{json.dumps(post(1))}{between}{{"id_str": "509", "full_text": "')
        for _ in range(BLOCKS):
            file.write(BLOCK)
        file.write(f'"}}{between}{json.dumps(post(2))}{after}')


def write_members(path: Path) -> None:
    """Write an archive of X with a million pictures of no bytes."""
    account = {"account": {"username": "mira", "accountId": "12", "accountDisplayName": "Mira"}}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data/account.js", f"window.YTD.account.part0 = {json.dumps([account])}")
        archive.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps([{'tweet': post(1)}])}")
        for number in range(MEMBERS):
            archive.writestr(f"data/tweets_media/{number}-picture.jpg", b"")


CASES: dict[str, Callable[[Path], None]] = {
    "line.jsonl": lambda path: write_posts(path, "", "\n", "\n"),
    "array.json": lambda path: write_posts(path, "[", ",\n", "]"),
    "members.zip": write_members,
}

_MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def main() -> int:
    """Run every case, or those named; return 1 if one takes too much."""
    names, failed = sys.argv[1:] or list(CASES), False
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            CASES[name](path)
            command = [sys.executable, "-m", "threadkeep", "--archive", f"{folder}/archive", "import", str(path)]
            started = time.perf_counter()
            measured = subprocess.run([sys.executable, "-c", _MEASURED, *command], check=True, capture_output=True)
            code, peak = map(int, measured.stdout.split())
            failed |= code != 0 or peak > LIMIT_MB
            print(f"{name}: {peak} MB, {time.perf_counter() - started:.0f} s, exit code {code}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""Time and weigh the import of large account archives of X, the index aside, whole processes, in one run.

    python benchmarks/large_dumps.py

Archives of growing size, to see that a post costs the same in each; a bare ``tweets.js`` of a gigabyte; and a zip
beyond four gigabytes with 70,000 members, most of it a film. The peer reads or copies the same file and no more:
``json.loads`` of ``tweets.js``, which holds all of it in memory, and a copy of the zip.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import zipfile
from pathlib import Path

from generate_x_archive import script
from import_and_search import HERE, Run, run
from import_x_archive import STORE_ONLY

ID = re.compile(rb'"(1[3-9]\d{17})"')
LOADS = "import json, sys; json.loads(open(sys.argv[1], encoding='utf-8').read().partition('=')[2])"
COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[1] + '.copy')"
MEGABYTE = 1 << 20


def archive_of(count: int, folder: Path) -> Path:
    """A generated archive of ``count`` posts."""
    path = folder / f"{count}.zip"
    run([sys.executable, str(HERE / "generate_x_archive.py"), str(count), str(path)])
    return path


def shifted(body: bytes, by: int) -> bytes:
    """The same posts under other ids."""
    return ID.sub(lambda match: b'"%d"' % (int(match[1]) + by), body)


def bare_tweets(archive: Path, megabytes: int, folder: Path) -> tuple[Path, int]:
    """A ``tweets.js`` of that size: the archive's own again and again under other ids. And how many posts it has."""
    with zipfile.ZipFile(archive) as zipped:
        data = zipped.read("data/tweets.js")
    body = data[data.index(b"[") + 1 : data.rindex(b"]")]
    each, path, copies = len(json.loads(b"[" + body + b"]")), folder / "tweets.js", 0
    with path.open("wb") as file:
        file.write(b"window.YTD.tweets.part0 = [")
        while file.tell() < megabytes * MEGABYTE:
            file.write(b"," * (copies > 0) + shifted(body, copies * 7919))
            copies += 1
        file.write(b"]")
    return path, copies * each


def film(megabytes: int, folder: Path) -> Path:
    """A zip of one post, its film of that size, and 70,000 empty files."""
    path, id_ = folder / "film.zip", "1300000000000000001"
    media = {"url": "https://t.co/a", "indices": ["12", "26"], "media_url_https": "https://x.example/P1.jpg"}
    tweet = {
        **{"id_str": id_, "full_text": "A long film https://t.co/a", "created_at": "Sun Aug 30 10:00:00 +0000 2020"},
        "entities": {"media": [media | {"type": "video", "expanded_url": f"https://x.com/owner/status/{id_}/video/1"}]},
    }
    account = {"username": "owner", "accountId": "12", "accountDisplayName": "Owner"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as zipped:
        zipped.writestr("data/account.js", script("account", [{"account": account}]))
        with zipped.open(f"data/tweets_media/{id_}-P1.mp4", "w", force_zip64=True) as file:
            block = os.urandom(MEGABYTE)
            for _ in range(megabytes):
                file.write(block)
        for number in range(70_000):
            zipped.writestr(f"data/assets/{number}.txt", "")
        zipped.writestr("data/tweets.js", script("tweets", [{"tweet": tweet}]))
    return path


def measured(dump: Path, folder: Path) -> Run:
    """What it takes to import ``dump`` into an archive of its own."""
    return run([sys.executable, "-c", STORE_ONLY, str(dump), str(folder / f"{dump.name}.archive")])


def report(what: str, ours: Run, posts: int, peer: Run | None = None) -> None:
    """A line of the table."""
    cost = f"{ours.seconds / posts * 1e6:,.0f} µs" if posts > 1 else "-"
    beside = f"{ours.seconds / peer.seconds:>14.1f}x{ours.megabytes / peer.megabytes:>12.2f}x" if peer else ""
    print(f"{what:34}{ours.seconds:>9.1f}{cost:>10}{ours.megabytes:>10,.0f}{beside}", flush=True)


def measure(sizes: list[int], megabytes: int, film_megabytes: int, folder: Path) -> None:
    print(f"Python {sys.version.split()[0]}\n")
    print(f"{'':34}{'seconds':>9}{'a post':>10}{'peak MB':>10}{'to peer, time':>15}{'memory':>13}")
    archives = [archive_of(size, folder) for size in sizes]
    costs = []
    for size, archive in zip(sizes, archives, strict=True):
        ours = measured(archive, folder)
        costs.append(ours.seconds / size)
        report(f"{size:,} posts", ours, size)
    tweets, count = bare_tweets(archives[0], megabytes, folder)
    loads = run([sys.executable, "-c", LOADS, str(tweets)])
    report(f"tweets.js, {megabytes:,} MB, {count:,} posts", measured(tweets, folder), count, loads)
    zipped = film(film_megabytes, folder)
    copied = run([sys.executable, "-c", COPY, str(zipped)])
    report(f"a zip of {zipped.stat().st_size / 1e9:.1f} GB, 70,003 files", measured(zipped, folder), 1, copied)
    print(f"\na post of the largest archive costs {costs[-1] / costs[0]:.2f} of one of the smallest")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, nargs="+", default=[10_000, 100_000, 500_000])
    parser.add_argument("--tweets-megabytes", type=int, default=1_000)
    parser.add_argument("--film-megabytes", type=int, default=4_400)
    parser.add_argument("--folder", type=Path, help="where to make the dumps; some 15 GB (default: a temporary folder)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        measure(sorted(arguments.posts), arguments.tweets_megabytes, arguments.film_megabytes, Path(folder))


if __name__ == "__main__":
    main()

"""Time the reading of a Bluesky repository beside libipld's own decoding of the same file, both in one run.

    python benchmarks/car.py --records 150000

``walk`` finds the blocks, checks their hashes, walks the tree and decodes every record; ``records`` makes posts of them
too. Machines differ, ratios hold.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import libipld

from threadkeep.parsers.bluesky import repository as bluesky_car
from threadkeep.parsers.bluesky._car_file import open_car
from threadkeep.parsers.bluesky._dag_cbor import decode
from threadkeep.parsers.bluesky._mst import MerkleSearchTree
from threadkeep.sources.source import Source

# The tests' writer is in no installed package.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "parsers" / "bluesky"))
import car_writer

WORDS = "kiln glaze frost river lantern copper orchard tide ember moss quiet signal paper anchor meadow thread".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
START = 1_690_000_000_000_000


def records(count: int, seed: int = 1) -> dict[str, dict[str, Any]]:
    """An account's records in the proportions of real ones: 45 % posts, 40 % likes, 10 % reposts, 5 % follows."""
    chance = random.Random(seed)
    made: dict[str, dict[str, Any]] = {}
    moment = START
    for _ in range(count):
        moment += chance.randrange(1, 60_000_000)
        key = car_writer.tid(moment)
        created = datetime.fromtimestamp(moment / 1e6, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        other = f"did:plc:{''.join(chance.choices(LETTERS, k=24))}"
        subject = {
            "cid": f"bafyrei{''.join(chance.choices(LETTERS, k=52))}",
            "uri": f"at://{other}/app.bsky.feed.post/{car_writer.tid(moment - 10**9)}",
        }
        kind = chance.choices(["feed.post", "feed.like", "feed.repost", "graph.follow"], [45, 40, 10, 5])[0]
        record: dict[str, Any] = {"$type": f"app.bsky.{kind}", "createdAt": created}
        if kind == "feed.post":
            record |= post(chance, subject, key)
        else:
            record["subject"] = other if kind == "graph.follow" else subject
        made[f"app.bsky.{kind}/{key}"] = record
    return made


def post(chance: random.Random, subject: dict[str, str], key: str) -> dict[str, Any]:
    """The rest of a post: some are replies, some have links or pictures."""
    text = " ".join(chance.choices(WORDS, k=chance.randrange(4, 45)))
    more: dict[str, Any] = {"text": text, "langs": ["en"]}
    if chance.random() < 0.4:
        more["reply"] = {"root": subject, "parent": subject}
    if chance.random() < 0.2:
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": f"https://example.com/{key}"}
        more["facets"] = [{"index": {"byteStart": 0, "byteEnd": 4}, "features": [feature]}]
    if chance.random() < 0.15:
        image = {"alt": text[:80], "image": car_writer.blob(key.encode())}
        more["embed"] = {"$type": "app.bsky.embed.images", "images": [image]}
    return more


def peer(path: Path) -> int:
    """libipld's own: the whole file at once, hashes not checked, the tree not walked."""
    return len(libipld.decode_car(path.read_bytes())[1])


def walk(path: Path) -> int:
    with open_car(Source.from_path(path)) as blocks:
        commit = decode(blocks.get(blocks.roots[0]) or b"")
        return sum(
            decode(blocks.get(cid) or b"") is not None for _, cid in MerkleSearchTree(blocks, commit["data"]).leaves()
        )


def whole(path: Path) -> int:
    return sum(1 for entry in bluesky_car.entries(Source.from_path(path)) for _ in bluesky_car.parse(entry))


def median(action: Callable[[Path], int], path: Path, times: int) -> float:
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        action(path)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=150_000)
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "repo.car")
        path.write_bytes(car_writer.repository(car_writer.DID, records(arguments.records)).to_bytes())
        print(f"{arguments.records:,} records, {path.stat().st_size / 1e6:,.0f} MB, Python {sys.version.split()[0]}\n")
        print(f"{'':24}{'seconds':>10}{'to libipld':>12}")
        theirs = median(peer, path, arguments.times)
        for name, action in (("libipld.decode_car", peer), ("walk", walk), ("records", whole)):
            seconds = theirs if action is peer else median(action, path, arguments.times)
            print(f"{name:24}{seconds:>10.2f}{seconds / theirs:>11.2f}x")


if __name__ == "__main__":
    main()

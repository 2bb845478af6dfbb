"""Make realistic posts, the same for the same arguments: threads, replies, reposts, tags, links, alt text, long posts.

    python benchmarks/generate.py 100000 posts.jsonl

Word frequencies follow Zipf over a vocabulary that grows with the text, authors write unevenly, and dates run over ten
years: what matters to an index. Nothing in it was written by anyone.
"""

import argparse
import itertools
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

COMMON = (
    "the to a of and in is for i you that it on my with this be have are at just me was so not but what we they all if "
    "do like can your out now about get up one no how when will from he as by more an or don't it's i'm can't that's"
).split()
ONSETS = "b c d f g h j k l m n p r s t v w br ch cl cr dr fl fr gr pl pr sh sl sp st str th tr".split()
VOWELS = "a e i o u ai ea ee io oo ou".split()
CODAS = ["", "", "", "n", "r", "t", "l", "s", "m", "nd", "st", "ck", "ng"]
ENDINGS = ["", "", "", "", "s", "ed", "ing", "er", "ly", "ness", "ment", "ation", "able"]
BEGIN = datetime(2014, 1, 1, tzinfo=UTC)
DAYS = 3650


def words(random_: random.Random, count: int) -> list[str]:
    """A vocabulary: the commonest English words, then invented ones that share stems."""
    vocabulary = dict.fromkeys(COMMON)
    while len(vocabulary) < count:
        syllables = random_.choices((1, 2, 3), (15, 55, 30))[0]
        stem = "".join(
            random_.choice(ONSETS) + random_.choice(VOWELS) + random_.choice(CODAS) for _ in range(syllables)
        )
        vocabulary.update(dict.fromkeys(stem + ending for ending in random_.sample(ENDINGS, 3)))
    return list(vocabulary)[:count]


def zipf(count: int, exponent: float, shift: float) -> list[float]:
    """Cumulative weights of ``count`` ranks."""
    return list(itertools.accumulate((rank + shift) ** -exponent for rank in range(count)))


class World:
    """The authors, the words and the tags that posts are drawn from."""

    def __init__(self, seed: int = 20240607) -> None:
        self.random = random.Random(seed)
        self.vocabulary = words(self.random, 200_000)
        self.weights = zipf(len(self.vocabulary), 1.05, 2.7)
        self.authors = [f"{self.random.choice(self.vocabulary[60:])}{n}" for n in range(2000)]
        self.author_weights = zipf(2000, 0.9, 10)
        self.tags = [f"{self.random.choice(self.vocabulary[60:]).capitalize()}{n % 40}" for n in range(5000)]
        self.tag_weights = zipf(5000, 1.0, 3)

    def author(self) -> str:
        """An author's handle."""
        return self.random.choices(self.authors, cum_weights=self.author_weights)[0]

    def text(self, tags: list[str], mentions: list[str], link: str | None) -> str:
        """A post's text: about 27 words, one in thirty-three a long post."""
        count = self.random.randint(250, 700) if self.random.random() < 0.03 else max(3, int(self.random.gauss(27, 10)))
        chosen = self.random.choices(self.vocabulary, cum_weights=self.weights, k=count)
        chosen[0] = chosen[0].capitalize()
        for _ in range(count // 12 + 1):
            chosen[self.random.randrange(count)] += self.random.choice(".,!?:;")
        if self.random.random() < 0.12:
            chosen[self.random.randrange(count)] = self.random.choice("😂🔥👍🎉")
        parts = [f"@{handle}" for handle in mentions] + chosen + [f"#{tag}" for tag in tags]
        return " ".join([*parts, link] if link else parts)


def posts(count: int) -> Iterator[dict[str, Any]]:
    """``count`` posts as objects of threadkeep's JSON Lines, oldest first."""
    world, random_ = World(), random.Random(7)
    recent: list[dict[str, Any]] = []
    for number in range(count):
        author = world.author()
        tags = random_.choices(world.tags, cum_weights=world.tag_weights, k=random_.choice((0, 0, 0, 1, 1, 2)))
        mentions = [world.author() for _ in range(random_.choice((0, 0, 1, 1, 2)))]
        link = f"https://example.com/{random_.getrandbits(40):x}" if random_.random() < 0.3 else None
        text = world.text(tags, mentions, link)
        upper = random_.choice(recent) if recent and random_.random() < 0.45 else None
        if upper and random_.random() < 0.3:
            author = upper["author"]
        identity = str(1_000_000_000_000_000 + number * 977)
        start = text.rfind(link) if link else 0
        post = {
            "type": "post",
            "id": identity,
            "platform": "x",
            "author": author,
            "author_name": author.capitalize(),
            "url": f"https://x.com/{author}/status/{identity}",
            "title": None,
            "text": text,
            "created": (BEGIN + timedelta(days=DAYS * number / count)).isoformat(timespec="seconds")[:19] + "Z",
            "precision": "second",
            "language": "en",
            "reply_to": upper["id"] if upper else None,
            "thread": upper["thread"] if upper else identity,
            "quotes": [],
            "links": [{"url": link, "text": link, "title": None, "start": start, "end": start + len(link)}]
            if link
            else [],
            "media": [{"kind": "image", "url": f"{link}.png", "file": None, "alt": "a chart of " + text[:60]}]
            if link and random_.random() < 0.4
            else [],
            "tags": list(dict.fromkeys(tags)),
            "mentions": list(dict.fromkeys(mentions)),
            "warning": None,
            "visibility": "public",
            "counts": {"likes": random_.randrange(500), "reposts": random_.randrange(80)},
            "edits": [],
            "inferred": [],
            "sources": [],
        }
        recent = [*recent[-50:], post]
        yield post


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("path", type=Path)
    arguments = parser.parse_args()
    world = World()
    with arguments.path.open("w", encoding="utf-8") as file:
        for handle in world.authors:
            account = {"type": "account", "platform": "x", "id": f"~{handle}", "handle": handle}
            account |= {"name": handle.capitalize(), "bio": None, "url": None}
            account |= {"followers": None, "following": None, "posts": None}
            file.write(json.dumps(account) + "\n")
        for post in posts(arguments.count):
            file.write(json.dumps(post, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

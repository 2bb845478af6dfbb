"""Make a realistic account archive of X: replies, self-threads, retweets, long texts, edits and media, as X packs them.

python benchmarks/generate_x_archive.py 100000 archive.zip
"""

import argparse
import json
import random
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from generate import World

FIRST = 1_300_000_000_000_000_000
STEP = 40_000_000_000_000 // 10


def moment(id_: int) -> datetime:
    """When the post with a snowflake id was made."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(id_ >> 22) + 1_288_834_974_657)


class Owner:
    """Draws the items of one account's archive."""

    def __init__(self) -> None:
        self.world = World(11)
        self.random = random.Random(3)
        self.notes: list[dict[str, Any]] = []
        self.pictures: list[str] = []
        self.last = 0

    def tweet(self, number: int) -> list[dict[str, Any]]:
        """One post; now and then its earlier version with it."""
        random_ = self.random
        id_ = FIRST + number * STEP
        kind = random_.choices(("own", "reply", "thread", "retweet", "long", "edited"), (35, 25, 15, 20, 3, 2))[0]
        tags = random_.choices(self.world.tags, k=random_.choice((0, 0, 0, 1, 2)))
        mention = self.world.author()
        text = self.world.text(tags, [mention] if kind == "reply" else [], None)[:280]
        tweet = self.item(id_, text, tags, mention if kind in ("reply", "retweet") else None)
        if kind == "reply":
            tweet |= {"in_reply_to_status_id_str": str(id_ - 999), "in_reply_to_screen_name": mention}
        elif kind == "thread" and self.last:
            tweet |= {"in_reply_to_status_id_str": str(self.last), "in_reply_to_user_id_str": "12"}
        elif kind == "retweet":
            tweet["full_text"] = f"RT @{mention}: {text}"[:139] + "…"
        elif kind == "long":
            long = self.world.text([], [], None) + " " + self.world.text([], [], None)
            tweet["full_text"] = long[:230].replace("&", "&amp;") + "…"
            self.note(id_, long)
        elif kind == "edited":
            tweet["edit_info"] = {"initial": {"editTweetIds": [str(id_), str(id_ + 1)]}}
            self.last = id_ + 1
            return [tweet, {**tweet, "id_str": str(id_ + 1), "full_text": tweet["full_text"] + "!"}]
        if kind == "own" and random_.random() < 0.15:
            self.picture(tweet, id_)
        self.last = id_ if kind != "retweet" else self.last
        return [tweet]

    def item(self, id_: int, text: str, tags: list[str], mention: str | None) -> dict[str, Any]:
        """A post as ``tweets.js`` has it, with the keys that real ones have."""
        link = self.random.random() < 0.25
        if link:
            text = text[:250] + f" https://t.co/{id_ % 10**10:x}"
        urls = [
            {
                "url": text[-len(f"https://t.co/{id_ % 10**10:x}") :],
                "expanded_url": f"https://example.com/{id_ % 997}/page",
                "display_url": f"example.com/{id_ % 997}/page",
                "indices": [str(len(text) - len(f"https://t.co/{id_ % 10**10:x}")), str(len(text))],
            }
        ]
        who = str(zlib.crc32((mention or "").encode()))
        mentions = [{"name": mention, "screen_name": mention, "indices": ["0", "9"], "id_str": who, "id": who}]
        return {
            "edit_info": {"initial": {"editTweetIds": [str(id_)], "editableUntil": "x", "editsRemaining": "5"}},
            "retweeted": False,
            "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
            "entities": {
                "hashtags": [{"text": tag, "indices": ["0", "5"]} for tag in tags],
                "symbols": [],
                "user_mentions": mentions if mention else [],
                "urls": urls if link else [],
            },
            "display_text_range": ["0", str(len(text))],
            "favorite_count": str(self.random.randrange(300)),
            "id_str": str(id_),
            "truncated": False,
            "retweet_count": str(self.random.randrange(30)),
            "id": str(id_),
            "possibly_sensitive": False,
            "created_at": moment(id_).strftime("%a %b %d %H:%M:%S +0000 %Y"),
            "favorited": False,
            "full_text": text,
            "lang": "en",
        }

    def note(self, id_: int, text: str) -> None:
        """The long text of a post, in its own file."""
        at = moment(id_).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        core = {"styletags": [], "urls": [], "text": text, "mentions": [], "cashtags": [], "hashtags": []}
        self.notes.append({"noteTweet": {"noteTweetId": str(id_ + 5), "createdAt": at, "core": core}})

    def picture(self, tweet: dict[str, Any], id_: int) -> None:
        """A picture with its file."""
        media = {
            "expanded_url": f"https://twitter.com/owner/status/{id_}/photo/1",
            "indices": [str(len(tweet["full_text"]) + 1), str(len(tweet["full_text"]) + 24)],
            "url": "https://t.co/abcdefghij",
            "media_url_https": f"https://pbs.twimg.com/media/P{id_}.jpg",
            "id_str": str(id_ + 1),
            "type": "photo",
            "display_url": "pic.twitter.com/abcdefghij",
        }
        tweet["full_text"] += " https://t.co/abcdefghij"
        tweet["extended_entities"] = {"media": [media]}
        tweet["entities"]["media"] = [media]
        self.pictures.append(f"data/tweets_media/{id_}-P{id_}.jpg")


def script(name: str, items: list[Any]) -> str:
    """A file of an archive."""
    return f"window.YTD.{name}.part0 = {json.dumps(items, indent=2, ensure_ascii=False)}"


def write(count: int, path: Path) -> None:
    """An archive of about ``count`` posts."""
    owner = Owner()
    tweets = [{"tweet": version} for number in range(count) for version in owner.tweet(number)]
    owner.random.shuffle(tweets)
    about = {"account": {"username": "owner", "accountId": "12", "accountDisplayName": "Owner"}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/account.js", script("account", [about]))
        archive.writestr("data/tweets.js", script("tweets", tweets))
        archive.writestr("data/note-tweet.js", script("note_tweet", owner.notes))
        archive.writestr(
            "data/follower.js", script("follower", [{"follower": {"accountId": str(n)}} for n in range(900)])
        )
        for name in owner.pictures:
            archive.writestr(name, b"\xff\xd8\xff\xe0" + owner.random.randbytes(2000) + b"\xff\xd9")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("path", type=Path)
    arguments = parser.parse_args()
    write(arguments.count, arguments.path)


if __name__ == "__main__":
    main()

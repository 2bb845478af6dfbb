"""The versions of edited posts that stand in one part of a dump, where each is a post of its own.

posts 9 and 10, each saying that 9 and 10 are versions   ->   one post, 10, with 9 in its history
"""

import contextlib
from collections.abc import Mapping

from threadkeep.parsers._json.values import Object
from threadkeep.parsers.x._tweet import version_ids

EARLIER_VERSION = "earlier version of an edited post, kept in its history"
"""Why an entry that is such a version gives no post."""


class Versions:
    """Which of ``tweets``, by id, are versions of one post. What cannot be read is left out: it fails on its own."""

    def __init__(self, tweets: Mapping[str, Object]) -> None:
        self._tweets = tweets
        self._here: dict[str, tuple[str, ...]] = {}
        for tweet in tweets.values():
            with contextlib.suppress(ValueError):
                here = tuple(id_ for id_ in version_ids(tweet) if id_ in tweets)
                self._here.update(dict.fromkeys(here, here))

    def current(self, id_: str) -> str:
        """The newest version here of the post ``id_``, which is itself unless it was edited."""
        return self._here[id_][-1] if id_ in self._here else id_

    def earlier(self, id_: str) -> list[Object]:
        """The versions here of the post ``id_`` before its newest, oldest first."""
        return [self._tweets[version] for version in self._here.get(id_, ())[:-1]]

"""What servers answered a browser, from a HAR: the log that the browser's developer tools save.

{"log": {"version": "1.2", "entries": [{"request": {"url": "https://x.com/i/api/graphql/…/UserTweets?…"},
    "response": {"content": {"mimeType": "application/json", "text": "{\\"data\\": …}"}}}, …]}}
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

from threadkeep.parsers._json.decoder import loads
from threadkeep.parsers._json.values import get_object, get_str, object_of
from threadkeep.sources.json_stream import items
from threadkeep.sources.source import Source

_START = re.compile(r'[\s\ufeff]*\{\s*"log"\s*:\s*\{')


class Answer(NamedTuple):
    """What was asked for, and the text of the answer; ``None`` where the browser did not keep it or it is no text."""

    locator: str
    url: str
    text: str | None


def is_har(source: Source) -> bool:
    """Whether the dump begins as such a log does."""
    return _START.match(source.head or "") is not None


def answers(source: Source) -> Iterator[Answer]:
    """The answers in their order, one at a time in memory. Raises DumpError where the rest is cut off."""
    with source.open() as stream:
        for number, item in enumerate(items(stream, "log", "entries"), 1):
            locator = f"entry {number}"
            try:
                entry = object_of(loads(item), "an entry")
                content = get_object(get_object(entry, "response"), "content")
                url, text = get_str(get_object(entry, "request"), "url") or "", get_str(content, "text")
                if text is not None and content.get("encoding") == "base64":
                    text = base64.b64decode(text, validate=True).decode("utf-8")
            except (ValueError, binascii.Error):
                yield Answer(locator, "", None)
            else:
                yield Answer(locator, url, text)

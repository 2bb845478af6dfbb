"""The card below a post on X: the title of a link, or the options of a poll.

    {"legacy": {"name": "poll2choice_text_only", "binding_values": [{"key": "choice1_label", "value": {…}}, …]}}
        -> Card(options=("Raku", "Salt"))

Browser captures hold it under ``legacy``, with a list of values; the API v1.1 without, with an object of values.
"""

import re

from threadkeep.parsers._cards import Card
from threadkeep.parsers._json.values import Object, get_object, get_objects, get_str, object_of

_POLL = re.compile(r"poll[0-9]choice")
_MOST_OPTIONS = 4


def card_of(tweet: Object) -> Card:
    """The card of a post; an empty one where there is none."""
    outer = get_object(tweet, "card")
    card = get_object(outer, "legacy") or outer
    if not card:
        return Card()
    values = _values(card)
    if _POLL.match(get_str(card, "name") or ""):
        labels = (values.get(f"choice{number}_label") for number in range(1, _MOST_OPTIONS + 1))
        return Card(options=tuple(label for label in labels if label))
    return Card(get_str(card, "url"), values.get("title"))


def _values(card: Object) -> dict[str, str]:
    """The values that are text, by name."""
    held = card.get("binding_values")
    if isinstance(held, list):
        pairs = [(get_str(item, "key"), get_object(item, "value")) for item in get_objects(card, "binding_values")]
    else:
        pairs = [(key, object_of(value, repr(key))) for key, value in get_object(card, "binding_values").items()]
    found = {}
    for key, value in pairs:
        text = get_str(value, "string_value")
        if key and text:
            found[key] = text
    return found

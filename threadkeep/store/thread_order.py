"""The order in which the posts of a thread are read: replies below what they answer, the author's own words first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from threadkeep.records import Gap, Ref, StoredPost


@dataclass(frozen=True, slots=True)
class Placed:
    """A post and its place: its row, and the row it hangs below (``None`` for the root)."""

    number: int
    above: int | None
    stored: StoredPost


def in_reading_order(placed: Iterable[Placed]) -> list[Placed]:
    """Root first, then depth first; among the answers to one post its own author's come first, then the older.

    Ids tell what is older, never ``created``: many posts share a second, and clients misstate it.
    """
    below: dict[int | None, list[Placed]] = defaultdict(list)
    for item in sorted(placed, key=_age):
        below[item.above].append(item)
    order: list[Placed] = []
    waiting = below[None][::-1]
    while waiting:
        item = waiting.pop()
        order.append(item)
        answers, author = below[item.number], item.stored.post.author
        own = [answer for answer in answers if answer.stored.post.author == author]
        others = [answer for answer in answers if answer.stored.post.author != author]
        waiting += reversed(own + others)
    return order


def own_chain(order: Sequence[Placed], number: int) -> list[Placed]:
    """The part of a thread that one author wrote without a break, around the post in row ``number``."""
    by_number = {item.number: item for item in order}
    author = by_number[number].stored.post.author
    first = number
    while (above := by_number[first].above) is not None and by_number[above].stored.post.author == author:
        first = above
    members = {first}
    for item in order:  # a post stands after the one it hangs below, so one pass finds the whole chain
        if item.above in members and item.stored.post.author == author:
            members.add(item.number)
    return [item for item in order if item.number in members]


def with_gaps(order: Sequence[Placed], reasons: Mapping[Ref, str]) -> tuple[StoredPost | Gap, ...]:
    """The posts in ``order``, with a gap before each that answers a post that is not among them and not held."""
    held = {item.stored.post.ref for item in order}
    items: list[StoredPost | Gap] = []
    shown: set[Ref] = set()
    for item in order:
        parent = item.stored.post.reply_to
        if parent is not None and parent not in held and parent not in shown and parent in reasons:
            shown.add(parent)
            items.append(Gap(parent, reasons[parent]))
        items.append(item.stored)
    return tuple(items)


def _age(item: Placed) -> tuple[int, int, str, int]:
    """Snowflakes count as numbers, TIDs as text; posts without a native id stand in the order they came."""
    ref = item.stored.post.ref
    key = ref.id.rpartition("/")[2]
    if not ref.is_native:
        return (1, 0, "", item.number)
    return (0, len(key) if key.isdigit() else 0, key, item.number)

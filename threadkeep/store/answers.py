"""What of a post is told by the posts it answers and by those that answer it: whom it addresses, whether it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, exists, select

from threadkeep.store import tables
from threadkeep.store.rows import Row
from threadkeep.store.statements import chunks


@dataclass(frozen=True, slots=True)
class Answer:
    """``addressee``: whose post it answers, where that is held. ``continues``: it answers its own author or is answered
    by it. ``has_gap``: the post it answers is not held.
    """

    addressee: str | None = None
    continues: bool = False
    has_gap: bool = False


ALONE = Answer()
"""Of a post that answers nothing, and is not gone on with."""


def answers_of(connection: Connection, found: Sequence[Row]) -> dict[int, Answer]:
    """The answers of the posts in the rows ``found``; those that are ``ALONE`` may be left out."""
    posts, other, accounts = tables.posts, tables.posts.alias(), tables.accounts
    same = and_(other.c.platform == posts.c.platform, other.c.ref == posts.c.reply_to)
    answered = (
        select(posts.c.id, other.c.author, accounts.c.handle, accounts.c.name)
        .join(other, same)
        .join(accounts, accounts.c.id == other.c.author, isouter=True)
    )
    below = and_(
        other.c.platform == posts.c.platform, other.c.reply_to == posts.c.ref, other.c.author == posts.c.author
    )
    held: dict[int, Any] = {}
    gone_on: set[int] = set()
    for chunk in chunks([row["id"] for row in found if row["reply_to"] is not None]):
        held |= {row.id: row for row in connection.execute(answered.where(posts.c.id.in_(chunk)))}
    for chunk in chunks([row["id"] for row in found if row["author"] is not None]):
        query = select(posts.c.id).where(posts.c.id.in_(chunk), exists().where(below))
        gone_on.update(connection.execute(query).scalars())
    answers = {number: Answer(continues=True) for number in gone_on}
    for row in found:
        if row["reply_to"] is not None:
            above, number = held.get(row["id"]), row["id"]
            own = above is not None and above.author is not None and above.author == row["author"]
            addressee = (above.handle or above.name) if above is not None else None
            answers[number] = Answer(addressee, own or number in gone_on, above is None)
    return answers

"""A small archive with everything in it that an exporter has to show."""

from datetime import UTC, datetime

from records_in_memory import Records

from threadkeep.records import (
    Account,
    Edit,
    Gap,
    Link,
    Media,
    Origin,
    Pin,
    PollOption,
    Post,
    Precision,
    Ref,
    Repost,
    SourceRecord,
    StoredPost,
    Thread,
    When,
)

SHA = "ab" * 32
SOURCE = SourceRecord(SHA, "dumps/profile.txt", "bluesky-paste", datetime(2026, 11, 20, 23, 30, tzinfo=UTC))

MIRA = Account(Ref("bluesky", "did:plc:mira"), "mira.example.com", "Mira Okafor")
BO = Account(Ref("bluesky", "did:plc:bo"), "bo.example.org", "Bo *Lind*")
INES = Account(Ref("web", "~inês duarte"), None, "Inês Duarte")


def at(day: int, hour: int, minute: int = 0, precision: Precision = "second", origin: Origin = "stated") -> When:
    return When(datetime(2024, 5, day, hour, minute, tzinfo=UTC), precision, origin)


def bluesky(rkey: str, owner: str = "mira") -> Ref:
    return Ref("bluesky", f"at://did:plc:{owner}/app.bsky.feed.post/{rkey}")


def stored(post: Post, author: Account | None = MIRA, root: Ref | None = None) -> StoredPost:
    return StoredPost(post, author, root or post.root or post.ref, (SHA,))


def alone(post: Post, author: Account | None = None) -> Thread:
    return Thread(post.ref, (stored(post, author),))


ROOT = Post(
    bluesky("3kq2aaaaaaa2a"),
    MIRA.ref,
    "We fired the old kiln with nothing but driftwood this spring, and the glaze came out green. 🧵\n\n"
    "# What we learned\n- ash is a glaze\n- so is salt: https://example.com/salt_(glaze) #Pottery",
    created=at(1, 12, 30),
    links=(Link("https://example.com/ash", "example.com", "Ash glazes, a primer"),),
    media=(Media("image", None, "ab/cd.jpg", "A kiln at dusk"),),
    tags=("Pottery",),
)
SECOND = Post(
    bluesky("3kq2bbbbbbb2b"),
    MIRA.ref,
    "2) Then the salt. See t.co/abc… for it.",
    created=at(1, 12, 41),
    reply_to=ROOT.ref,
    root=ROOT.ref,
    links=(Link("https://example.org/long/path", "t.co/abc…", None, 22, 31),),
    media=(Media("image", "https://cdn.example.com/x.jpg", None, "Transcript of a long talk.\n\nIt goes on."),),
    poll=(PollOption("Raku", 1), PollOption("Salt *glaze*", 3), PollOption("Neither")),
    tags=("pottery", "Salt"),
    quotes=(bluesky("3kp9", "bo"), Ref("x", "1785000000000000001")),
    warning="hot *things*",
    inferred=("thread", "split"),
    edits=(Edit("2) Then salt."),),
)
GAP = Gap(bluesky("3kq2ccccccc2c"), "deleted")
REPLY = Post(
    bluesky("3kq2ddddddd2d", "bo"),
    BO.ref,
    "Lovely green!",
    created=at(2, 8, origin="derived"),
    reply_to=GAP.ref,
    root=ROOT.ref,
    inferred=("created",),
)
QUOTED = Post(bluesky("3kp9", "bo"), BO.ref, "Salt is > ash.\nAlways.", created=at(1, 9))
PASTED = Post(Ref("x", "~1f0c9ab37d5e2f64"), None, "Paste without anything known.\nSecond line", inferred=("split",))
ENTRY = Post(
    Ref("web", "~00c9ab37d5e2f64a"),
    INES.ref,
    "We introduce clay.",
    title="Sleep-time Glazing: Beyond [Firing]",
    created=When(datetime(2025, 1, 1, tzinfo=UTC), "year"),
    links=(Link(None, "paper"), Link("https://example.com/talk", "talk")),
)

THREAD = Thread(
    ROOT.ref,
    (stored(ROOT), stored(SECOND), GAP, stored(REPLY, BO)),
    (Repost(BO.ref, ROOT.ref, at(3, 1)),),
    (Pin(MIRA.ref, ROOT.ref),),
)
RECORDS = Records((MIRA, BO, INES), (THREAD, alone(QUOTED, BO), alone(PASTED), alone(ENTRY, INES)), (SOURCE,))

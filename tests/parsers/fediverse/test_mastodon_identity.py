"""One post of the fediverse is one, whether a page, an API or an archive shows it, and whichever comes first."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from threadkeep.archive.archive import Archive
from threadkeep.records import Ref, StoredPost
from threadkeep.sources.source import Source

HOME = "https://kilns.example"
AWAY = "https://tea.test"
FIRST, SECOND, THIRD = 115156765900800001, 115156765900800002, 115156765900800003
WORDS = {
    FIRST: "The second kiln is in the yard, and nobody can say who brought it.",
    SECOND: "It was ours, and it wants to come home before the first frost does.",
    THIRD: "Then bring a cart, a strong back and the papers, all three of them.",
}

Names = dict[int, tuple[str, str]]
"""Of each post its id among the servers and the handle of its author."""


def old_style(number: int, name: str, host: str = HOME) -> str:
    return f"{host}/users/{name}/statuses/{number}"


def new_style(number: int, host: str = HOME) -> str:
    return f"{host}/ap/users/71/statuses/{number}"


OLD: Names = {
    FIRST: (old_style(FIRST, "mira"), "mira"),
    SECOND: (f"{AWAY}/users/jun/statuses/9", "jun@tea.test"),
    THIRD: (old_style(THIRD, "mira"), "mira"),
}
NEW: Names = {**OLD, FIRST: (new_style(FIRST), "mira"), THIRD: (new_style(THIRD), "mira")}


def page(names: Names) -> str:
    """The page of the first post on mira's server, with an answer from elsewhere and her answer to that."""

    def block(number: int, *, is_focal: bool) -> str:
        handle = names[number][1]
        kind, time = ("detailed-status", "datetime") if is_focal else ("status", "relative-time")
        return (
            f'<div class="{kind}__wrapper {kind}__wrapper-public"><div class="{kind}">'
            f'<a href="/@{handle}" class="{kind}__display-name"><span class="display-name">'
            f'<span class="display-name__account">@{handle}</span></span></a>'
            f'<div class="status__content"><div class="status__content__text"><p>{WORDS[number]}</p></div></div>'
            f'<a class="{kind}__{time}" href="/@{handle}/{number}">1d</a></div></div>'
        )

    url = f"{HOME}/@mira/{FIRST}"
    return (
        f'<!DOCTYPE html><html><head><meta property="og:url" content="{url}">'
        f'<link rel="alternate" type="application/activity+json" href="{names[FIRST][0]}"></head><body>'
        f"{''.join(block(number, is_focal=number == FIRST) for number in names)}</body></html>"
    )


def api(names: Names) -> str:
    """What the API of mira's server answers, asked for the same conversation."""

    def status(number: int, above: int | None) -> dict[str, Any]:
        id_, handle = names[number]
        name, _, host = handle.partition("@")
        base = f"https://{host}" if host else HOME
        return {
            "id": str(number),
            "uri": id_,
            "url": f"{base}/@{name}/{id_.rpartition('/')[2]}",
            "created_at": "2025-09-06T10:00:00.000Z",
            "in_reply_to_id": str(above) if above else None,
            "content": f"<p>{WORDS[number]}</p>",
            "spoiler_text": "",
            "visibility": "public",
            "account": {"id": handle, "acct": handle, "username": name, "uri": f"{base}/users/{name}", "url": base},
        }

    first, second, third = (
        status(number, above) for number, above in ((FIRST, None), (SECOND, FIRST), (THIRD, SECOND))
    )
    return json.dumps({"ancestors": [], "status": first, "descendants": [second, third]})


def outbox(names: Names) -> str:
    """mira's own posts, as the archive of her account has them."""
    notes = [
        {
            "type": "Create",
            "actor": f"{HOME}/users/mira",
            "object": {
                "id": names[number][0],
                "type": "Note",
                "url": f"{HOME}/@mira/{number}",
                "attributedTo": f"{HOME}/users/mira",
                "published": "2025-09-06T10:00:00Z",
                "content": f"<p>{WORDS[number]}</p>",
                "to": ["https://www.w3.org/ns/activitystreams#Public"],
            },
        }
        for number in (FIRST, THIRD)
    ]
    return json.dumps({"id": "outbox.json", "type": "OrderedCollection", "totalItems": 2, "orderedItems": notes})


def kept(folder: Path, dumps: dict[str, str]) -> dict[str, StoredPost]:
    """The posts of an archive into which ``dumps`` were imported, by their words."""
    with Archive(folder / "archive") as archive:
        for name, text in dumps.items():
            path = folder / name
            path.write_text(text, encoding="utf-8")
            report = archive.import_(Source.from_path(path))
            assert report.adds_up()
            assert not report.problems
        with archive.selection() as selection:
            posts = list(selection.posts())
    assert len(posts) == len({post.post.text for post in posts})
    return {post.post.text: post for post in posts}


@pytest.mark.parametrize("names", [OLD, NEW], ids=["by name", "by number"])
@pytest.mark.parametrize("other", [api, outbox])
@pytest.mark.parametrize("page_first", [True, False])
def test_a_page_shows_the_posts_that_another_dump_holds(
    tmp_path: Path, names: Names, other: Callable[[Names], str], page_first: bool
) -> None:
    dumps = {"page.html": page(names), "dump.json": other(names)}
    found = kept(tmp_path, dumps if page_first else dict(reversed(dumps.items())))
    assert set(found) == set(WORDS.values())
    for number in (FIRST, SECOND, THIRD) if other is api else (FIRST, THIRD):
        post = found[WORDS[number]]
        assert post.post.ref == Ref("mastodon", names[number][0])
        assert len(post.sources) == 2
    assert {post.thread for post in found.values()} == {Ref("mastodon", names[FIRST][0])}


def test_a_post_seen_from_two_servers_is_one(tmp_path: Path) -> None:
    away = {SECOND: (f"{AWAY}/users/jun/statuses/9", "jun")}
    own = (
        page({FIRST: OLD[FIRST], **away})  # jun's server shows hers under a number of its own
        .replace(f'"{HOME}/@mira/{FIRST}"', f'"{AWAY}/@jun/9"')
        .replace(f'"{OLD[FIRST][0]}"', f'"{OLD[SECOND][0]}"')
        .replace(f"/@jun/{SECOND}", "/@jun/9")
        .replace("/@mira", "/@mira@kilns.example")
        .replace("@mira<", "@mira@kilns.example<")
    )
    found = kept(tmp_path, {"home.html": page(OLD), "away.html": own})
    assert set(found) == set(WORDS.values())
    assert found[WORDS[SECOND]].post.ref == Ref("mastodon", f"{AWAY}/users/jun/statuses/9")
    assert found[WORDS[FIRST]].post.ref == Ref("mastodon", OLD[FIRST][0])


def test_the_head_of_the_page_shown_before_says_nothing_of_this_one(tmp_path: Path) -> None:
    left = page(OLD).replace(f'content="{HOME}/@mira/{FIRST}"', f'content="{HOME}/@mira/7"')
    stale = left.replace(OLD[FIRST][0], old_style(7, "mira"))
    found = kept(tmp_path, {"page.html": f"<!-- saved from url=(0050){HOME}/@mira/{FIRST} -->\n{stale}"})
    assert found[WORDS[FIRST]].post.ref == Ref("mastodon", OLD[FIRST][0])

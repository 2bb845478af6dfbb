"""``threadkeep show``: show a post in its thread."""

from pathlib import Path

import click

from threadkeep.archive.archive import Archive
from threadkeep.cli.formatting import byline, columns_of, day, wrapped
from threadkeep.cli.terminal import say, say_json, styled, terminal_width
from threadkeep.records import Account, Gap, Post, Ref, StoredPost, Thread
from threadkeep.text.control_chars import escape_controls, escape_name
from threadkeep.text.formatting import plural


@click.command()
@click.argument("post", metavar="POST-ID-OR-URL")
@click.option("--conversation", is_flag=True, help="Include the replies of others.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per post.")
@click.pass_obj
def show(folder: Path, post: str, conversation: bool, as_json: bool) -> None:
    """Show the thread of a post.

    The posts come in reading order, with a note where one is known to be missing.

    \b
    threadkeep show bluesky:3l4d2y5kqzc2x
    threadkeep show https://x.com/mira/status/1750000000000000000 --conversation
    """
    with Archive(folder, create=False) as archive:
        thread = archive.thread(post, conversation=conversation)
        names = archive.account_names(repost.account for repost in thread.reposts)
        paths = archive.source_paths()
    if as_json:
        _print_json(thread)
    else:
        _print(thread, names, paths)


def _print_json(thread: Thread) -> None:
    from threadkeep.record_json.encode import gap_object, post_object

    for item in thread.items:
        say_json(gap_object(item) if isinstance(item, Gap) else post_object(item))


def _print(thread: Thread, names: dict[Ref, Account], paths: dict[str, str]) -> None:
    pinned = {pin.post for pin in thread.pins}
    for item in thread.items:
        if isinstance(item, Gap):
            say(
                styled(
                    f"[a post is missing here: {escape_controls(item.reason)}, {escape_name(str(item.ref))}]",
                    "yellow",
                )
            )
            say()
            continue
        facts = [day(item.post.created)]
        facts += ["pinned"] if item.post.ref in pinned else []
        facts += [f"reposted by {_name(names, r.account)}" for r in thread.reposts if r.post == item.post.ref]
        say(f"{styled(byline(item), 'cyan', bold=True)} · {escape_controls(' · '.join(facts))}")
        _print_post(item.post)
        for line in _origin(item, paths):
            say(styled(f"  {line}", dim=True))
        say()
    count = len(thread.posts)
    if count > 1:
        is_inferred = any("thread" in stored.post.inferred for stored in thread.posts)
        order = "; their order is inferred, not stated in the source" if is_inferred else ""
        say(styled(f"{plural(count, 'post')}{order}", dim=True))


def _print_post(post: Post) -> None:
    if post.warning:
        _say_wrapped(f"[content warning: {post.warning}]", "yellow")
    if post.title:
        _say_wrapped(post.title, bold=True)
    _say_wrapped(post.text)
    for option in post.poll:
        votes = "" if option.votes is None else f" ({plural(option.votes, 'vote')})"
        _say_wrapped(f"☐ {' '.join(option.text.split())}{votes}")
    for media in post.media:
        _say_wrapped(f"[{media.kind}: {media.alt or media.url or media.file or 'no description'}]")
    for link in post.links:
        if link.start is None or link.title or link.description:
            words = " – ".join(" ".join(part.split()) for part in (link.title, link.description) if part)
            _say_wrapped(f"→ {words} {link.url or ''}".rstrip())
    for quoted in post.quotes:
        _say_wrapped(f"quotes {escape_name(str(quoted))}")


def _say_wrapped(text: str, colour: str | None = None, *, bold: bool = False) -> None:
    for line in wrapped(text):
        say(f"  {styled(line[2:], colour, bold=bold)}".rstrip())


def _origin(stored: StoredPost, paths: dict[str, str]) -> tuple[str, ...]:
    """Return the ref of the post and the sources that hold it: on one line where the terminal is wide enough."""
    ref = escape_name(str(stored.post.ref))
    names = [escape_controls(paths.get(sha256, sha256[:12])) for sha256 in stored.sources]
    if not names:
        return (ref,)
    origin, width = f"from {', '.join(names)}", terminal_width()
    if width is None or columns_of(f"  {ref}  {origin}") <= width:
        return (f"{ref}  {origin}",)
    return ref, origin


def _name(names: dict[Ref, Account], ref: Ref) -> str:
    account = names.get(ref)
    return (account and (account.name or account.handle)) or ref.id.lstrip("~")

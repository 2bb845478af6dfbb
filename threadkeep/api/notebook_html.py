"""How posts, pages, threads and reports look in a notebook: HTML without scripts or pictures, everything escaped."""

from html import escape
from typing import TYPE_CHECKING

from threadkeep.records import Gap
from threadkeep.text.control_chars import escape_controls

if TYPE_CHECKING:
    from threadkeep.api.views import HitView, ImportReports, PageView, PostView, ThreadView

_POST = '<div style="margin:0 0 1em;max-width:45em"><div style="opacity:.7">{head}</div>{body}</div>'
_TEXT = '<div style="white-space:pre-wrap">{}</div>'


def post_html(post: "PostView") -> str:
    """Return the post: who, when, a link to it, and its text."""
    body = f"<strong>{_safe(post.title)}</strong>" if post.title else ""
    return _POST.format(head=_head(post), body=body + _TEXT.format(_safe(post.text)))


def page_html(page: "PageView") -> str:
    """Return the number of hits, and each hit with its matches marked."""
    shown = f"{len(page):,} of {page.total:,}" if len(page) < page.total else f"{page.total:,}"
    notes = [f"{shown} for <code>{_safe(page.query)}</code>", *map(_safe, page.warnings)]
    if page.suggestion:
        notes.append(f"Did you mean <code>{_safe(page.suggestion)}</code>?")
    return "".join([*(f"<p>{note}</p>" for note in notes), *map(_hit_html, page)])


def thread_html(thread: "ThreadView") -> str:
    """Return the posts in reading order, with a note where one is missing."""
    return "".join(
        f'<p style="opacity:.7">[missing post: {_safe(item.reason)}, {_safe(str(item.ref))}]</p>'
        if isinstance(item, Gap)
        else post_html(item)
        for item in thread.items
    )


def reports_html(reports: "ImportReports") -> str:
    """Return a table with a row for each source."""
    columns = ("source", "format", "posts", "new", "updated", "unchanged", "skipped", "problems")
    head = "".join(f"<th>{name}</th>" for name in columns)
    rows = [
        (
            *(report.source, report.format or "failed", report.posts, report.new, report.updated, report.unchanged),
            *(sum(report.skipped.values()), len(report.problems)),
        )
        for report in reports
    ]
    body = "".join(f"<tr>{''.join(f'<td>{_safe(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _hit_html(hit: "HitView") -> str:
    parts, last = [], 0
    for start, end in hit.spans:
        parts += [_safe(hit.snippet[last:start]), f"<mark>{_safe(hit.snippet[start:end])}</mark>"]
        last = end
    return _POST.format(head=_head(hit), body=_TEXT.format("".join([*parts, _safe(hit.snippet[last:])])))


def _head(post: "PostView") -> str:
    parts, url = [_safe(post.byline()), _safe(post.platform)], post.url
    if url and url.lower().startswith(("https://", "http://")):
        parts[1] = f'<a href="{_safe(url)}" rel="noreferrer">{parts[1]}</a>'
    return " · ".join([*parts, f"<code>{_safe(post.id)}</code>"])


def _safe(text: str) -> str:
    return escape(escape_controls(text))

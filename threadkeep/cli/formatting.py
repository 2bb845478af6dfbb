"""Print how a query was understood, and why its first hits rank as they do."""

from threadkeep.archive.reports import Explanation, SearchHit
from threadkeep.cli.search import byline
from threadkeep.cli.terminal import styled
from threadkeep.index.engine import TermScore
from threadkeep.text.control_chars import escape_controls


def explanation_lines(explanation: Explanation, hits: tuple[SearchHit, ...]) -> list[str]:
    """The explanation, harmless to a terminal, for people to read."""
    lines = [styled("understood as", bold=True)]
    lines += (f"  {escape_controls(line)}" for line in explanation.understood)
    if explanation.added:
        lines.append(styled("and besides (--include-private leaves this out)", bold=True))
        lines += (f"  {escape_controls(line)}" for line in explanation.added)
    if explanation.shares:
        lines.append(styled("why the first hits rank so", bold=True))
        for place, (found, shares) in enumerate(zip(hits, explanation.shares, strict=False), 1):
            lines.append("  " + escape_controls(f"{place}. {byline(found.stored)}  {found.stored.post.ref}"))
            lines += (f"     {line}" for line in _sum(found.score, shares))
    elif hits:
        lines.append(styled("no word weighs here: the order is by date", bold=True))
    return [*lines, ""]


def _sum(score: float, shares: tuple[TermScore, ...]) -> list[str]:
    """A line for each word: how rare it is, how much of it the post holds, and what both come to."""
    lines = [f"{share.score:7.2f}  {escape_controls(share.term)}: {_reason(share)}" for share in shares]
    return [*lines, f"{score:7.2f}  in all"] if len(lines) > 1 else lines


def _reason(share: TermScore) -> str:
    return f"rarity {share.idf:.2f}, weight {share.weight:.2f} in a post of this length"

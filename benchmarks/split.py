"""How well pasted posts are told apart: the F1 of the boundaries found, beside two simple ways, and the bands' honesty.

    python benchmarks/split.py [FOLDER]         default: the invented samples beside this script

A labelled paste is a text file with ``---`` lines between its posts. It is judged as a paste that lost them: once
without any blank line, once with the blank lines inside its posts. A boundary is the first line of a post; the first
line of a paste, which is always one, does not count. F1 is over all boundaries of all pastes of the folder together.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from threadkeep.parsers._segmentation.layout import is_rule
from threadkeep.parsers._segmentation.posts import boundaries, cut
from threadkeep.sources.source import Options

SAMPLES = Path(__file__).parent / "split_samples"

Starts = set[int]
"""1-based lines on which posts begin, without the first line of the paste."""

Splitter = Callable[[str, int], Starts]
"""What finds the starts in a paste, given its text and how many posts it holds."""


def labelled(path: Path, *, blank_lines: bool) -> tuple[str, Starts, int]:
    """The paste in ``path`` without its separators, where its posts begin, and how many there are."""
    lines: list[str] = []
    starts: list[int] = []
    begins = True
    for line in path.read_text("utf-8").rstrip("\n").split("\n"):
        if is_rule(line):
            begins = True
        elif line.strip():
            if begins:
                starts.append(len(lines) + 1)
            begins = False
            lines.append(line)
        elif blank_lines and not begins:
            lines.append(line)
    return "\n".join(lines), set(starts[1:]), len(starts)


def every_line(text: str, _posts: int) -> Starts:
    return found(text, Options(split="line"))


def marks_only(text: str, _posts: int) -> Starts:
    return found(text, Options(split="marker"))


def threadkeep(text: str, _posts: int) -> Starts:
    return found(text, Options())


def threadkeep_told_the_number(text: str, posts: int) -> Starts:
    return found(text, Options(posts=posts))


def found(text: str, options: Options) -> Starts:
    return {boundary.line for boundary in boundaries(cut(text, options)) if boundary.starts}


def f1(pairs: Sequence[tuple[Starts, Starts]]) -> float:
    hits = sum(len(true & got) for true, got in pairs)
    total = sum(len(true) + len(got) for true, got in pairs)
    return 2 * hits / total if total else 1.0


WAYS: dict[str, Splitter] = {
    "every line a post": every_line,
    "(k/n) and 🧵 only": marks_only,
    "threadkeep": threadkeep,
    "threadkeep, number of posts told": threadkeep_told_the_number,
}


def bands(pastes: Sequence[tuple[str, Starts, int]]) -> dict[str, tuple[int, int]]:
    """Of the boundaries in each band, and of the doubtful gaps not cut: how many there are, and how many are true."""
    counts: dict[str, tuple[int, int]] = {}
    for text, true, _ in pastes:
        for boundary in boundaries(cut(text, Options())):
            band = boundary.band if boundary.starts else "check, not cut"
            seen, right = counts.get(band, (0, 0))
            counts[band] = (seen + 1, right + (boundary.line in true))
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    folder = parser.parse_args().folder
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        parser.error(f"no .txt files in {folder}")
    for blank_lines in (False, True):
        pastes = [labelled(path, blank_lines=blank_lines) for path in paths]
        print(f"{len(pastes)} pastes, {sum(posts for _, _, posts in pastes)} posts,", end=" ")
        print("blank lines inside posts kept" if blank_lines else "no blank lines")
        for name, split in WAYS.items():
            print(f"  {name:34} F1 {f1([(true, split(text, posts)) for text, true, posts in pastes]):.3f}")
        for band, (seen, right) in sorted(bands(pastes).items(), key=lambda item: -item[1][1] / item[1][0]):
            print(f"  {band:34} {right / seen:.0%} of {seen} are boundaries")


if __name__ == "__main__":
    main()

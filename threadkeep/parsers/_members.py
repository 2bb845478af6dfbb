"""Where in a zip or tar an export lies: people pack it with folders around it, and macOS puts its own files beside it.

("old/mira/data/tweets.js", "old/mira/README.txt", "__MACOSX/old/._mira")      -> 2 folders around everything
"""

from itertools import takewhile

from threadkeep.sources.source import Source


def folders_around(source: Source) -> int:
    """How many folders stand around everything in a zip or tar; in a folder none, since that is walked down to."""
    if source.is_folder:
        return 0
    folders = [name.split("/")[:-1] for name in source.members if not name.startswith("__MACOSX/")]
    first, last = min(folders, default=[]), max(folders, default=[])
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))

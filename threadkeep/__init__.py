"""Read what people saved from social networks into one searchable archive, and give threads back.

from threadkeep import open_archive

with open_archive("kept", create=True) as archive:
    archive.import_paths("seeds/bluesky-text")
    for hit in archive.search("glaze from:mira"):
        print(hit.author, hit.text)
"""

from importlib import import_module

TYPE_CHECKING = False  # importing it from typing would load thirty modules
if TYPE_CHECKING:
    from threadkeep.api.archive import Archive, open_archive
    from threadkeep.api.views import HitView, ImportReports, PageView, PostView, ThreadView
    from threadkeep.errors import (
        ArchiveBusy,
        ArchiveError,
        ArchiveTooNew,
        DumpError,
        NotFound,
        QueryError,
        StorageError,
        ThreadkeepError,
    )
    from threadkeep.records import Account, Gap, Link, Media, Pin, Post, Ref, Repost, When

__version__ = "0.2.0"

__all__ = [
    "Account",
    "Archive",
    "ArchiveBusy",
    "ArchiveError",
    "ArchiveTooNew",
    "DumpError",
    "Gap",
    "HitView",
    "ImportReports",
    "Link",
    "Media",
    "NotFound",
    "PageView",
    "Pin",
    "Post",
    "PostView",
    "QueryError",
    "Ref",
    "Repost",
    "StorageError",
    "ThreadView",
    "ThreadkeepError",
    "When",
    "open_archive",
]

_LAZY = {
    "api.archive": ("Archive", "open_archive"),
    "api.views": ("HitView", "ImportReports", "PageView", "PostView", "ThreadView"),
    "errors": (
        *("ArchiveBusy", "ArchiveError", "ArchiveTooNew", "DumpError", "NotFound", "QueryError", "StorageError"),
        "ThreadkeepError",
    ),
    "records": ("Account", "Gap", "Link", "Media", "Pin", "Post", "Ref", "Repost", "When"),
}
"""The public names by the module that has them; each is imported when it is first used."""


def __getattr__(name: str) -> object:
    for module, names in _LAZY.items():
        if name in names:
            return getattr(import_module(f"threadkeep.{module}"), name)
    raise AttributeError(f"module 'threadkeep' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

"""Every error threadkeep raises on purpose; each says what is wrong, where, and what to do next.

ThreadkeepError                 exit 1
├── DumpError                   a dump cannot be read
│   ├── NotText                 bytes that are no text in any encoding we know
│   ├── EmptyDump               nothing in it
│   ├── DumpTooLarge            beyond a stated limit
│   ├── UnknownFormat           no parser of that name, or none recognizes it
│   └── AmbiguousFormat         more than one parser recognizes it
├── ArchiveError                the archive itself
│   ├── ArchiveTooNew           made by a newer threadkeep
│   ├── ArchiveBusy             another process holds it
│   └── StorageError            the disk is full, or reading and writing failed
├── BackupError                 a backup is damaged, or is none
├── NotFound                    no post, source or account answers to that name
├── ReviewError                 an edited review does not hold the same text any more
└── QueryError                  a query cannot be understood       exit 2
"""


class ThreadkeepError(Exception):
    """An error meant for the person at the keyboard: ``message``, and ``hint``, what to do about it."""

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}; {self.hint}"


class DumpError(ThreadkeepError):
    """A dump, or the rest of one, cannot be read."""


class NotText(DumpError):
    """The bytes are no text in any encoding we know."""


class EmptyDump(DumpError):
    """There is nothing in the dump."""


class DumpTooLarge(DumpError):
    """The dump is beyond a stated limit."""


class UnknownFormat(DumpError):
    """No parser has that name, or none recognizes the dump."""


class AmbiguousFormat(DumpError):
    """More than one parser recognizes the dump."""


class ArchiveError(ThreadkeepError):
    """The archive cannot be used as it is."""


class ArchiveTooNew(ArchiveError):
    """The archive was made by a newer threadkeep."""


class ArchiveBusy(ArchiveError):
    """Another process holds the archive."""


class StorageError(ArchiveError):
    """The disk is full, or reading or writing failed."""


class BackupError(ThreadkeepError):
    """A backup is damaged, or a folder is none."""


class NotFound(ThreadkeepError):
    """No post, source or account answers to that name."""


class ReviewError(ThreadkeepError):
    """An edited review does not hold the dump's text any more."""


class QueryError(ThreadkeepError):
    """A query cannot be understood; ``position`` is the code point in ``query`` where it went wrong."""

    exit_code = 2

    def __init__(self, message: str, query: str, position: int, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.query = query
        self.position = position

    def pointed(self) -> str:
        """The query with ``^`` under the place: two lines, for a fixed-width font."""
        shown = "".join(" " if c.isspace() else c for c in self.query)
        return f"{shown}\n{' ' * self.position}^"

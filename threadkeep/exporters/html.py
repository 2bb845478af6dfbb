"""Write a folder of self-contained HTML: a page per thread, and an ``index.html`` that lists them.

    2024-05-01_mira_how-we-fire-a-kiln_bluesky-3k2a7.html
    index.html
    media/3fa9…c1.jpg

Each page contains its style, runs no script, and loads only the media beside it. The same archive gives the same bytes,
and other files in the folder stay.
"""

from pathlib import Path

from threadkeep.exporters._folder_export import PageFormat, write_folder
from threadkeep.exporters._html_page import INDEX, SIGNATURE, render_index, render_thread
from threadkeep.exporters.exporter import ExportCounts, Selection

NAME = "html"
TITLE = "HTML: a folder with a page per thread, for a browser"


def write(selection: Selection, to: Path) -> ExportCounts:
    """Write ``selection`` into the folder ``to``, creating it if needed. Raises StorageError."""
    return write_folder(selection, to, PageFormat(".html", INDEX, SIGNATURE, render_thread, render_index))

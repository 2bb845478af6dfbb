"""Write a folder of HTML: a page per thread, and an ``index.html`` that lists them; for a browser, also in years.

    2024-05-01_mira_how-we-fire-a-kiln_bluesky-3k2a7.html
    index.html
    media/3fa9…c1.jpg

Each page is whole in itself: its style is in it, it runs no script, and it fetches nothing but the media beside it. The
same archive gives the same bytes, and files that were in the folder stay.
"""

from pathlib import Path

from threadkeep.exporters._folder_export import Form, write_folder
from threadkeep.exporters._html_page import INDEX, OPENING, listing, page
from threadkeep.exporters.exporter import Selection, Written

NAME = "html"
TITLE = "HTML: a folder with a page per thread, for a browser"


def write(selection: Selection, to: Path) -> Written:
    """Write ``selection`` into the folder ``to``, which is made where it is none. Raises StorageError."""
    return write_folder(selection, to, Form(".html", INDEX, OPENING, page, listing))

"""Where the archive is, when nobody says so for one command."""

import os
from pathlib import Path

VARIABLE = "THREADKEEP_ARCHIVE"


def archive_folder(given: str | None) -> Path:
    """The archive's folder: as given on the command line, else from the environment, else the user's data folder."""
    if given or (given := os.environ.get(VARIABLE)):
        return Path(given).expanduser()
    from platformdirs import user_data_path

    return user_data_path("threadkeep", appauthor=False)

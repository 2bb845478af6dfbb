"""Draw how many posts a query finds in each year: ``python posts_by_year.py ARCHIVE QUERY``."""

import sys

from threadkeep import open_archive

WIDTH = 40


def main(folder: str, query: str) -> None:
    """Print a bar for each year."""
    with open_archive(folder) as archive:
        years = archive.counts(query, by="year")
        undated = archive.count(query) - sum(years.values())
    most = max(years.values(), default=1)
    for year, count in sorted(years.items()):
        print(f"{year}  {'█' * max(1, WIDTH * count // most)} {count:,}")
    if undated:
        print(f"{undated:,} without a date")


if __name__ == "__main__":
    main(sys.argv[1], " ".join(sys.argv[2:]))

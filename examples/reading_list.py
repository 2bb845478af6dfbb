"""Print what the posts of a query link to as a Markdown list: ``python reading_list.py ARCHIVE QUERY``."""

import sys

from threadkeep import open_archive


def main(folder: str, query: str) -> None:
    """Print each link once, with who shared it and when."""
    seen = set()
    with open_archive(folder) as archive:
        for post in archive.posts(f"({query}) has:link"):
            for link in post.links:
                if link not in seen:
                    seen.add(link)
                    print(f"- <{link}> ({post.byline()})")


if __name__ == "__main__":
    main(sys.argv[1], " ".join(sys.argv[2:]))

"""Write the three longest threads of a query as Markdown: ``python longest_threads.py ARCHIVE QUERY FOLDER``."""

import sys
from collections import Counter

from threadkeep import open_archive


def main(folder: str, query: str, to: str) -> None:
    """Count the posts of each thread, and export the threads that have most."""
    with open_archive(folder) as archive:
        sizes = Counter(hit.thread for hit in archive.search(query, limit=None))
        for thread_id, _ in sizes.most_common(3):
            thread = archive.thread(thread_id)
            print(f"{len(thread)} posts: {thread[0].text.splitlines()[0]}")
        chosen = " OR ".join(f'thread:"{thread_id}"' for thread_id, _ in sizes.most_common(3))
        print(archive.export(chosen, format="markdown", to=to))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])

"""The archive: import sources, search posts, show threads, export."""

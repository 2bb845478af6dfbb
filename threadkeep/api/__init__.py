"""The Python interface: what ``from threadkeep import open_archive`` gives, documented in docs/python.md."""

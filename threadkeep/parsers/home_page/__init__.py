"""Personal home pages, copied as text."""

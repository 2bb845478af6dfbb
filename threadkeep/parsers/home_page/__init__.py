"""Personal home pages."""

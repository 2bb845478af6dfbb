"""Formats of Bluesky."""

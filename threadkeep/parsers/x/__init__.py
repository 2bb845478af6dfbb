"""Formats of X (Twitter)."""

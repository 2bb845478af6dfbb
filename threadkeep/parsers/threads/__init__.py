"""Formats of Threads."""

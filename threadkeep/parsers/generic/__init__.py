"""Formats of no one network: JSON Lines, tables, any text."""

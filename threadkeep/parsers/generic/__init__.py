"""JSON Lines, tables, and text of no network."""

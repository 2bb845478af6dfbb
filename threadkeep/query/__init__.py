"""The query language: text to a query tree."""

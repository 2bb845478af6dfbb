"""Parsers by network, one module a format; a leading ``_`` marks what several formats share."""

"""Formats of LinkedIn."""

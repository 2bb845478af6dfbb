"""Exporters, one module a format."""

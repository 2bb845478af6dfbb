"""Backups of an archive: create, verify, restore."""

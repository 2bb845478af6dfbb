"""Backups: a folder that holds an archive twice, once to be restored exactly, once to be read without threadkeep.

    kept/
      README.txt               what this is, in plain words
      2026-05-01T120000Z/      one state: records.jsonl, sources.jsonl, threadkeep.db, manifest.json, SHA256SUMS
      sources/3f/3fa9…c1.gz    the dumps, shared by all states
      media/3f/3f…jpg

``back_up`` adds a state, ``verify`` checks all of them, ``restore`` makes an archive of one.
"""

from threadkeep.archive.backup.checking import Flaw, Verified, verify
from threadkeep.archive.backup.making import KEPT_STATES, BackupReport, back_up
from threadkeep.archive.backup.restoring import RestoreReport, restore

__all__ = ["KEPT_STATES", "BackupReport", "Flaw", "RestoreReport", "Verified", "back_up", "restore", "verify"]

"""Files on disk: atomic writes, locks, and the archive's folder."""

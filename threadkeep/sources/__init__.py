"""Sources: one view of files, folders and containers."""

"""Sources: one view over files, folders and containers."""

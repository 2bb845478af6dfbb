"""The archive's primary data: the SQLite database and the original dumps."""

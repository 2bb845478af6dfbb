"""From source to store: run a parser and write what it yields."""

"""JSON: decoding, typed access to values, and streams of items."""

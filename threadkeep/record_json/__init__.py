"""Records as JSON objects and back."""

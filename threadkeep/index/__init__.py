"""The full-text index: the engine protocol, text analysis, and the default engine."""

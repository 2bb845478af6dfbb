"""JSON: values, streams and browser captures."""

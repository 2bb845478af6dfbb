"""Saved pages: wrappers, elements, cutting and the skeleton of page formats."""

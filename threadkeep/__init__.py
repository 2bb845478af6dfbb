"""Read what people saved from social networks into one searchable archive, and give threads back."""

__version__ = "0.1.0"

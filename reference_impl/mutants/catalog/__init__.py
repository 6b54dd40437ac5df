"""The catalogue done wrong."""

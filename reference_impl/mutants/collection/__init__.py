"""Collection done wrong."""

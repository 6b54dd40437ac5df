"""Security done wrong."""

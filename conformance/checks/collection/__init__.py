"""Checks of the part collection (COL)."""

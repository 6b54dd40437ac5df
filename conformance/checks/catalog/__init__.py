"""Checks of the part catalog (CAT)."""

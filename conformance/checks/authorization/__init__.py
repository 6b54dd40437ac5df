"""Checks of the part authorization (AUT)."""

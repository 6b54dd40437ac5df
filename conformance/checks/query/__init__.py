"""Checks of the part query (QRY)."""

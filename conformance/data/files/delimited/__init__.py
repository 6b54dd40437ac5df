"""Readers of delimited text (RFC 4180 with recovery)."""

"""Readers of newline-delimited JSON."""

"""Checking deliveries: rows, what they say together, and the result."""

"""Check of a delivery: single rows, keys and references across rows, and the result."""

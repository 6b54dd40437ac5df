"""Masking files: equal to the reference for every row, and honest about what it could not do."""

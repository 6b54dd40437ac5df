"""Columns of other systems, mapped to the fields of an item."""

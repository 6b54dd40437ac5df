"""Mapping of columns of other systems to the fields of an item."""

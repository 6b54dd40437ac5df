"""The commands `fcsp data ...`."""

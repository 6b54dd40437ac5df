"""The commands `fcsp standard ...`."""

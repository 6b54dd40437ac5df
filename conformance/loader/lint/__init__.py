"""Rules that a standard has to obey, one file for a subject."""

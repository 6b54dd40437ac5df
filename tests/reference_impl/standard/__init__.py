"""Tests of the exemplar's reader, operators and disclosure policy."""

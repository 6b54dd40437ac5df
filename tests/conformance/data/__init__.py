"""Tests of files of any size."""

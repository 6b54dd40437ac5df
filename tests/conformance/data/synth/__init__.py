"""Tests of rows in any number."""

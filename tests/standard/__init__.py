"""Tests of standard."""

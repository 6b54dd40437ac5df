"""Tests of conformance.data.keys."""

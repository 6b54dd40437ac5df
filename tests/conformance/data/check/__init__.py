"""Tests of conformance.data.check."""

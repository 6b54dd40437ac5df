"""Tests of conformance.evidence."""

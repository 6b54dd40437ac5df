"""Tests of conformance.wire."""

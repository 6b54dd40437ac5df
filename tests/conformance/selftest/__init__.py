"""Tests of conformance.selftest."""

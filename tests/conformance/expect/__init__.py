"""Tests of conformance.expect."""

"""Tests of conformance.verdict."""

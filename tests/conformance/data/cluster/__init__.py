"""Tests of conformance.data.cluster."""

"""Tests of reference_impl.policy."""

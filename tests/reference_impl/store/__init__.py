"""Tests of reference_impl.store."""

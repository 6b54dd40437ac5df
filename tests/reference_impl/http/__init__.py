"""Tests of reference_impl.http."""

"""Tests of reference_impl.desensitization."""

"""Queries done wrong."""

"""Shared by checks of several parts: choice of items, case parameters, assertions, rejected records."""

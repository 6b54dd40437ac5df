"""What checks of several parts share: which items, case parameters, assertions, rejected records."""

"""What checks of several parts share: choice of items, case parameters, assertions, rejected records."""

"""Desensitization done wrong."""

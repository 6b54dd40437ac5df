"""The judge's own implementation of what the standard means; the platform's answers are held against it."""

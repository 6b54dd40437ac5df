"""What is told of texts, and made of them, by their bytes: all texts of a column at once.

Nothing here decides what is right: what is not certain is left to the patterns, and to the reference.
"""

"""Byte-level kernels: validate or rewrite a whole UTF-8 column at once."""

"""Checks of the part desensitization (DES): what each audience sees of a field, and that no more gets out."""

"""Synthetic data: identities that belong to nobody, records of any item, valid or wrong in one way."""

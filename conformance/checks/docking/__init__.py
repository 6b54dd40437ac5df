"""Checks of the part docking (DOC): a platform can be found, is alive, and follows the network's word."""

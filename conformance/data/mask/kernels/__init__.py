"""Kernels: the ways to disclose the values of a column, all of one shape, tried in order of speed."""

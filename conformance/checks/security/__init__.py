"""Checks of the part security (SEC): who may call what, what bad input does, the trace of each disclosure."""

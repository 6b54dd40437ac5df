"""What is measured of ours on files: one function from a file to what is wrong with its rows."""

from collections.abc import Callable
from pathlib import Path

Found = set[tuple[int, str]]
"""Line (of a table, row; from 1) and reason, as the truth file names reasons."""

ours: Callable[[Path], Found] | None = None
"""The check of this project on one core; None until there is one."""

"""Runs of whole numbers that follow each other: code points, bytes."""

from collections.abc import Collection

import numpy as np


def runs(numbers: Collection[int]) -> list[tuple[int, int]]:
    """First and last of each run, in order."""
    there = np.sort(np.fromiter(numbers, np.int64, len(numbers)))
    if not there.size:
        return []
    gaps = np.flatnonzero(np.diff(there) > 1)
    firsts, lasts = there[[0, *(gaps + 1)]], there[[*gaps, -1]]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))

"""Whose row it is, and with which key: subjects differ in frequency, and no two rows are equal in both.

Either one key field holds the number of the row, or each subject has a few rows with different entries of the
pool of keys. Any row is found by its number alone.
"""

from dataclasses import dataclass

import numpy as np

from conformance.data.synth.counter_random import Noise, Places, Rows, shuffled

_ROWS_PER_SUBJECT = 6
_SIZES = (14, 9, 7, 5, 4, 4, 3, 3, 2, 2, 2, *(1,) * 15)
"""Rows of the subjects of one group, before too large ones are cut."""


@dataclass(frozen=True, slots=True)
class RowKeys:
    """Subject and key of some rows."""

    subjects: Places
    numbers: Places
    """What the serial field holds, where there is one."""
    entries: Places
    """Which entry of the pool of keys, where there is no serial field."""


@dataclass(frozen=True, slots=True)
class KeyScheme:
    """How the rows of a delivery get their keys."""

    noise: Noise
    rows: int
    serial: bool
    keys: int
    """Different entries of the pool of keys."""

    @property
    def subjects(self) -> int:
        """How many subjects all rows have, at most; numbers from here on are free."""
        return max(1, self.rows // _ROWS_PER_SUBJECT) if self.serial else self.rows

    def of(self, rows: Rows) -> RowKeys:
        places = shuffled(rows.astype(np.int64), self.rows, salt=self.rows // 3)
        if self.serial:
            return RowKeys(self.noise.skewed("subject", rows, self.subjects), places, np.zeros_like(places))
        sizes = np.minimum(_SIZES, self.keys)
        group, position = np.divmod(places, int(sizes.sum()))
        owner = np.repeat(np.arange(len(sizes)), sizes)
        nth = np.concatenate([np.arange(size) for size in sizes])
        subjects = group * len(sizes) + owner[position]
        start = self.noise.below("key", subjects.astype(np.uint64), self.keys)
        return RowKeys(subjects, places, (start + nth[position]) % self.keys)

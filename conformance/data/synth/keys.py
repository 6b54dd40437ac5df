"""Subject and key of each row: subjects differ in frequency, and pairs of subject and key are unique.

Either a serial key field holds the row number, or each subject has a few rows with different entries of the
key pool. Both follow from the row number alone.
"""

from dataclasses import dataclass

import numpy as np

from conformance.data.synth.counter_random import Noise, Places, Rows, shuffle

_ROWS_PER_SUBJECT = 6
_SIZES = (14, 9, 7, 5, 4, 4, 3, 3, 2, 2, 2, *(1,) * 15)
"""Rows per subject of a group, before limiting them to the size of the key pool."""


@dataclass(frozen=True, slots=True)
class RowKeys:
    """Subjects and keys of some rows; arrays of shape `(rows,)`."""

    subjects: Places
    numbers: Places
    """Numbers for the serial field, if any."""
    entries: Places
    """Entry of the key pool, if there is no serial field."""


@dataclass(frozen=True, slots=True)
class KeyScheme:
    """Assignment of subjects and keys to rows."""

    noise: Noise
    rows: int
    serial: bool
    keys: int
    """Number of distinct entries of the key pool."""

    @property
    def subjects(self) -> int:
        """Upper bound of subjects; numbers from here on are unused."""
        return max(1, self.rows // _ROWS_PER_SUBJECT) if self.serial else self.rows

    def of(self, rows: Rows) -> RowKeys:
        """Subjects and keys of the given row numbers."""
        places = shuffle(rows.astype(np.int64), self.rows, salt=self.rows // 3)
        if self.serial:
            return RowKeys(self.noise.skewed("subject", rows, self.subjects), places, np.zeros_like(places))
        sizes = np.minimum(_SIZES, self.keys)
        group, position = np.divmod(places, int(sizes.sum()))
        owner = np.repeat(np.arange(len(sizes)), sizes)
        nth = np.concatenate([np.arange(size) for size in sizes])
        subjects = group * len(sizes) + owner[position]
        start = self.noise.below("key", subjects.astype(np.uint64), self.keys)
        return RowKeys(subjects, places, (start + nth[position]) % self.keys)

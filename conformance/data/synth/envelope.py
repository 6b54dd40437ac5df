"""Envelope columns of synthetic rows: record id, times, provider and division."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import numpy as np
import polars as pl

from conformance.data.synth import identifiers
from conformance.data.synth.counter_random import Noise, Places, Rows
from conformance.synth.identities import Reserved, uscc

COLUMNS = ("id", "as_of", "generated_at", "provider_uscc", "division_code")
_PROVIDERS = 48
_LAG, _STALE = 5, 10
"""Upper bounds in days: from the event to the record, and from the record to today."""
_OFFSET = "+08:00"


@dataclass(frozen=True, slots=True)
class Envelopes:
    """Source of the envelope columns."""

    noise: Noise
    reserved: Reserved
    day: date

    def columns(self, rows: Rows, since: Sequence[int] | None, entries: Places) -> dict[str, pl.Series]:
        """Envelope columns by name. `since`: day ordinals by entry, from which time limits run."""
        generated = self._creation_days(rows, None if since is None else np.array(since)[entries])
        minute = self.noise.below("minute", rows, 1440)
        return {
            "id": "T" + self._hexadecimal(rows),
            "as_of": _moments(generated, minute // 2),
            "generated_at": _moments(generated, minute),
            "provider_uscc": self._provider(rows),
            "division_code": self._division(rows),
        }

    def _creation_days(self, rows: Rows, since: Places | None) -> Places:
        """Day ordinals on which the records were created."""
        yesterday = self.day.toordinal() - 1
        if since is None:
            return yesterday - self.noise.below("age", rows, _STALE)
        days: Places = np.minimum(since + self.noise.below("lag", rows, _LAG), yesterday)
        return days

    def _hexadecimal(self, rows: Rows) -> pl.Series:
        bits = self.noise.bits("record", rows)
        nibbles = (bits[:, None] >> np.arange(60, -4, -4, dtype=np.uint64)) & np.uint64(15)
        return identifiers.texts(np.frombuffer(b"0123456789abcdef", np.uint8)[nibbles.astype(np.int64)])

    def _provider(self, rows: Rows) -> pl.Series:
        random = Random(f"{self.noise.seed}/providers")
        codes = [uscc(random, self.reserved, "authority") for _ in range(_PROVIDERS)]
        return pl.Series(codes).gather(self.noise.skewed("provider", rows, len(codes)))

    def _division(self, rows: Rows) -> pl.Series:
        divisions = self.reserved["uscc"]["divisions"]
        return pl.Series(divisions).gather(self.noise.below("division", rows, len(divisions)))


def _moments(ordinals: Places, minutes: Places) -> pl.Series:
    first, last = int(ordinals.min()), int(ordinals.max())
    days = pl.Series([str(date.fromordinal(n)) for n in range(first, last + 1)])
    times = pl.Series([f"T{n // 60:02d}:{n % 60:02d}:00{_OFFSET}" for n in range(1440)])
    return days.gather(ordinals - first) + times.gather(minutes)


def ordinal(text: object, day: date) -> int:
    """Ordinal of an ISO date; of the day before yesterday if there is none."""
    return date.fromisoformat(text).toordinal() if isinstance(text, str) else (day - timedelta(2)).toordinal()

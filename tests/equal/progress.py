"""How far a comparison in several processes is: any of them tells it, one at a time."""

import sys
import time
from multiprocessing.context import SpawnContext


class Progress:
    """Counts rows of all processes; is handed to them when they start."""

    def __init__(self, total: int, context: SpawnContext, *, every: float) -> None:
        """`every`: seconds between two lines."""
        self._total, self._every, self._begun = total, every, time.monotonic()
        self._done, self._told = context.Value("q", 0), context.Value("d", self._begun)

    def add(self, rows: int) -> None:
        with self._done.get_lock():
            self._done.value += rows
            now = time.monotonic()
            if now - self._told.value >= self._every:
                self._told.value = now
                sys.stderr.write(self._line(self._done.value, now - self._begun) + "\n")
                sys.stderr.flush()

    def _line(self, done: int, seconds: float) -> str:
        rate = done / seconds
        left = round((self._total - done) / rate)
        at = f"{done:,} of {self._total:,} rows, {rate:,.0f} rows/s"
        return f"{at}, {left // 60} min {left % 60:02d} s left"

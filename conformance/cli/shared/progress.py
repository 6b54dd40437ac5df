"""Progress on stderr: one line that is redrawn on a terminal, a line for each tenth elsewhere."""

import sys
import time
from abc import ABC, abstractmethod

from conformance.cli.shared.voice import Voice
from conformance.model.judgement import Result, Verdict

_STEPS = 10
_PAUSE = 0.1
_MEGA = 1e6


class Progress(ABC):
    """Progress of work with a total amount that is known beforehand."""

    def __init__(self, total: int, voice: Voice) -> None:
        self.total = max(total, 1)
        self.done = 0
        self.voice = voice
        self._started = self._drawn = time.monotonic()
        self._tenth = 0
        self._on_terminal = sys.stderr.isatty()

    @abstractmethod
    def line(self, spent: float, left: float) -> str:
        """The text after `spent` seconds, with about `left` seconds to go."""

    def show(self) -> None:
        """Draw the line, unless it was drawn a moment ago."""
        if self._on_terminal:
            self._redraw()
        elif (tenth := min(self.done, self.total) * _STEPS // self.total) > self._tenth:
            self._tenth = tenth
            sys.stderr.write(self._line() + "\n")
            sys.stderr.flush()

    def end(self) -> None:
        if self._on_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _redraw(self) -> None:
        now = time.monotonic()
        if now - self._drawn >= _PAUSE or self.done == self.total:
            self._drawn = now
            sys.stderr.write(f"\r\x1b[K{self._line()}")
            sys.stderr.flush()

    def _line(self) -> str:
        spent = time.monotonic() - self._started
        return self.line(spent, spent / max(self.done, 1) * max(self.total - self.done, 0))


class CaseProgress(Progress):
    """Progress of a run: cases that are judged, and of these the failed ones."""

    def __init__(self, total: int, voice: Voice) -> None:
        super().__init__(total, voice)
        self._failed = 0

    def count_result(self, result: Result) -> None:
        self.done += 1
        self._failed += result.verdict is Verdict.FAILED
        self.show()

    def line(self, spent: float, left: float) -> str:
        del spent
        counts = {"done": self.done, "total": self.total, "percent": self.done * 100 // self.total}
        return self.voice.text("progress", **counts, left=f"{left:.0f}", failed=self._failed)


class BytesProgress(Progress):
    """Progress of reading files: bytes that were read, and rows that were judged."""

    def __init__(self, total: int, voice: Voice) -> None:
        super().__init__(total, voice)
        self._rows = 0

    def count_bytes(self, count: int) -> None:
        self.done += count

    def count_rows(self, rows: int) -> None:
        self._rows += rows
        self.show()

    def line(self, spent: float, left: float) -> str:
        percent = min(self.done, self.total) * 100 // self.total
        rate = {
            "rows": f"{self._rows / max(spent, 0.001):,.0f}",
            "mb": f"{self.done / _MEGA / max(spent, 0.001):,.0f}",
        }
        key = "bytes_progress" if self._rows else "bytes_read"
        return self.voice.text(key, done=f"{self._rows:,}", percent=percent, left=f"{left:.0f}", **rate)

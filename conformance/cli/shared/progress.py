"""How far a command is and how long it will take, on stderr: one living line, or few without a terminal."""

import sys
import time
from abc import ABC, abstractmethod

from conformance.cli.shared.voice import Voice
from conformance.model.judgement import Result, Verdict

_STEPS = 10
_PAUSE = 0.1
_MEGA = 1e6


class Watched(ABC):
    """Work of which a known amount has to be done."""

    def __init__(self, total: int, voice: Voice) -> None:
        self.total = max(total, 1)
        self.done = 0
        self.voice = voice
        self._started = self._shown = time.monotonic()
        self._tenth = 0
        self._living = sys.stderr.isatty()

    @abstractmethod
    def line(self, spent: float, left: float) -> str:
        """What is shown after so many seconds, with about so many left."""

    def show(self) -> None:
        """Shows how far it is, if it is time to."""
        if self._living:
            self._redraw()
        elif (tenth := min(self.done, self.total) * _STEPS // self.total) > self._tenth:
            self._tenth = tenth
            sys.stderr.write(self._line() + "\n")
            sys.stderr.flush()

    def end(self) -> None:
        if self._living:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _redraw(self) -> None:
        now = time.monotonic()
        if now - self._shown >= _PAUSE or self.done == self.total:
            self._shown = now
            sys.stderr.write(f"\r\x1b[K{self._line()}")
            sys.stderr.flush()

    def _line(self) -> str:
        spent = time.monotonic() - self._started
        return self.line(spent, spent / max(self.done, 1) * max(self.total - self.done, 0))


class Progress(Watched):
    """Told of each result; says how many are left and about how long they take."""

    def __init__(self, total: int, voice: Voice) -> None:
        super().__init__(total, voice)
        self._failed = 0

    def see(self, result: Result) -> None:
        self.done += 1
        self._failed += result.verdict is Verdict.FAILED
        self.show()

    def line(self, spent: float, left: float) -> str:
        del spent
        shown = {"done": self.done, "total": self.total, "percent": self.done * 100 // self.total}
        return self.voice.text("progress", **shown, left=f"{left:.0f}", failed=self._failed)


class BytesProgress(Watched):
    """Told of bytes that were read and of rows that were judged."""

    def __init__(self, total: int, voice: Voice) -> None:
        super().__init__(total, voice)
        self._rows = 0

    def read(self, count: int) -> None:
        self.done += count

    def see(self, rows: int) -> None:
        self._rows += rows
        self.show()

    def line(self, spent: float, left: float) -> str:
        percent = min(self.done, self.total) * 100 // self.total
        rate = {
            "rows": f"{self._rows / max(spent, 0.001):,.0f}",
            "mb": f"{self.done / _MEGA / max(spent, 0.001):,.0f}",
        }
        known = "bytes_progress" if self._rows else "bytes_read"
        return self.voice.text(known, done=f"{self._rows:,}", percent=percent, left=f"{left:.0f}", **rate)

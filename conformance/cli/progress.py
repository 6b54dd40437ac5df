"""How far a run is and how long it will take, on stderr: one living line, or few lines without a terminal."""

import sys
import time

from conformance.cli.speak import Voice
from conformance.model.judgement import Result, Verdict

_STEPS = 10
_PAUSE = 0.1


class Progress:
    """Told of each result; says how many are left and about how long they take."""

    def __init__(self, total: int, voice: Voice) -> None:
        self._total = max(total, 1)
        self._voice = voice
        self._started = self._shown = time.monotonic()
        self._done = self._failed = self._tenth = 0
        self._living = sys.stderr.isatty()

    def see(self, result: Result) -> None:
        self._done += 1
        self._failed += result.verdict is Verdict.FAILED
        if self._living:
            self._redraw()
        elif (tenth := self._done * _STEPS // self._total) > self._tenth:
            self._tenth = tenth
            sys.stderr.write(self._line() + "\n")
            sys.stderr.flush()

    def end(self) -> None:
        if self._living:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _redraw(self) -> None:
        now = time.monotonic()
        if now - self._shown >= _PAUSE or self._done == self._total:
            self._shown = now
            sys.stderr.write(f"\r\x1b[K{self._line()}")
            sys.stderr.flush()

    def _line(self) -> str:
        spent = time.monotonic() - self._started
        left = spent / self._done * (self._total - self._done)
        shown = {"done": self._done, "total": self._total, "percent": self._done * 100 // self._total}
        return self._voice.text("progress", **shown, left=f"{left:.0f}", failed=self._failed)

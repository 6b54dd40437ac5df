"""Many platforms from one warm process: each is a fork of it, with port, database and memory of its own.

Starting a platform means importing its libraries and reading the standard, which takes longer than most of
what it is then asked. Orders come one a line, each gets one line of answer, and nobody outlives the last.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TextIO

Serve = Callable[[Sequence[str]], object]
"""Serves a platform with these words of the command line, and says `listening on ...` when it is ready."""
READY = "listening on "
STOP_SECONDS = 5.0


def serve_many(serve: Serve) -> None:
    """Obey `{"start": [word, ...]}` and `{"stop": pid}` until the input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    nursery = _Nursery(serve)
    gc.freeze()
    try:
        for line in sys.stdin:
            order = json.loads(line)
            answer = nursery.start(order["start"]) if "start" in order else nursery.stop(order["stop"])
            print(json.dumps(answer), flush=True)  # noqa: T201
    finally:
        nursery.close()


class _Nursery:
    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._lines: dict[int, TextIO] = {}
        """What each platform says; kept open, so that it may go on speaking."""

    def start(self, words: Sequence[str]) -> dict[str, Any]:
        """The address of a new platform, or how it ended instead."""
        ours, theirs = os.pipe()
        pid = os.fork()
        if not pid:
            self._be(words, theirs)
        os.close(theirs)
        self._lines[pid] = os.fdopen(ours)
        first_line = self._lines[pid].readline()
        if first_line.startswith(READY):
            return {"pid": pid, "address": first_line.removeprefix(READY).strip()}
        return {"exit": os.waitstatus_to_exitcode(self._ended(pid)[0])}

    def stop(self, pid: int) -> dict[str, Any]:
        """End a platform, by force where it does not listen; what it cost is told."""
        os.kill(pid, signal.SIGTERM)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, STOP_SECONDS)
        usage = self._ended(pid)[1]
        signal.setitimer(signal.ITIMER_REAL, 0)
        return {"core_seconds": usage.ru_utime + usage.ru_stime}

    def close(self) -> None:
        for pid in tuple(self._lines):
            self.stop(pid)

    def _ended(self, pid: int) -> tuple[int, Any]:
        _, status, usage = os.wait4(pid, 0)
        self._lines.pop(pid).close()
        return status, usage

    def _be(self, words: Sequence[str], speaking: int) -> NoReturn:
        """Become the platform: nothing of the orders is inherited, and nothing returns from here."""
        code = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            silence = os.open(os.devnull, os.O_RDONLY)
            os.dup2(silence, sys.stdin.fileno())
            os.dup2(speaking, sys.stdout.fileno())
            self._serve(words)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

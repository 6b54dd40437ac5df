"""Many platforms from one warm process: each is a fork of it, with port, database and memory of its own.

Importing the libraries and reading the standard takes longer than most of what a platform then serves. Orders
come one a line, each is answered by one line, and children never outlive the server.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TextIO

Serve = Callable[[Sequence[str]], object]
"""Serves a platform with these arguments, and prints `listening on ...` when it is ready."""
READY = "listening on "
STOP_SECONDS = 5.0


def serve_many(serve: Serve) -> None:
    """Obey `{"start": [word, ...]}` and `{"stop": pid}` until the input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = _ForkServer(serve)
    gc.freeze()
    try:
        for line in sys.stdin:
            order = json.loads(line)
            answer = server.start(order["start"]) if "start" in order else server.stop(order["stop"])
            print(json.dumps(answer), flush=True)  # noqa: T201
    finally:
        server.close()


class _ForkServer:
    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._lines: dict[int, TextIO] = {}
        """Standard output of each platform; kept open for as long as the platform runs."""

    def start(self, words: Sequence[str]) -> dict[str, Any]:
        """The address of a new platform, or its exit code where it did not start."""
        ours, theirs = os.pipe()
        pid = os.fork()
        if not pid:
            self._become(words, theirs)
        os.close(theirs)
        self._lines[pid] = os.fdopen(ours)
        first_line = self._lines[pid].readline()
        if first_line.startswith(READY):
            return {"pid": pid, "address": first_line.removeprefix(READY).strip()}
        return {"exit": os.waitstatus_to_exitcode(self._ended(pid)[0])}

    def stop(self, pid: int) -> dict[str, Any]:
        """End a platform, by force after `STOP_SECONDS`; the processor time that it used."""
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

    def _become(self, words: Sequence[str], output: int) -> NoReturn:
        """Become the platform: orders are not inherited, and the call never returns."""
        code = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            no_input = os.open(os.devnull, os.O_RDONLY)
            os.dup2(no_input, sys.stdin.fileno())
            os.dup2(output, sys.stdout.fileno())
            self._serve(words)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

"""Reference platforms from one warm process, where many are needed one after the other."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import IO, Any, Self

from conformance.selftest import process


class Nursery:
    """Starts platforms by forking a process that has read the standard in `root` already.

    Where a system cannot fork, each platform is a process of its own.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.core_seconds = 0.0
        """Of the platforms that have ended."""
        self._root = root
        self._lock = Lock()
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the nursery
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def platform(self, arguments: Sequence[str]) -> Iterator[str]:
        """As `reference_platform`."""
        if not hasattr(os, "fork"):
            with process.reference_platform(arguments) as address:
                yield address
            return
        answer = self._order({"start": ["--host", "127.0.0.1", "--port", "0", *arguments]})
        if "address" not in answer:
            raise process.StartError(f"exit {answer['exit']}", process.tail(self._log))
        try:
            yield answer["address"]
        finally:
            self.core_seconds += self._order({"stop": answer["pid"]})["core_seconds"]

    def close(self) -> None:
        """End the process and every platform of it."""
        if self._process is not None:
            if self._process.stdin:
                self._process.stdin.close()
            process.stop(self._process)
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _order(self, order: Any) -> Any:
        with self._lock:
            self._process = self._process or _warm(self._root, self._log)
            orders, output = self._process.stdin, self._process.stdout
            assert orders and output  # noqa: S101, PT018 - both are pipes
            with suppress(BrokenPipeError):
                orders.write(json.dumps(order).encode() + b"\n")
                orders.flush()
            line = output.readline()
        if not line:
            raise process.StartError("the nursery has ended", process.tail(self._log))
        return json.loads(line)


def _warm(root: Path | None, log: IO[bytes]) -> subprocess.Popen[bytes]:
    standard = ["--standard", str(root)] if root else []
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-u", "-m", process.MODULE, "--serve-many", *standard],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=process.environment(),
        start_new_session=True,
    )

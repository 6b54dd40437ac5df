"""The reference platform as a process: started, awaited and always ended, like any platform under test."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from conformance.model.errors import UserError
from conformance.model.text import Message

MODULE = "reference_impl.harness"
READY = "listening on "
START_SECONDS = 30.0
STOP_SECONDS = 5.0


class StartError(UserError):
    """The process did not become ready; holds the end of what it said."""

    def __init__(self, reason: str, output: str) -> None:
        args = {"reason": reason, "said": output or "-"}
        summary = f"{reason}: {output}" if output else reason
        super().__init__(Message("cli.platform_not_started", args), summary=summary)
        self.reason = reason
        self.output = output


@contextmanager
def reference_platform(arguments: Sequence[str], deadline: float = START_SECONDS) -> Iterator[str]:
    """Address of a platform that `python -m reference_impl.harness` serves; it never outlives the block."""
    command = [sys.executable, "-u", "-m", MODULE, "--host", "127.0.0.1", "--port", "0", *arguments]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment(),
            start_new_session=True,
        )
        try:
            yield _await_address(process, log, deadline)
        finally:
            stop(process)


def run_reference(arguments: Sequence[str], deadline: float = START_SECONDS) -> str:
    """Output of a short call of the reference platform, e.g. `--list-mutants`."""
    command = [sys.executable, "-m", MODULE, *arguments]
    try:
        completed = subprocess.run(  # noqa: S603 - as above
            command, capture_output=True, text=True, timeout=deadline, check=False, env=environment()
        )
    except subprocess.TimeoutExpired as error:
        raise StartError("timeout", "") from error
    if completed.returncode:
        raise StartError(f"exit {completed.returncode}", completed.stderr[-2000:])
    return completed.stdout


def environment() -> Mapping[str, str]:
    """Our own environment, with the folder of our packages importable from anywhere."""
    import conformance

    packages = str(Path(conformance.__file__).resolve().parent.parent)
    python_path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (packages, python_path)))}


def end_on_signals() -> None:
    """A termination unwinds the stack, so that the platform is ended too."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    for sign in (signal.SIGTERM, signal.SIGHUP):
        with suppress(ValueError):
            signal.signal(sign, leave)


def stop(process: subprocess.Popen[Any]) -> None:
    """Ask the whole group to end, then make it."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            break
    if process.stdout:
        process.stdout.close()


def _await_address(process: subprocess.Popen[bytes], log: IO[bytes], deadline: float) -> str:
    lines: SimpleQueue[bytes | None] = SimpleQueue()
    Thread(target=_pump, args=(process.stdout, lines), daemon=True).start()
    end = time.monotonic() + deadline
    while (left := end - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left)
        except Empty:
            break
        if line is None:
            raise StartError(f"exit {process.wait(STOP_SECONDS)}", tail(log))
        if line.decode("utf-8", "replace").startswith(READY):
            return line.decode().removeprefix(READY).strip()
    raise StartError("timeout", tail(log))


def _pump(stream: IO[bytes] | None, lines: "SimpleQueue[bytes | None]") -> None:
    """Drain the output for as long as the process lives, so that it never blocks on a full pipe."""
    with suppress(ValueError, OSError):
        for line in stream or ():
            lines.put(line)
    lines.put(None)


def tail(log: IO[bytes]) -> str:
    """The end of what a process said."""
    log.seek(0)
    return log.read()[-2000:].decode("utf-8", "replace").strip()

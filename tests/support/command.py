"""`fcsp` within the process of the test: no interpreter to start, and no library to import once more."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from conformance.cli import main

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def fcsp(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Exit code and output of a command that is run in `folder`."""
    output, errors = _stream(), _stream()
    code = 0
    command_line = patch.object(sys, "argv", ["fcsp", *words])
    streams = redirect_stdout(output), redirect_stderr(errors)
    with chdir(folder), command_line, _handlers_restored(), streams[0], streams[1]:
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return subprocess.CompletedProcess(words, code, _text(output), _text(errors))


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    """What was written, with line ends and odd bytes as a pipe would deliver them."""
    content: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]  # a BytesIO
    return content.decode("utf-8").replace(os.linesep, "\n")


@contextmanager
def _handlers_restored() -> Iterator[None]:
    """A command may handle signals until its process ends, which is not yet."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

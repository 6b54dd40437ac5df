"""The end of a command: bad input gives one clear paragraph and its exit code, never a traceback."""

import errno
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import typer

from conformance.cli.shared.click_api import UsageError
from conformance.cli.shared.language import language
from conformance.cli.shared.usage import usage_message
from conformance.messages import load_messages
from conformance.model.errors import USAGE, UserError
from conformance.model.text import Message

SUITE = 4
"""Exit code of a fault of the suite itself."""
INTERRUPTED = 130
"""Exit code after Ctrl-C or SIGTERM, as a shell reports it for SIGINT."""
UNHEARD = 141
"""Exit code where nobody reads the output any more, as a shell reports it for SIGPIPE."""
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_DISK_FULL_TEXT = "No space left on device"
"""In errors of libraries that give no number."""
_DATA_LIBRARIES = frozenset({"ahocorasick_rs", "numpy", "polars", "pyarrow", "openpyxl"})
"""Libraries of the extra `data`."""


class CommandError(UserError):
    """A command cannot do what it was asked to; the message is one of the area `cli`."""

    def __init__(self, key: str, /, **args: object) -> None:
        super().__init__(Message(f"cli.{key}", args))


def guarded(program: Callable[[], None]) -> None:
    """Run the program. Raises SystemExit with its exit code, or with that of what went wrong."""
    _prepare_process()
    try:
        program()
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except KeyboardInterrupt:
        _leave(Message("cli.interrupted"), INTERRUPTED)
    except BrokenPipeError:
        _silence_stdout()
        sys.exit(UNHEARD)
    except Exception as error:  # noqa: BLE001 - the last resort; a crash must not look like "does not conform"
        refusal = _refusal(error)
        if refusal is not None:
            _leave(refusal.message, refusal.code)
        traceback.print_exc()
        _leave(Message("cli.crashed", {"error": f"{type(error).__name__}: {error}"}), SUITE)


def _prepare_process() -> None:
    if threading.current_thread() is threading.main_thread():
        # Whoever stops a job means the same as who presses Ctrl-C: tidy up, and say how far it came.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # GBK, in which Windows writes to files, has not every character of a report.
        sys.stdout.reconfigure(errors="backslashreplace")


def _silence_stdout() -> None:
    """Let the interpreter flush what is left into nothing when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refusal(error: Exception) -> UserError | None:
    """What a user can cause, as such; None for a fault of the suite."""
    message: Message | None = None
    match error:
        case UserError():
            return error
        case UsageError():
            message = usage_message(error)
        case OSError():
            message = _file_message(error)
        case ModuleNotFoundError():
            message = _library_message(error)
    return UserError(message, USAGE) if message else None


def _file_message(error: OSError) -> Message | None:
    if not error.filename:
        full = error.errno in _DISK_FULL or _DISK_FULL_TEXT in str(error)
        return Message("cli.no_room") if full else None
    return Message("cli.file_trouble", {"file": str(error.filename), "error": error.strerror or str(error)})


def _library_message(error: ModuleNotFoundError) -> Message | None:
    """For a library of an extra that is not installed; anything else missing is the suite's own fault."""
    name = str(error.name).partition(".")[0]
    return Message("cli.data_missing", {"name": name}) if name in _DATA_LIBRARIES else None


def _leave(message: Message, code: int) -> NoReturn:
    sys.stderr.write(load_messages().render(message, language(sys.argv[1:])) + "\n")
    sys.exit(code)

"""Bad input and bad configuration: one clear paragraph and exit code 2, never a traceback."""

import errno
import io
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Self

from conformance.cli.shared.options import default_lang
from conformance.model.text import Lang, Message

USAGE = 2
SUITE = 4
INTERRUPTED = 130
UNHEARD = 141
"""Nobody reads the output any more: what a shell says of a program that SIGPIPE ended."""
_KINDS = {"TargetErrors": "target", "ReadErrors": "files", "MappingErrors": "mapping"}
"""What is wrong, by the name of the exception, whose module may not be there; else the standard."""
_ROOM = (errno.ENOSPC, errno.EDQUOT)
_ROOM_SAID = "No space left on device"
"""Libraries tell it in words, and without the number."""
_OF_DATA = frozenset({"ahocorasick_rs", "numpy", "polars", "pyarrow", "openpyxl"})


class Failure(Exception):  # noqa: N818 - what the user is told
    """A command cannot do what it was asked to; the message says what, where, and what to do."""

    def __init__(self, key: str, /, **args: Any) -> None:
        super().__init__(key)
        self.message = Message(f"cli.{key}", args)

    @classmethod
    def of(cls, message: Message) -> Self:
        """A failure with a text of another area."""
        failure = cls(message.key)
        failure.message = message
        return failure


def guarded(app: Any) -> None:
    """Run the application; everything a user can cause ends in a paragraph."""
    _prepare()
    try:
        app()
    except SystemExit as exit_:
        if _comes_of(exit_, KeyboardInterrupt):
            _leave(Message("cli.interrupted"), INTERRUPTED)
        if _comes_of(exit_, BrokenPipeError):
            sys.exit(UNHEARD)
        raise
    except KeyboardInterrupt:
        _leave(Message("cli.interrupted"), INTERRUPTED)
    except BrokenPipeError:
        sys.exit(UNHEARD)
    except Exception as error:  # noqa: BLE001 - the last resort; a crash must not look like "does not conform"
        if message := _explained(error):
            _leave(message, USAGE)
        traceback.print_exc()
        _leave(Message("cli.crashed", {"error": f"{type(error).__name__}: {error}"}), SUITE)


def _prepare() -> None:
    if threading.current_thread() is threading.main_thread():
        # Whoever stops a job means the same as who presses Ctrl-C: tidy up, and say how far it came.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # GBK, in which Windows writes to files, has not every character of a report.
        sys.stdout.reconfigure(errors="backslashreplace")


def _comes_of(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Whether typer made this exit of something else, which it does without a word."""
    while error is not None and not isinstance(error, kind):
        error = error.__context__
    return error is not None


def _explained(error: Exception) -> Message | None:
    """The paragraph for what a user can cause; the kinds are loaded only now, when one is needed."""
    for kind, explain in _explanations():
        if isinstance(error, kind):
            return explain(error)
    return None


def _explanations() -> Iterator[tuple[type[Exception], Callable[[Any], Message | None]]]:
    yield Failure, lambda error: error.message
    from conformance.loader import FileErrors

    yield FileErrors, _files
    from conformance.selftest.process import StartError

    shown = "cli.platform_not_started"
    yield StartError, lambda error: Message(shown, {"reason": error.reason, "said": error.said or "-"})
    from conformance.evidence import TranscriptError
    from conformance.expect.outcomes import Undecided
    from conformance.runner import SelectionError

    yield SelectionError, lambda error: Message("cli.unknown_ids", {"problems": _Lines(error.messages)})
    yield TranscriptError, lambda error: Message("cli.no_transcript", {"error": str(error)})
    yield Undecided, lambda error: Message("cli.not_started", {"why": error.message})
    yield OSError, _file
    yield ModuleNotFoundError, _extra
    if "conformance.data.cluster.session" in sys.modules:
        from conformance.data.cluster.session import SparkError

        yield SparkError, lambda error: error.message


def _file(error: Any) -> Message | None:
    if not error.filename:
        return Message("cli.no_room") if error.errno in _ROOM or _ROOM_SAID in str(error) else None
    return Message("cli.file_trouble", {"file": str(error.filename), "error": error.strerror or str(error)})


def _extra(error: Any) -> Message | None:
    """A library of an extra that is not installed; anything else missing is the suite's own fault."""
    name = str(error.name).partition(".")[0]
    return Message("cli.data_missing", {"name": name}) if name in _OF_DATA else None


def _files(error: Any) -> Message:
    shown = [Message("cli.problem", {"place": p.place, "what": p.message}) for p in error.problems[:20]]
    args = {"count": len(error.problems), "problems": _Lines(shown)}
    kind = _KINDS.get(type(error).__name__, "standard")
    return Message(f"cli.{kind}_unusable", args)


class _Lines(list[Message]):
    """Messages that stand below each other."""


def _leave(message: Message, code: int) -> None:
    sys.stderr.write(render(message, _lang()) + "\n")
    sys.exit(code)


def render(message: Message, lang: Lang) -> str:
    from conformance.messages import load_messages

    messages = load_messages()
    shown = {
        name: "\n".join(messages.render(line, lang) for line in value) if isinstance(value, _Lines) else value
        for name, value in message.args.items()
    }
    return messages.render(Message(message.key, shown), lang)


def _lang() -> Lang:
    """The language asked for on the command line, even when the command never got to read it."""
    words = sys.argv[1:]
    for index, word in enumerate(words):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if word == "--lang" and index + 1 < len(words):
            value = words[index + 1]
        if value in set(Lang):
            return Lang(value)
    return default_lang()

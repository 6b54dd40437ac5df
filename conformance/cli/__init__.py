"""The command line: one file for each command, found by its name; `shared` holds what several use."""

import signal

__all__ = ["main"]


def main() -> None:
    """Entry point of `fcsp`. Ends with SystemExit unless the command succeeded.

    Until the program is loaded, Ctrl-C ends the process as the system does by default, without a traceback.
    """
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from conformance.cli.shared.errors import guarded
    from conformance.cli.shared.program import run_program

    signal.signal(signal.SIGINT, previous)
    guarded(run_program)

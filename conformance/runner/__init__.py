"""The runner: plans a run, runs it, and judges a recorded one again. A library: it prints nothing.

A name loads its module when it is first used, so that a plan, which sends nothing, needs no HTTP client.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.evidence import canonical
    from conformance.monitors import Monitor
    from conformance.runner.conclude import abridged, header, suite_version
    from conformance.runner.contexts import CaseContext, LivePort, Port, RecordedPort
    from conformance.runner.engine import ContextFactory, run
    from conformance.runner.planning import Settings, plan
    from conformance.runner.rejudgement import Rejudgement, rejudge, reopen
    from conformance.runner.selection import Selection, SelectionError
    from conformance.runner.session import Session, open_session

__all__ = [
    "CaseContext",
    "ContextFactory",
    "LivePort",
    "Monitor",
    "Port",
    "RecordedPort",
    "Rejudgement",
    "Selection",
    "SelectionError",
    "Session",
    "Settings",
    "abridged",
    "canonical",
    "header",
    "open_session",
    "plan",
    "rejudge",
    "reopen",
    "run",
    "suite_version",
]

_MODULES = {
    "CaseContext": "conformance.runner.contexts",
    "ContextFactory": "conformance.runner.engine",
    "LivePort": "conformance.runner.contexts",
    "Monitor": "conformance.monitors",
    "Port": "conformance.runner.contexts",
    "RecordedPort": "conformance.runner.contexts",
    "Rejudgement": "conformance.runner.rejudgement",
    "Selection": "conformance.runner.selection",
    "SelectionError": "conformance.runner.selection",
    "Session": "conformance.runner.session",
    "Settings": "conformance.runner.planning",
    "abridged": "conformance.runner.conclude",
    "canonical": "conformance.evidence",
    "header": "conformance.runner.conclude",
    "open_session": "conformance.runner.session",
    "plan": "conformance.runner.planning",
    "rejudge": "conformance.runner.rejudgement",
    "reopen": "conformance.runner.rejudgement",
    "run": "conformance.runner.engine",
    "suite_version": "conformance.runner.conclude",
}

if not TYPE_CHECKING:  # for the type checker the imports above hold

    def __getattr__(name: str) -> object:
        """A name of the package, from its module (PEP 562)."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_MODULES[name]), name)

"""The runner: plans a run, runs it, and judges a recorded one again. A library: it prints nothing."""

from conformance.evidence import canonical
from conformance.monitors import Monitor
from conformance.runner.conclude import abridged, conclude, header, suite_version
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
    "conclude",
    "header",
    "open_session",
    "plan",
    "rejudge",
    "reopen",
    "run",
    "suite_version",
]

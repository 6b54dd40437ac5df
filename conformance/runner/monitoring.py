"""Monitors over a run: each judges every exchange or call, and gives one result in the end."""

import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from conformance.model.judgement import Case, Fault, Finding, Result, Verdict
from conformance.model.run import Planned
from conformance.model.text import Message
from conformance.model.wire import Exchange, Incoming
from conformance.monitors import Direction, Findings, Monitor
from conformance.verdict import violation

LIMIT = 50
"""Findings that one monitor reports; equal ones count once."""
T = TypeVar("T", Exchange, Incoming)


class Watch:
    """One monitor over a whole run, with the findings so far."""

    def __init__(self, monitor: Monitor, planned: Planned) -> None:
        self._monitor = monitor
        self._planned = planned
        self._relevant = 0
        self._findings: dict[tuple[str, str, str], Finding] = {}

    def observe(self, case: Case, exchanges: Iterable[Exchange], received: Iterable[Incoming]) -> None:
        """Judge what a case exchanged and received, as far as the monitor declares the direction."""
        if Direction.ANSWERED in self._monitor.directions:
            for exchange in exchanges:
                findings = self._findings_of(self._monitor.observe, exchange)
                self._note(findings, f"{case.id}#{exchange.step}", exchange.step)
        if Direction.SENT in self._monitor.directions:
            for call in received:
                findings = self._findings_of(self._monitor.observe_call, call)
                self._note(findings, f"{case.id}, call {call.number}", None)

    def result(self) -> Result:
        """The verdict over the whole run: not_verified where nothing was relevant."""
        findings = tuple(self._findings.values())
        if any(finding.fault is Fault.PLATFORM for finding in findings):
            return Result(self._planned.case, violation(self._planned.level), findings)
        if findings:
            return Result(self._planned.case, Verdict.ERRORED, findings)
        if not self._relevant:
            nothing = Finding(Message("runner.nothing_to_monitor"), fault=Fault.CONFIGURATION)
            return Result(self._planned.case, Verdict.NOT_VERIFIED, (nothing,))
        return Result(self._planned.case, Verdict.PASSED)

    @staticmethod
    def _findings_of(judge: Callable[[T], Findings | None], judged: T) -> Findings | None:
        try:
            return judge(judged)
        except Exception as error:  # noqa: BLE001 - a monitor that breaks is the suite's fault, not the platform's
            return (crash(error),)

    def _note(self, findings: Findings | None, place: str, step: int | None) -> None:
        """Keep each finding with the place where it was first seen."""
        self._relevant += findings is not None
        for finding in findings or ():
            kind = (finding.message.key, finding.where, repr(finding.message.args))
            if len(self._findings) < LIMIT:
                where = f"{place}: {finding.where}"
                self._findings.setdefault(kind, replace(finding, step=step, where=where))


def crash(error: Exception) -> Finding:
    """Finding for a fault of the suite, in one line: reports hold no tracebacks."""
    return Finding(Message("runner.crashed", {"reason": _one_line(error)}), fault=Fault.SUITE)


def _one_line(error: Exception) -> str:
    """Type, first line of the text, and file and line in which the error was raised."""
    lines = str(error).splitlines()
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{f': {lines[0]}' if lines else ''}{place}"

"""Monitors look at every exchange of a run; each gives one result in the end."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from conformance.model.judgement import Case, Fault, Finding, Result, Verdict
from conformance.model.run import Planned
from conformance.model.text import Message
from conformance.model.wire import Exchange
from conformance.runner.faults import reason
from conformance.verdict import violation

LIMIT = 50
"""Findings that one monitor reports; equal ones count once."""


class Monitor(Protocol):
    """Judges single exchanges for one requirement."""

    @property
    def requirement(self) -> str: ...
    @property
    def name(self) -> str: ...

    def observe(self, exchange: Exchange) -> tuple[Finding, ...] | None:
        """What is wrong with an exchange; None if the requirement says nothing about it."""


class Watch:
    """One monitor over a whole run."""

    def __init__(self, monitor: Monitor, planned: Planned) -> None:
        self._monitor = monitor
        self._planned = planned
        self._relevant = 0
        self._findings: dict[tuple[str, str, str], Finding] = {}

    def observe(self, case: Case, exchanges: Iterable[Exchange]) -> None:
        for exchange in exchanges:
            findings = self._ask(exchange)
            self._relevant += findings is not None
            for finding in findings or ():
                self._note(case, exchange, finding)

    def result(self) -> Result:
        findings = tuple(self._findings.values())
        if any(finding.fault is Fault.PLATFORM for finding in findings):
            return Result(self._planned.case, violation(self._planned.level), findings)
        if findings:
            return Result(self._planned.case, Verdict.ERRORED, findings)
        if not self._relevant:
            nothing = Finding(Message("runner.nothing_to_monitor"), fault=Fault.CONFIGURATION)
            return Result(self._planned.case, Verdict.NOT_VERIFIED, (nothing,))
        return Result(self._planned.case, Verdict.PASSED)

    def _ask(self, exchange: Exchange) -> tuple[Finding, ...] | None:
        try:
            return self._monitor.observe(exchange)
        except Exception as error:  # noqa: BLE001 - a monitor that breaks is the suite's fault, not the platform's
            return (Finding(Message("runner.crashed", {"reason": reason(error)}), fault=Fault.SUITE),)

    def _note(self, case: Case, exchange: Exchange, finding: Finding) -> None:
        """Keep a finding where it was first seen, with the case and step that lead there."""
        kind = (finding.message.key, finding.where, repr(finding.message.args))
        if len(self._findings) < LIMIT:
            where = f"{case.id}#{exchange.step}: {finding.where}"
            self._findings.setdefault(kind, replace(finding, step=exchange.step, where=where))

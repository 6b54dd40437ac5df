"""Judging a recorded run again, without the platform."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from conformance.evidence import Redactor, Transcript, Vault, read
from conformance.evidence.replay import planters
from conformance.model.judgement import Case, Check, Result
from conformance.model.run import Plan
from conformance.model.standard import Standard
from conformance.monitors import Monitor
from conformance.runner.applicability import Evaluate
from conformance.runner.contexts import CaseContext, RecordedPort, seeded
from conformance.runner.engine import run
from conformance.runner.planning import Settings, evaluate_cel, plan
from conformance.runner.selection import Selection


@dataclass(frozen=True, slots=True)
class Rejudgement:
    """A recorded run, ready to be judged again by a standard, its checks and its monitors."""

    transcript: Transcript
    standard: Standard
    plan: Plan
    monitors: tuple[Monitor, ...]
    vault: Vault

    @property
    def redactor(self) -> Redactor:
        """Redactor with the values that the cases planted."""
        return Redactor(self.vault)

    def context(self, case: Case) -> CaseContext:
        """The context of a case over its record."""
        header = self.transcript.header
        recorded = self.transcript.cases.get(case.id)
        return CaseContext(
            standard=self.standard,
            target=header.target,
            case=case,
            random=seeded(header.seed, header.nonce, case),
            today=header.today,
            nonce=header.nonce,
            vault=self.vault,
            port=RecordedPort(recorded=recorded, vault=self.vault, case=case.id),
        )

    def results(self, jobs: int = 1) -> Iterator[Result]:
        """Results as from a run; redact them as those of a run."""
        borrowed = self._borrowed()
        lenders = tuple(planned for planned in self.plan.planned if planned.case.id in borrowed)
        for _ in run(replace(self.plan, planned=lenders), self.context, jobs):
            pass  # only to plant again what shows in the evidence of other cases
        return run(self.plan, self.context, jobs, self.monitors)

    def _borrowed(self) -> set[str]:
        """Cases whose planted values are hidden in the evidence of others."""
        return {
            planter
            for id_, recorded in self.transcript.cases.items()
            for exchange in recorded.result.exchanges
            for planter in planters(exchange.reply)
            if planter != id_
        }


def reopen(
    folder: Path,
    standard: Standard,
    checks: Iterable[Check],
    monitors: Iterable[Monitor] = (),
    *,
    evaluate: Evaluate = evaluate_cel,
) -> Rejudgement:
    """Read the transcript of a run folder. Raises TranscriptError."""
    transcript, watching = read(folder), tuple(monitors)
    header = transcript.header
    standard = standard.on(header.as_of, header.target.division)
    # A complete run is judged by all cases there are now; later ones say that they were not recorded.
    only = None if header.complete else frozenset(transcript.cases)
    planned = plan(
        standard,
        header.target,
        checks,
        watching,
        Selection(only=only),
        settings=Settings(header.seed, header.nonce, header.as_of, str(header.platform.get("level", ""))),
        evaluate=evaluate,
    )
    return Rejudgement(transcript, standard, planned, watching, Vault(header.nonce.encode()))


def rejudge(
    folder: Path, standard: Standard, checks: Iterable[Check], monitors: Iterable[Monitor] = ()
) -> Iterator[Result]:
    """Results of a recorded run under a standard, its checks and its monitors."""
    return reopen(folder, standard, checks, monitors).results()

"""A recorded run, judged again by today's standard and checks."""

from collections.abc import Iterable
from pathlib import Path

from conformance.model import clock
from conformance.model.judgement import Check
from conformance.model.run import Run
from conformance.model.standard import Standard
from conformance.runner import Monitor, conclude, reopen


def judged_again(
    folder: Path, standard: Standard, checks: Iterable[Check], monitors: Iterable[Monitor]
) -> tuple[Run, Standard]:
    """The run, and the standard as it held on the day the run judges by."""
    started = clock.now()
    opened = reopen(folder, standard, checks, monitors)
    redactor = opened.redactor
    results = [redactor.result(result) for result in opened.results()]
    about = opened.transcript.header
    finished = conclude(
        opened.standard,
        about.target,
        about.platform,
        opened.plan,
        results,
        jobs=1,
        started_at=started,
        finished_at=clock.now(),
    )
    return finished, opened.standard

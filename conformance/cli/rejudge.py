"""A recorded run, judged again by today's standard and checks."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from conformance.model.judgement import Check
from conformance.model.run import Run
from conformance.model.standard import Standard
from conformance.runner import Monitor, conclude, reopen

_CHINA = ZoneInfo("Asia/Shanghai")


def judged_again(
    folder: Path, standard: Standard, checks: Iterable[Check], monitors: Iterable[Monitor]
) -> tuple[Run, Standard]:
    """The run, and the standard as it held on the day the run judges by."""
    started = datetime.now(_CHINA)
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
        finished_at=datetime.now(_CHINA),
    )
    return finished, opened.standard

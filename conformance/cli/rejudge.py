"""`fcsp rejudge`: a recorded run, judged again by today's standard and checks."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.judges import all_checks_and_monitors
from conformance.cli.shared.one_run import report
from conformance.cli.shared.options import LangOption, StandardOption
from conformance.cli.shared.run_folder import read_result
from conformance.cli.shared.voice import Voice
from conformance.loader import load_standard
from conformance.model import clock
from conformance.model.judgement import Check
from conformance.model.run import Run
from conformance.model.standard import Standard
from conformance.runner import Monitor, reopen
from conformance.runner.conclude import conclude

RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="argument_run")]


def command(lang: LangOption, run_folder: RunArgument, folder: StandardOption = None) -> None:
    standard = load_standard(folder)
    finished, standard = _judge_again(run_folder, standard, *all_checks_and_monitors(standard))
    output = run_folder / f"rejudged-{standard.digest[:8]}"
    report(finished, output, standard, Voice(lang), read_result(run_folder))
    raise typer.Exit(finished.exit_code)


def _judge_again(
    folder: Path, standard: Standard, checks: Iterable[Check], monitors: Iterable[Monitor]
) -> tuple[Run, Standard]:
    """The run, and the standard as it held on the day the run judges by. Raises TranscriptError."""
    started = clock.now()
    rejudgement = reopen(folder, standard, checks, monitors)
    results = [rejudgement.redactor.result(result) for result in rejudgement.results()]
    header = rejudgement.transcript.header
    finished = conclude(
        rejudgement.standard,
        header.target,
        header.platform,
        rejudgement.plan,
        results,
        jobs=1,
        started_at=started,
        finished_at=clock.now(),
    )
    return finished, rejudgement.standard

"""`fcsp run`: the test of a platform."""

import math
from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.errors import CommandError
from conformance.cli.shared.examination import examine_target, wait_for_target
from conformance.cli.shared.inputs import duration_seconds, judgement_day, nonce_or_fresh, open_target
from conformance.cli.shared.one_run import RunRequest, execute, report
from conformance.cli.shared.options import (
    DEFAULT_RUNS,
    DEFAULT_TARGET,
    AsOfOption,
    JobsOption,
    LangOption,
    NonceOption,
    RunsOption,
    SeedOption,
    SelectionArgument,
    SmokeOption,
    StandardOption,
    TargetOption,
    WaitOption,
)
from conformance.cli.shared.run_folder import last_failed, require_result
from conformance.cli.shared.selection import selection_of
from conformance.cli.shared.voice import Voice
from conformance.model.errors import USAGE
from conformance.model.target import Target

OnlyFailedOption = Annotated[bool, typer.Option("--only-failed", help="option_only_failed")]
ReadOnlyOption = Annotated[bool, typer.Option("--read-only", help="option_read_only")]
CompareOption = Annotated[Path | None, typer.Option("--compare", metavar="RUN", help="option_compare")]
MaxTimeOption = Annotated[
    str | None,
    typer.Option("--max-time", metavar="DURATION", help="option_max_time", envvar="FCSP_MAX_TIME"),
]


def command(
    lang: LangOption,
    words: SelectionArgument = None,
    target_file: TargetOption = DEFAULT_TARGET,
    folder: StandardOption = None,
    output: RunsOption = DEFAULT_RUNS,
    only_failed: OnlyFailedOption = False,
    smoke: SmokeOption = False,
    read_only: ReadOnlyOption = False,
    seed: SeedOption = 0,
    nonce: NonceOption = None,
    as_of: AsOfOption = None,
    jobs: JobsOption = 4,
    max_time: MaxTimeOption = None,
    wait: WaitOption = None,
    compare: CompareOption = None,
) -> None:
    previous = require_result(compare) if compare else None
    max_seconds = duration_seconds("--max-time", max_time) or math.inf
    wait_seconds = duration_seconds("--wait", wait)
    standard, target = open_target(target_file, folder, as_of)
    only = _failed_cases(output) if only_failed else None
    selection = selection_of(words, standard, smoke=smoke, only=only)
    request = RunRequest(
        selection,
        seed,
        nonce_or_fresh(nonce),
        judgement_day(as_of, standard),
        jobs,
        read_only,
        output,
        max_seconds,
    )
    _require_test_platform(target, read_only=read_only)
    voice = Voice(lang)
    wait_for_target(target, wait_seconds, voice)
    if examine_target(standard, target, voice, quiet=True) is not None:
        raise typer.Exit(USAGE)
    finished, run_folder = execute(standard, target, request, voice)
    report(finished, run_folder, standard, voice, previous)
    raise typer.Exit(finished.exit_code)


def _failed_cases(output: Path) -> frozenset[str]:
    failed = last_failed(output)
    if failed is None:
        raise CommandError("no_last_run", output=str(output))
    if not failed:
        raise CommandError("nothing_failed", output=str(output))
    return failed


def _require_test_platform(target: Target, *, read_only: bool) -> None:
    if target.environment == "production" and not read_only:
        raise CommandError("production_refused", url=target.base_url)

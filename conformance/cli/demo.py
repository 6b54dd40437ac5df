"""`fcsp demo`: the whole suite against the reference platform, from nothing."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.examination import examine_target
from conformance.cli.shared.inputs import judgement_day
from conformance.cli.shared.one_run import RunRequest, execute, report
from conformance.cli.shared.options import (
    AsOfOption,
    JobsOption,
    LangOption,
    SeedOption,
    SmokeOption,
    StandardOption,
)
from conformance.cli.shared.selection import selection_of
from conformance.cli.shared.voice import Voice
from conformance.loader import load_standard, load_target
from conformance.model.errors import USAGE
from conformance.model.run import Run
from conformance.model.standard import Standard
from conformance.selftest.process import end_on_signals, reference_platform
from conformance.selftest.trial import reference_arguments, reference_options
from conformance.workspace import Workspace, aim, create

FolderOption = Annotated[Path, typer.Option("--output", metavar="DIR", help="option_demo_folder")]


def command(
    lang: LangOption,
    output: FolderOption = Path("demo-run"),
    folder: StandardOption = None,
    seed: SeedOption = 0,
    jobs: JobsOption = 4,
    smoke: SmokeOption = False,
    as_of: AsOfOption = None,
) -> None:
    end_on_signals()
    standard, voice = load_standard(folder), Voice(lang)
    options = reference_options(standard)
    day = judgement_day(as_of, standard)
    standard = standard.on(day, options.division)
    workspace = create(output, options, standard, force=True)
    voice.note("demo_starting")
    with reference_platform(reference_arguments(workspace, folder, day)) as address:
        aim(workspace, address, options, standard)
        voice.note("demo_listening", address=address)
        selection = selection_of(None, standard, smoke=smoke)
        runs = workspace.folder / "runs"
        request = RunRequest(selection, seed, secrets.token_hex(8), day, jobs, False, runs)
        finished, run_folder = _test(workspace, standard, request, voice)
    report(finished, run_folder, standard, voice)
    voice.say("demo_done", code=finished.exit_code)
    raise typer.Exit(finished.exit_code)


def _test(workspace: Workspace, standard: Standard, request: RunRequest, voice: Voice) -> tuple[Run, Path]:
    target = load_target(workspace.target)
    if examine_target(standard, target, voice) is not None:
        raise typer.Exit(USAGE)
    return execute(standard, target, request, voice)

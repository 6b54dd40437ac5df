"""`fcsp doctor`: whether the configuration works, layer by layer."""

import typer

from conformance.cli.shared.examination import examine_target, wait_for_target
from conformance.cli.shared.inputs import duration_seconds, open_target
from conformance.cli.shared.options import (
    DEFAULT_TARGET,
    LangOption,
    StandardOption,
    TargetOption,
    WaitOption,
)
from conformance.cli.shared.voice import Voice
from conformance.model.errors import USAGE


def command(
    lang: LangOption,
    target_file: TargetOption = DEFAULT_TARGET,
    folder: StandardOption = None,
    wait: WaitOption = None,
) -> None:
    wait_seconds = duration_seconds("--wait", wait)
    standard, target = open_target(target_file, folder)
    voice = Voice(lang)
    wait_for_target(target, wait_seconds, voice)
    if examine_target(standard, target, voice) is not None:
        raise typer.Exit(USAGE)

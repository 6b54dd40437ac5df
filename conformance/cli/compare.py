"""`fcsp compare`: two runs side by side."""

from pathlib import Path
from typing import Annotated

import typer

from conformance.cli.shared.errors import CommandError
from conformance.cli.shared.options import DEFAULT_RUNS, LangOption, RunsOption
from conformance.cli.shared.run_folder import previous_run, require_result, runs_below
from conformance.cli.shared.voice import Voice
from conformance.results import ResultDocument, compare, render_comparison, worse

EarlierArgument = Annotated[Path | None, typer.Argument(metavar="A", help="argument_earlier")]
LaterArgument = Annotated[Path | None, typer.Argument(metavar="B", help="argument_later")]


def command(
    lang: LangOption,
    earlier: EarlierArgument = None,
    later: LaterArgument = None,
    output: RunsOption = DEFAULT_RUNS,
) -> None:
    before, after = _documents(earlier, later, output)
    comparison, voice = compare(before, after), Voice(lang)
    voice.say("compare_heading", before=before.run.id, after=after.run.id)
    voice.line(render_comparison(comparison, lang, messages=voice.messages))
    raise typer.Exit(1 if worse(comparison) else 0)


def _documents(
    earlier: Path | None, later: Path | None, output: Path
) -> tuple[ResultDocument, ResultDocument]:
    """The result documents of both runs; what is not named is looked up below the folder of runs."""
    runs = runs_below(output)
    if later is None and not runs:
        raise CommandError("no_runs", output=str(output))
    after = require_result(later or runs[-1])
    if earlier is not None:
        return require_result(earlier), after
    before = previous_run(output, after)
    if before is None:
        raise CommandError("no_earlier_run", output=str(output), run=after.run.id)
    return before, after

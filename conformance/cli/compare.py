"""`fcsp compare`: two runs side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.cli.shared.options import DEFAULT_OUTPUT, LangOption, Output

if TYPE_CHECKING:
    from conformance.results import ResultDocument

Earlier = Annotated[
    Path | None,
    typer.Argument(metavar="[A]", help="较早一次运行，默认倒数第二次 · Earlier run; the last but one."),
]
Later = Annotated[
    Path | None, typer.Argument(metavar="[B]", help="较晚一次运行，默认最近一次 · Later run; the last one.")
]


def register(app: typer.Typer) -> None:
    app.command(
        "compare",
        help="比较两次运行；变差则退出码为 1 · Compare two runs; exit code 1 if something got worse.",
    )(compare)


def compare(
    lang: LangOption, earlier: Earlier = None, later: Later = None, output: Output = DEFAULT_OUTPUT
) -> None:
    from conformance.cli.shared.voice import Voice
    from conformance.results import compare as compared
    from conformance.results import render_comparison, worse

    before, after = _documents(earlier, later, output)
    found, voice = compared(before, after), Voice(lang)
    voice.say("compare_heading", before=before.run.id, after=after.run.id)
    voice.line(render_comparison(found, lang, messages=voice.messages))
    raise typer.Exit(1 if worse(found) else 0)


def _documents(
    earlier: Path | None, later: Path | None, output: Path
) -> "tuple[ResultDocument, ResultDocument]":
    """Both runs; what is not named is found below the folder of runs."""
    from conformance.cli.shared.errors import Failure
    from conformance.cli.shared.run_folder import previous_run, runs_below

    found = runs_below(output)
    if later is None and not found:
        raise Failure("no_runs", output=str(output))
    after = named_run(later or found[-1])
    if earlier is not None:
        return named_run(earlier), after
    before = previous_run(output, after)
    if before is None:
        raise Failure("no_earlier_run", output=str(output), run=after.run.id)
    return before, after


def named_run(path: Path) -> "ResultDocument":
    """The result document of a run the user named."""
    from conformance.cli.shared.errors import Failure
    from conformance.cli.shared.run_folder import read_result

    document = read_result(path)
    if document is None:
        raise Failure("no_result", path=str(path))
    return document

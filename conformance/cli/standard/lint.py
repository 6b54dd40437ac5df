"""`fcsp standard lint`: everything that is wrong with a standard."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from conformance.authoring import orphans
from conformance.cli.shared.inputs import parse_day
from conformance.cli.shared.options import LangOption, StandardOption
from conformance.cli.shared.traces import judges_by_requirement, mutants_by_requirement
from conformance.cli.shared.voice import Voice
from conformance.loader import Problem, StandardErrors, load_standard, release_problems, root
from conformance.oracles.examples import check_examples

ReleaseOption = Annotated[str | None, typer.Option("--release", metavar="YYYY-MM-DD", help="option_release")]


def command(lang: LangOption, folder: StandardOption = None, release: ReleaseOption = None) -> None:
    voice, standard_root = Voice(lang), root(folder)
    problems = list(_problems(standard_root))
    problems += release_problems(standard_root, parse_day(release)) if release else []
    for problem in problems:
        rule = f" [{problem.rule}]" if problem.rule else ""
        voice.line(f"{problem.place}: {voice.render(problem.message)}{rule}")
    voice.say("lint_total" if problems else "lint_clean", count=len(problems))
    raise typer.Exit(1 if problems else 0)


def _problems(folder: Path) -> Sequence[Problem]:
    """Problems within the standard; in one without any, those with its examples, checks and mutants."""
    try:
        standard = load_standard(folder)
    except StandardErrors as errors:
        return errors.problems
    judges, mutants = judges_by_requirement(standard), mutants_by_requirement()
    return (*check_examples(folder, standard), *orphans(standard, judges, mutants))

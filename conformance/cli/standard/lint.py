"""`fcsp standard lint`: everything that is wrong with a standard."""

from collections.abc import Sequence
from pathlib import Path

import typer

from conformance.authoring import orphans
from conformance.cli.shared.options import LangOption, StandardOption
from conformance.cli.shared.traces import judges_by_requirement, mutants_by_requirement
from conformance.cli.shared.voice import Voice
from conformance.loader import Problem, StandardErrors, load_standard, root
from conformance.oracles.examples import check_examples


def command(lang: LangOption, folder: StandardOption = None) -> None:
    voice = Voice(lang)
    problems = _problems(root(folder))
    for problem in problems:
        voice.line(f"{problem.place}: {voice.render(problem.message)}")
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

"""`fcsp standard lint` and `fcsp standard weave`: for whoever writes the standard."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.cli.shared.options import LangOption, StandardOption

if TYPE_CHECKING:
    from conformance.authoring import ByRequirement
    from conformance.loader import Problem
    from conformance.model.standard import Standard

Check = Annotated[bool, typer.Option("--check", help="只检查是否过期 · Only tell whether anything is stale.")]


def build() -> typer.Typer:
    app = typer.Typer(help="标准的编写 · Writing the standard.", no_args_is_help=True, rich_markup_mode=None)
    app.command("lint", help="找出标准中的所有问题 · Find everything that is wrong.")(lint)
    app.command("weave", help="更新条文和生成页 · Bring woven text and pages up to date.")(weave)
    return app


Release = Annotated[
    str | None,
    typer.Option(
        "--release", metavar="YYYY-MM-DD", help="是否可在该日发布 · Whether it can be released on that day."
    ),
]


def lint(lang: LangOption, standard: StandardOption = None, release: Release = None) -> None:
    from conformance.cli.shared.inputs import day
    from conformance.cli.shared.voice import Voice
    from conformance.loader import release_problems, root

    voice = Voice(lang)
    found = list(_problems(root(standard)))
    found += release_problems(root(standard), day(release)) if release else []
    for problem in found:
        voice.line(f"{problem.place}: {voice.render(problem.message)}")
    voice.say("lint_total" if found else "lint_clean", count=len(found))
    raise typer.Exit(1 if found else 0)


def _problems(root: Path) -> "Sequence[Problem]":
    """What is wrong within the standard; where it is sound, with its examples and with its judges."""
    from conformance.authoring import orphans
    from conformance.loader import StandardErrors, load_standard
    from conformance.oracles.examples import check_examples

    try:
        standard = load_standard(root)
    except StandardErrors as errors:
        return errors.problems
    return (*check_examples(root, standard), *orphans(standard, *_judging(standard)))


def weave(lang: LangOption, check: Check = False, standard: StandardOption = None) -> None:
    from conformance.authoring import update
    from conformance.authoring import weave as bring_up_to_date
    from conformance.cli.shared.errors import Failure
    from conformance.cli.shared.voice import Voice
    from conformance.cli.standard.schemas import published_schemas
    from conformance.loader import is_bundle, load_standard, root

    voice, folder = Voice(lang), root(standard)
    if not check and is_bundle(folder):
        raise Failure("weave_installed", folder=str(folder))
    checks, mutants = _judging(load_standard(standard))
    stale = update(folder, published_schemas(), write=not check)
    stale += bring_up_to_date(folder, not check, checks=checks, mutants=mutants)
    for path in stale:
        voice.line(path)
    voice.say("weave_stale" if stale and check else "weave_done", count=len(stale))
    raise typer.Exit(1 if stale and check else 0)


def _judging(standard: "Standard") -> tuple["ByRequirement", "ByRequirement"]:
    """Names of checks and monitors, and names of mutants, each by requirement."""
    from conformance.cli.shared.one_run import judges
    from conformance.selftest.mutants import mutants

    checks, monitors = judges(standard)
    judging = [(check.requirement, check.name) for check in checks]
    judging += [(monitor.requirement, monitor.name) for monitor in monitors]
    return _by_requirement(judging), _by_requirement((m.requirement, m.name) for m in mutants())


def _by_requirement(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for requirement, name in pairs:
        found.setdefault(requirement, []).append(name)
    return {requirement: sorted(names) for requirement, names in sorted(found.items())}

"""`fcsp plan`: what a run would do, and why."""

from collections import Counter
from collections.abc import Iterable

from conformance.cli.shared.inputs import judgement_day, open_target
from conformance.cli.shared.judges import all_checks_and_monitors
from conformance.cli.shared.options import (
    DEFAULT_TARGET,
    AsOfOption,
    LangOption,
    SelectionArgument,
    SmokeOption,
    StandardOption,
    TargetOption,
)
from conformance.cli.shared.selection import selection_of
from conformance.cli.shared.voice import Voice
from conformance.model.run import Planned
from conformance.model.standard import Standard
from conformance.runner.planning import Settings, plan


def command(
    lang: LangOption,
    words: SelectionArgument = None,
    target_file: TargetOption = DEFAULT_TARGET,
    folder: StandardOption = None,
    as_of: AsOfOption = None,
    smoke: SmokeOption = False,
) -> None:
    standard, target = open_target(target_file, folder, as_of)
    settings = Settings(0, "plan", judgement_day(as_of, standard))
    selection = selection_of(words, standard, smoke=smoke)
    planned = plan(standard, target, *all_checks_and_monitors(standard), selection, settings=settings)
    _print_plan(planned.planned, standard, Voice(lang))


def _print_plan(planned: Iterable[Planned], standard: Standard, voice: Voice) -> None:
    """One line for each requirement: how many cases, or why none."""
    entries = tuple(planned)
    cases = Counter(entry.case.requirement for entry in entries if entry.verdict is None)
    decided = {entry.case.requirement: entry for entry in entries if entry.verdict}
    for id_ in dict.fromkeys(entry.case.requirement for entry in entries):
        entry = decided.get(id_)
        reason = f"{entry.verdict}: {voice.render(entry.why)}" if entry and entry.why else ""
        text = reason or standard.requirements[id_].sentence.in_(voice.lang)
        voice.line(f"{id_}  {cases[id_] or '-':>4}  {text}")
    voice.say("plan_total", cases=cases.total(), requirements=len(cases), decided=len(decided))

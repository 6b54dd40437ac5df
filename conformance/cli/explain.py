"""`fcsp explain`: what one requirement says and how to meet it, without a platform."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Annotated

import typer

from conformance.checks import collect
from conformance.cli.shared.errors import CommandError
from conformance.cli.shared.options import LangOption, StandardOption
from conformance.cli.shared.voice import Voice
from conformance.loader import load_standard
from conformance.model.standard import Requirement, Standard

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="argument_requirement")]


def command(lang: LangOption, id_: IdArgument, folder: StandardOption = None) -> None:
    standard, voice = load_standard(folder), Voice(lang)
    name = id_.partition("/")[0].upper()
    requirement = standard.requirements.get(name)
    if requirement is None:
        near = get_close_matches(name, standard.requirements, 3, 0.5)
        raise CommandError("unknown_requirement", id=id_, near=near or "-")
    checks = [check.name for check in collect() if check.requirement == name]
    for line in _lines(requirement, standard, checks, voice):
        voice.line(line)


def _lines(
    requirement: Requirement, standard: Standard, checks: Iterable[str], voice: Voice
) -> Iterator[str]:
    lang = voice.lang
    yield f"{requirement.id} ({voice.text(f'level_{requirement.level}')})"
    yield requirement.sentence.in_(lang)
    yield ""
    for clause in requirement.clauses:
        yield voice.text("explain_clause", id=clause, summary=standard.clauses[clause].summary.in_(lang))
    yield voice.text("explain_profiles", profiles=", ".join(requirement.profiles) or "-")
    if requirement.capability:
        yield voice.text("explain_capability", capability=requirement.capability)
    if requirement.applies_when:
        yield voice.text("explain_applies", expression=requirement.applies_when)
    for parameter in requirement.parameters.values():
        args = {"name": parameter.name, "value": parameter.value, "unit": parameter.unit}
        yield voice.text("explain_parameter", **args, rationale=parameter.rationale.in_(lang))
    yield voice.text(
        "explain_effective", since=requirement.effective_from, until=requirement.effective_until or "-"
    )
    yield voice.text("explain_checks", checks=", ".join(checks) or "-")
    if requirement.reason:
        yield voice.text(
            "explain_reason", verification=requirement.verification, reason=requirement.reason.in_(lang)
        )
    yield voice.text("explain_remediation", remediation=requirement.remediation.in_(lang))
    if requirement.note:
        yield voice.text("explain_note", note=requirement.note.in_(lang))

"""`fcsp list` and `fcsp explain`: what the standard says, without a platform."""

from difflib import get_close_matches
from typing import Annotated, Any

import typer

from conformance.cli.shared.options import LangOption, StandardOption


def register(app: typer.Typer) -> None:
    app.command("list", help="列出要求 · List the requirements.")(list_)
    app.command("explain", help="一项要求说的是什么、怎么改 · What a requirement says, and how to meet it.")(
        explain
    )


def list_(
    lang: LangOption,
    part: Annotated[
        str | None, typer.Argument(metavar="[PART]", help="部分 · Part, e.g. authorization or AUT.")
    ] = None,
    profiles: Annotated[bool, typer.Option("--profiles", help="列出类别 · List the profiles.")] = False,
    standard: StandardOption = None,
) -> None:
    from conformance.cli.shared.errors import Failure
    from conformance.cli.shared.voice import Voice
    from conformance.loader import load_standard

    loaded, voice = load_standard(standard), Voice(lang)
    if profiles:
        for profile in loaded.profiles.values():
            voice.line(f"{profile.id:<12} {profile.title.in_(lang)}")
        return
    found = [r for r in loaded.requirements.values() if part in {None, r.part, r.id[:3]}]
    if not found:
        known = sorted({r.part for r in loaded.requirements.values()})
        raise Failure("unknown_part", part=part, known=known)
    for requirement in found:
        level = voice.text(f"level_{requirement.level}")
        voice.line(f"{requirement.id}  {level:<6}  {requirement.sentence.in_(lang)}")


def explain(
    lang: LangOption,
    id_: Annotated[str, typer.Argument(metavar="ID", help="例如 · e.g. AUT-003")],
    standard: StandardOption = None,
) -> None:
    from conformance.checks import collect
    from conformance.cli.shared.errors import Failure
    from conformance.cli.shared.voice import Voice
    from conformance.loader import load_standard

    loaded, voice = load_standard(standard), Voice(lang)
    wanted = id_.partition("/")[0].upper()
    requirement = loaded.requirements.get(wanted)
    if requirement is None:
        near = get_close_matches(wanted, loaded.requirements, 3, 0.5)
        raise Failure("unknown_requirement", id=id_, near=near or "-")
    names = [check.name for check in collect() if check.requirement == wanted]
    for line in _explained(requirement, loaded, names, voice):
        voice.line(line)


def _explained(requirement: Any, standard: Any, checks: list[str], voice: Any) -> Any:
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
        shown = {"name": parameter.name, "value": parameter.value, "unit": parameter.unit}
        yield voice.text("explain_parameter", **shown, rationale=parameter.rationale.in_(lang))
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

"""Whether a requirement or a check can be judged at all, and if not, the verdict that says why."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from conformance.model.judgement import Check, Verdict
from conformance.model.standard import Requirement, Standard, Verification
from conformance.model.target import Target
from conformance.model.text import Message

Evaluate = Callable[[str, Mapping[str, Any]], bool]
"""Evaluates CEL."""
Decision = tuple[Verdict, Message]


def in_profile(standard: Standard, requirement: Requirement, profile: str) -> bool:
    """True if the requirement belongs to the profile or to one that it extends."""
    return not requirement.profiles or not _ancestry(standard, profile).isdisjoint(requirement.profiles)


def decide(
    standard: Standard, requirement: Requirement, target: Target, level: str, evaluate: Evaluate
) -> Decision | None:
    """The verdict, on the day of the standard, on a requirement that is not executed; else None."""
    as_of = standard.as_of
    if not _effective(requirement, as_of):
        return Verdict.NOT_EFFECTIVE, Message("runner.not_effective", _dates(requirement, as_of))
    if requirement.capability and requirement.capability not in target.capabilities:
        return Verdict.NOT_APPLICABLE, Message("runner.no_capability", {"capability": requirement.capability})
    variables = {"target": facts(standard, target, level)}
    if requirement.applies_when and not evaluate(requirement.applies_when, variables):
        return Verdict.NOT_APPLICABLE, Message(
            "runner.does_not_apply", {"condition": requirement.applies_when}
        )
    if requirement.verification is not Verification.TEST:
        arguments = {"verification": requirement.verification.value, "reason": requirement.reason}
        return Verdict.MANUAL, Message("runner.manual", arguments)
    return None


def facts(standard: Standard, target: Target, level: str) -> dict[str, Any]:
    """Variables of `applies_when`: the target, and what the checklist is there on the day of the run."""
    return {
        "environment": target.environment,
        "level": level,
        "division": target.division,
        "capabilities": list(target.capabilities),
        "profile": target.profile,
        "overlay": standard.checklists.extended(target.division),
        "next_checklist": standard.next_checklist is not None,
        "transition": standard.in_transition,
    }


def unmet(check: Check, standard: Standard, target: Target) -> Decision | None:
    """The first need of a check that the target does not meet; an unknown need is an error of the check."""
    for need in check.needs:
        if not _met(need, check, standard, target):
            return Verdict.NOT_VERIFIED, Message("runner.unmet_need", {"need": need})
    return None


def _met(need: str, check: Check, standard: Standard, target: Target) -> bool:
    kind, _, name = need.partition(".")
    match kind:
        case "clients":
            return name in target.clients
        case "institutions":
            return len(target.institution_keys) >= int(name or 1)
        case "subjects":
            return bool(target.issuer)
        case "provisioning":
            return target.provisioning == name
    if need in standard.api.operations:
        return True
    if need in {requirement.capability for requirement in standard.requirements.values()}:
        return need in target.capabilities
    raise ValueError(
        f"{check.requirement}/{check.name} needs {need!r}, which is no entry, operation or capability"
    )


def _effective(requirement: Requirement, as_of: date) -> bool:
    until = requirement.effective_until
    return requirement.effective_from <= as_of and (until is None or as_of <= until)


def _dates(requirement: Requirement, as_of: date) -> dict[str, Any]:
    until = requirement.effective_until
    return {
        "from": requirement.effective_from.isoformat(),
        "until": until.isoformat() if until else "-",
        "as_of": as_of.isoformat(),
    }


def _ancestry(standard: Standard, profile: str) -> set[str]:
    """The profile and all that it extends."""
    names, remaining = set(), [profile]
    while remaining:
        name = remaining.pop()
        if name not in names:
            names.add(name)
            remaining += standard.profiles[name].extends
    return names

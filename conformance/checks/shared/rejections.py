"""Rejections of records that are wrong in one way each, with the reasons that the platform states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance import expect
from conformance.actors import Network
from conformance.actors.subject import Subject
from conformance.expect import NotVerified, Violation
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Reply
from conformance.synth.records import Invalid

OF_THE_HOLDER = frozenset({"missing_required", "additional_member", "condition", "null"})
"""Kinds of faults whose reason may point at the member or at the object that holds it."""


def rejection_failures(
    network: Network, item: Item, subject: Subject, wrong: Sequence[Invalid]
) -> Iterator[tuple[Invalid, Violation]]:
    """The violations in the outcomes of one delivery of invalid records, each with its record."""
    control = network.provider.record(item, network.subject(item.subject_types[0]))
    batch = [network.provider.envelope(item, subject, candidate.content) for candidate in wrong]

    delivery = network.provider.deliver(control, *batch)

    # The control first: to name a record by another index than its own is what this is about, too.
    if delivery.outcome(0).get("outcome") != "accepted":
        raise NotVerified(Message("checks.prerequisite_not_accepted", {"item": item.code}))
    for index, candidate in enumerate(wrong, start=1):
        try:
            require_rejection(network.ctx, item, delivery.outcome(index), candidate, delivery.reply)
        except Violation as violation:
            yield candidate, violation


def one_violation(failures: Sequence[tuple[Invalid, Violation]]) -> Violation:
    """The first violation, with all others listed in it: one fault of a platform shows in many records."""
    first, violation = failures[0]
    faults = tuple(f"{one.kind} {one.pointer}" for one, _ in failures)
    values = {"first": violation.finding.message, "kind": first.kind, "pointer": first.pointer}
    values |= {"count": len(failures), "all": faults}
    return Violation(replace(violation.finding, message=Message("checks.invalid_records", values)))


def require_rejection(
    ctx: Context, item: Item, outcome: Mapping[str, Any], wrong: Invalid, reply: Reply
) -> None:
    """The record is rejected, with a registered reason that points at its fault."""
    where = f"reply.body/outcomes/{outcome.get('index')}"
    status = outcome.get("outcome")
    expect.equal(status, "rejected", f"{where}/outcome ({wrong.kind} {wrong.pointer})", reply)
    reasons = reasons_in(outcome, where, reply)
    for reason in reasons:
        registered = ctx.standard.codes["rejection_reason"].codes
        expect.contains(registered, reason.get("code"), f"{where}/reasons", reply)
    right = acceptable_pointers(item, wrong)
    has_pointer = any(
        points_at(reason.get("pointer"), right) or names_rule(reason, wrong) for reason in reasons
    )
    message = Message("checks.not_pointed", {"pointer": sorted(right)})
    expect.true(has_pointer, message, where=f"{where}/reasons", reply=reply, actual=reasons)


def reasons_in(outcome: Mapping[str, Any], where: str, reply: Reply) -> list[Mapping[str, Any]]:
    """The reasons of an outcome. Raises Violation where they are not a list of objects."""
    reasons = outcome.get("reasons")
    listed = isinstance(reasons, list) and all(isinstance(reason, dict) for reason in reasons)
    expect.true(listed, Message("checks.empty", {"where": where}), where=f"{where}/reasons", reply=reply)
    return list(reasons or ())


def names_rule(reason: Mapping[str, Any], wrong: Invalid) -> bool:
    """True if a reason names the broken cross-field rule by its id."""
    return wrong.rule is not None and reason.get("rule") == wrong.rule


def acceptable_pointers(item: Item, wrong: Invalid) -> frozenset[str]:
    """JSON pointers (RFC 6901) to the member at fault, members of a broken rule, or the holding object."""
    rules = {rule.id: rule.fields for rule in item.rules}
    members = {wrong.pointer, *(f"/{name}" for name in rules.get(wrong.rule or "", ()))}
    holders = {m.rpartition("/")[0] for m in members if wrong.rule or wrong.kind in OF_THE_HOLDER}
    return frozenset(f"/content{pointer}" for pointer in members | holders)


def points_at(pointer: Any, targets: frozenset[str]) -> bool:
    """True if a pointer leads to a target, or below one other than the whole content."""
    return isinstance(pointer, str) and (
        pointer in targets or any(pointer.startswith(f"{target}/") for target in targets - {"/content"})
    )

"""Whether a platform refuses records that are wrong in one way each, and says why."""

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
"""Faults that may be told of the member itself or of the object that holds it."""


def rejected(
    network: Network, item: Item, subject: Subject, wrong: Sequence[Invalid]
) -> Iterator[tuple[Invalid, Violation]]:
    """What is wrong with the outcomes of one delivery of invalid records."""
    control = network.provider.record(item, network.subject(item.subject_types[0]))
    batch = [network.provider.envelope(item, subject, candidate.content) for candidate in wrong]

    delivery = network.provider.deliver(control, *batch)

    # The control first: to name a record by another index than its own is what this is about, too.
    if delivery.outcome(0).get("outcome") != "accepted":
        raise NotVerified(Message("checks.prerequisite_not_accepted", {"item": item.code}))
    for index, candidate in enumerate(wrong, start=1):
        try:
            judge_rejection(network.ctx, item, delivery.outcome(index), candidate, delivery.reply)
        except Violation as violation:
            yield candidate, violation


def with_others(failures: Sequence[tuple[Invalid, Violation]]) -> Violation:
    """The first, which also tells of the others: one fault of a platform shows in many records."""
    first, violation = failures[0]
    faults = tuple(f"{one.kind} {one.pointer}" for one, _ in failures)
    values = {"first": violation.finding.message, "kind": first.kind, "pointer": first.pointer}
    values |= {"count": len(failures), "all": faults}
    return Violation(replace(violation.finding, message=Message("checks.invalid_records", values)))


def judge_rejection(
    ctx: Context, item: Item, outcome: Mapping[str, Any], wrong: Invalid, reply: Reply
) -> None:
    """Rejected, with a registered reason that points at what is wrong."""
    where = f"reply.body/outcomes/{outcome.get('index')}"
    status = outcome.get("outcome")
    expect.equal(status, "rejected", f"{where}/outcome ({wrong.kind} {wrong.pointer})", reply)
    reasons = reasons_of(outcome, where, reply)
    for reason in reasons:
        registered = ctx.standard.codes["rejection_reason"].codes
        expect.contains(registered, reason.get("code"), f"{where}/reasons", reply)
    right = right_pointers(item, wrong)
    has_pointer = any(points_at(reason.get("pointer"), right) or of_rule(reason, wrong) for reason in reasons)
    message = Message("checks.not_pointed", {"pointer": sorted(right)})
    expect.true(has_pointer, message, where=f"{where}/reasons", reply=reply, actual=reasons)


def reasons_of(outcome: Mapping[str, Any], where: str, reply: Reply) -> list[Mapping[str, Any]]:
    reasons = outcome.get("reasons")
    listed = isinstance(reasons, list) and all(isinstance(reason, dict) for reason in reasons)
    expect.true(listed, Message("checks.empty", {"where": where}), where=f"{where}/reasons", reply=reply)
    return list(reasons or ())


def of_rule(reason: Mapping[str, Any], wrong: Invalid) -> bool:
    """A broken rule may be told by its id."""
    return wrong.rule is not None and reason.get("rule") == wrong.rule


def right_pointers(item: Item, wrong: Invalid) -> frozenset[str]:
    """The member at fault, any member of a broken rule, or the object that lacks or should lack a member."""
    rules = {rule.id: rule.fields for rule in item.rules}
    members = {wrong.pointer, *(f"/{name}" for name in rules.get(wrong.rule or "", ()))}
    holders = {m.rpartition("/")[0] for m in members if wrong.rule or wrong.kind in OF_THE_HOLDER}
    return frozenset(f"/content{pointer}" for pointer in members | holders)


def points_at(found: Any, right: frozenset[str]) -> bool:
    """At one of the places, or below one that is no holder of everything."""
    return isinstance(found, str) and (
        found in right or any(found.startswith(f"{pointer}/") for pointer in right - {"/content"})
    )

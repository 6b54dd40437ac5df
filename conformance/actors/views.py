"""One record before one audience: the scene that the disclosure checks look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance import expect
from conformance.actors.actor import preparing
from conformance.actors.authorizations import Grant
from conformance.actors.network import Cast
from conformance.actors.subject import Subject
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.wire import Credential, Reply
from conformance.oracles.disclosure import ExpectedField, view
from conformance.synth.content import ADDS

CURRENCY = "CNY"
SUBJECT = "subject"
"""The audience that asks about itself."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A stored record, who looks at it, and under which authorizations."""

    cast: Cast
    item: Item
    subject: Subject
    viewer: Credential
    audience: str
    content: Mapping[str, Any]
    grants: tuple[Grant, ...] = ()
    persons: frozenset[str] = field(default_factory=frozenset)

    @property
    def authorized(self) -> bool:
        return bool(self.grants)

    def ask(self) -> Reply:
        purpose = "self_inquiry" if self.audience == SUBJECT else "pre_loan"
        return self.cast.ask(self.viewer, self.subject, (self.item,), self.grants, purpose)

    def record_of(self, reply: Reply) -> Mapping[str, Any]:
        """The disclosed fields; empty when the item stays closed to this audience."""
        with preparing("query"):
            expect.status(reply, 200)
            result = expect.at(reply, "/results/0", dict)
            if result.get("status") == "not_authorized":
                return {}
            expect.equal(result.get("status"), "ok", "reply.body/results/0/status", reply)
            count = len(expect.at(reply, "/results/0/records", list))
            expect.equal(count, 1, "reply.body/results/0/records (count)", reply)
            return expect.at(reply, "/results/0/records/0/fields", dict)


def telling_amounts(ctx: Context, item: Item) -> dict[str, str]:
    """Amounts that no reply holds by chance, each its own: one lawfully shown must not excuse another.

    Those that a rule compares are the same, so that it holds. Where a rule adds amounts up, its first one
    follows from the others and is left to them.
    """
    amounts = {field.name: telling_amount(ctx) for field in item.fields if field.unit == CURRENCY}
    for rule in item.rules:
        if ADDS.search(rule.expression):
            amounts.pop(rule.fields[0], None)
            continue
        compared = [amounts[name] for name in rule.fields if name in amounts]
        amounts = {name: compared[0] if one in compared else one for name, one in amounts.items()}
    return amounts


def telling_amount(ctx: Context) -> str:
    random = ctx.world.random
    return f"{random.randrange(10**8, 10**9)}.{random.randrange(10, 100)}"


def expected_view(ctx: Context, scene: Scene) -> Mapping[str, ExpectedField]:
    """What the standard lets this audience see of this record."""
    return view(
        ctx.standard,
        scene.item,
        scene.content,
        scene.subject.type,
        scene.audience,
        scene.authorized,
        scene.persons,
    )

"""Judging a disclosure scene: every item from every viewpoint, and all deviations reported at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance import expect
from conformance.actors import preparing
from conformance.actors.audiences import missing_audiences
from conformance.actors.disclosure_scene import DisclosureScene, Entitlement, Viewpoint, set_scene
from conformance.checks.shared.assertions import form_of
from conformance.expect import NotVerified, Violation
from conformance.model.context import Context
from conformance.model.judgement import Finding
from conformance.model.shapes import Field, Form, Item
from conformance.model.text import Message
from conformance.model.wire import Reply
from conformance.oracles.disclosure import ExpectedField
from conformance.oracles.leaks import LeakSearch

VERIFIED = "verify"
DERIVED = (Form.MASKED, Form.BUCKET)
MOST_NAMED = 12
"""Deviations that a finding names; more of them add nothing."""
CLOSED = "not_authorized"


@dataclass(frozen=True, slots=True)
class ObservedField:
    """One field of one item, as a reply shows it from one viewpoint."""

    viewpoint: Viewpoint
    item: Item
    field: Field
    expected: ExpectedField
    actual: Any
    """As the reply shows it; None where it does not."""
    where: str
    reply: Reply

    @property
    def reclassified(self) -> bool:
        """True if the record or the type of its subject made the sensitivity class another one."""
        return self.expected.sensitivity != self.field.sensitivity

    @property
    def form(self) -> Any:
        """The form in which the reply discloses the field."""
        return form_of({self.field.name: self.actual}, self.field.name)

    def __str__(self) -> str:
        return f"{self.item.code} {self.field.name} ({self.viewpoint.audience}, {self.viewpoint.entitlement})"


def items_with_records(
    ctx: Context, subject_type: str, suits: Callable[[Item], bool] = lambda _: True
) -> list[Item]:
    """Suitable items of the subject type of which a query discloses records."""
    return [
        item
        for item in ctx.standard.checklist.items
        if subject_type in item.subject_types and item.collection_mode != VERIFIED and suits(item)
    ]


def scene_of(
    ctx: Context, subject_type: str, suits: Callable[[Item], bool] = lambda _: True
) -> DisclosureScene:
    """A stored record of each suitable item about one subject. Raises NotVerified where no item suits."""
    items = items_with_records(ctx, subject_type, suits)
    if not items:
        raise NotVerified(Message("checks.no_such_item", {"kind": subject_type}))
    return set_scene(ctx, subject_type, items)


def observed_fields(
    scene: DisclosureScene, *entitlements: Entitlement, audiences: Iterable[str] = ()
) -> Iterator[ObservedField]:
    """Every field of every item from each viewpoint, disclosed or not."""
    for viewpoint in scene.viewpoints(*entitlements, audiences=audiences):
        yield from fields_in(scene, viewpoint, scene.ask(viewpoint))


def fields_in(scene: DisclosureScene, viewpoint: Viewpoint, reply: Reply) -> Iterator[ObservedField]:
    """Every field of every item in one reply."""
    for n, item in enumerate(scene.items):
        fields = disclosed(reply, n)
        for name, expected in scene.expected(viewpoint, item).items():
            where = f"reply.body/results/{n}/records/0/fields/{name}"
            yield ObservedField(viewpoint, item, item.field(name), expected, fields.get(name), where, reply)


def disclosed(reply: Reply, n: int) -> Mapping[str, Any]:
    """The fields of the only record of the n-th result; empty where the item is not authorized."""
    with preparing("query"):
        expect.status(reply, 200)
        result = expect.at(reply, f"/results/{n}", dict)
        if result.get("status") == CLOSED:
            return {}
        expect.equal(result.get("status"), "ok", f"reply.body/results/{n}/status", reply)
        count = len(expect.at(reply, f"/results/{n}/records", list))
        expect.equal(count, 1, f"reply.body/results/{n}/records (count)", reply)
        return expect.at(reply, f"/results/{n}/records/0/fields", dict)


def require_all(observations: Iterable[ObservedField], is_right: Callable[[ObservedField], bool]) -> None:
    """Every observation is right. Raises one Violation that names all that are not."""
    wrong = [observed for observed in observations if not is_right(observed)]
    if not wrong:
        return
    first = wrong[0]
    expected = {"form": str(Form.WITHHELD)} if first.expected.form is Form.WITHHELD else first.expected.shown
    values = {
        "item": first.item.code,
        "field": first.field.name,
        "audience": first.viewpoint.audience,
        "state": str(first.viewpoint.entitlement),
        "expected": str(first.expected.form),
        "actual": str(first.form),
        "others": ", ".join(dict.fromkeys(map(str, wrong[1:MOST_NAMED]))) or "-",
        "count": len(wrong),
    }
    message = Message("checks.view_deviates", values)
    step = first.reply.step or None
    raise Violation(Finding(message, step, first.where, expected, first.actual))


def require_all_reached(ctx: Context, scene: DisclosureScene) -> None:
    """Nothing was left out. Raises NotVerified for an item without source or an audience without client."""
    if scene.unavailable:
        raise scene.unavailable[0]
    audiences = missing_audiences(ctx.standard, ctx.target)
    if audiences:
        raise NotVerified(Message("checks.audience_missing", {"audiences": list(audiences)}))


def require_no_leak(
    reply: Reply, hidden_values: Mapping[str, str], allowed: Iterable[str] = (), before: str = ""
) -> None:
    """The reply holds none of the hidden values in any encoding; what may be known anyway does not count."""
    for leak in LeakSearch(hidden_values, tuple(allowed)).reply(reply):
        value = f"{leak.name} ({before})" if before else leak.name
        message = Message("checks.leaked", {"where": leak.where, "encoding": leak.encoding, "value": value})
        expect.true(condition=False, message=message, where=leak.where, reply=reply)

"""How an exhibition is judged: every look at every item, and all deviations told at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance import expect
from conformance.actors import preparing
from conformance.actors.disclosure_scene import Exhibition, Look, State, exhibit, missing_audiences
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
SHOWN = 12
"""Deviations that a finding names; more of them say nothing new."""
CLOSED = "not_authorized"


@dataclass(frozen=True, slots=True)
class Glance:
    """One field of one item, as one look saw it."""

    look: Look
    item: Item
    field: Field
    wanted: ExpectedField
    actual: Any
    """As the reply shows it; None where it does not."""
    where: str
    reply: Reply

    @property
    def changed(self) -> bool:
        """The record itself or the type of its subject made the class another one."""
        return self.wanted.sensitivity != self.field.sensitivity

    @property
    def form(self) -> Any:
        return form_of({self.field.name: self.actual}, self.field.name)

    def __str__(self) -> str:
        return f"{self.item.code} {self.field.name} ({self.look.audience}, {self.look.state})"


def recorded(ctx: Context, subject_type: str, wanted: Callable[[Item], bool] = lambda _: True) -> list[Item]:
    """Items of this subject type of which a query gives records."""
    return [
        item
        for item in ctx.standard.checklist.items
        if subject_type in item.subject_types and item.collection_mode != VERIFIED and wanted(item)
    ]


def exhibition(
    ctx: Context, subject_type: str, wanted: Callable[[Item], bool] = lambda _: True
) -> Exhibition:
    items = recorded(ctx, subject_type, wanted)
    if not items:
        raise NotVerified(Message("checks.no_such_item", {"kind": subject_type}))
    return exhibit(ctx, subject_type, items)


def glances(shown: Exhibition, *states: State, audiences: Iterable[str] = ()) -> Iterator[Glance]:
    """Every field that some look has seen, and every field that it has not."""
    for look in shown.looks(*states, audiences=audiences):
        yield from seen(shown, look, shown.ask(look))


def seen(shown: Exhibition, look: Look, reply: Reply) -> Iterator[Glance]:
    """Every field of every item in one reply."""
    for n, item in enumerate(shown.items):
        fields = disclosed(reply, n)
        wanted = shown.expected(look, item)
        for name, field in wanted.items():
            where = f"reply.body/results/{n}/records/0/fields/{name}"
            yield Glance(look, item, item.field(name), field, fields.get(name), where, reply)


def disclosed(reply: Reply, n: int) -> Mapping[str, Any]:
    """The fields of the only record of a result; none where the item stays closed to whoever asks."""
    with preparing("query"):
        expect.status(reply, 200)
        result = expect.at(reply, f"/results/{n}", dict)
        if result.get("status") == CLOSED:
            return {}
        expect.equal(result.get("status"), "ok", f"reply.body/results/{n}/status", reply)
        count = len(expect.at(reply, f"/results/{n}/records", list))
        expect.equal(count, 1, f"reply.body/results/{n}/records (count)", reply)
        return expect.at(reply, f"/results/{n}/records/0/fields", dict)


def all_of(found: Iterable[Glance], right: Callable[[Glance], bool]) -> None:
    """Everything that was looked at is right; the violation names all that is not."""
    wrong = [glance for glance in found if not right(glance)]
    if not wrong:
        return
    first = wrong[0]
    expected = {"form": str(Form.WITHHELD)} if first.wanted.form is Form.WITHHELD else first.wanted.shown
    values = {
        "item": first.item.code,
        "field": first.field.name,
        "audience": first.look.audience,
        "state": str(first.look.state),
        "expected": str(first.wanted.form),
        "actual": str(first.form),
        "others": ", ".join(dict.fromkeys(map(str, wrong[1:SHOWN]))) or "-",
        "count": len(wrong),
    }
    message = Message("checks.view_deviates", values)
    step = first.reply.step or None
    raise Violation(Finding(message, step, first.where, expected, first.actual))


def all_reached(ctx: Context, shown: Exhibition) -> None:
    """What was judged holds; an audience that nobody can play, or an item without its source, was not."""
    if shown.missing:
        raise shown.missing[0]
    missing = missing_audiences(ctx.standard, ctx.target)
    if missing:
        raise NotVerified(Message("checks.audience_missing", {"audiences": list(missing)}))


def nothing_leaks(
    reply: Reply, hidden: Mapping[str, str], allowed: Iterable[str] = (), before: str = ""
) -> None:
    """None of the hidden values is in the reply, in no encoding; what may be known anyway does not count."""
    for leak in LeakSearch(hidden, tuple(allowed)).reply(reply):
        named = f"{leak.name} ({before})" if before else leak.name
        message = Message("checks.leaked", {"where": leak.where, "encoding": leak.encoding, "value": named})
        expect.true(condition=False, message=message, where=leak.where, reply=reply)

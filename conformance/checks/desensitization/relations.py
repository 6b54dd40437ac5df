"""What one reply means for another: repeated questions, revocation, withheld values, equal values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance import expect
from conformance.actors import Cast, Subject, prepared
from conformance.actors.exhibition import Exhibition, Look, State, exhibit
from conformance.actors.records import identity_of, takes
from conformance.checks.choice import is_collected
from conformance.checks.desensitization.values import token_of
from conformance.checks.desensitization.views import DERIVED, disclosed
from conformance.checks.expansions import SEPARATOR, tokenized
from conformance.checks.judging import RECORD, results
from conformance.expect import NotVerified
from conformance.model.check import verifies
from conformance.model.context import Context
from conformance.model.shapes import Form, Item
from conformance.model.text import Message
from conformance.model.wire import Reply
from conformance.oracles.disclosure import view
from conformance.oracles.validate import item_validator
from conformance.synth.identities import resident_check

BANK, HUB = "financial_institution", "hub"
TIMES = 5
MOVING = frozenset({"record_version", "as_of", "collected_at"})
MECHANICAL = frozenset({"date", "content-length", "etag", "x-request-id", "age", "expires", "last-modified"})
"""Headers that tell of the reply as a whole, and change with its identifier and its moment."""


@verifies("DES-010")
def same_question_gets_the_same_answer(ctx: Context) -> None:
    raised = ctx.standard.desensitization.raised_by_subject.items()
    judged = {sensitivity for pair in raised for sensitivity in pair}
    items = [item for item in open_items(ctx) if any(f.sensitivity in judged for f in item.fields)]
    shown = exhibit(ctx, "enterprise", items[:2])

    for look in shown.looks(State.NONE, audiences=(BANK, HUB)):
        first, *later = [answers(shown, look, items[:2] if n % 2 else items[1::-1]) for n in range(TIMES)]
        derived(shown, look)
        for reply, fields in later:
            for code, wanted in first[1].items():
                expect.equal(fields.get(code), wanted, f"reply.body/results ({code})", reply)


def open_items(ctx: Context) -> list[Item]:
    """Items of enterprises that an institution sees without authorization."""
    return [
        item
        for item in ctx.standard.checklist.items
        if item.disclosure != "authorized" and "enterprise" in item.subject_types and is_collected(item)
    ]


def answers(shown: Exhibition, look: Look, items: list[Item]) -> tuple[Reply, Mapping[str, Any]]:
    """The fields of each item, in whatever order they were asked for."""
    reply = shown.ask(look, *items)
    return reply, {item.code: dict(disclosed(reply, n)) for n, item in enumerate(items)}


def derived(shown: Exhibition, look: Look) -> None:
    """Something has to be shown in another form than its own, or repeating it says nothing."""
    forms = {field.form for item in shown.items for field in shown.expected(look, item).values()}
    if not forms & {*DERIVED, Form.TOKEN}:
        raise NotVerified(Message("checks.nothing_derived", {"fields": [i.code for i in shown.items]}))


@verifies("DES-011")
def revocation_restores_what_was_seen_before(ctx: Context) -> None:
    limit = ctx.standard.parameter("AUT-003", "revocation_effect_seconds")
    secret = ctx.standard.desensitization.raised_by_subject
    items = [item for item in open_items(ctx) if any(f.sensitivity in secret for f in item.fields)]
    shown = exhibit(ctx, "enterprise", items[:1])
    before, opened = list(shown.looks(State.NONE, State.AUTHORIZED, audiences=(BANK,)))
    _, closed_fields = answers(shown, before, list(shown.items))
    _, open_fields = answers(shown, opened, list(shown.items))
    if closed_fields == open_fields:
        raise NotVerified(Message("checks.control_not_raw"))

    prepared(shown.cast.revoke(shown.subject, opened.cited[0].id), "authorization", 200)
    after: list[tuple[Reply, Mapping[str, Any]]] = []

    def restored() -> bool | None:
        after.append(answers(shown, opened, list(shown.items)))
        return True if expect.same(after[-1][1], closed_fields) else None

    if ctx.wait_until(restored, float(limit.value)) is None:
        reply, fields = after[-1]
        expect.equal(fields, closed_fields, "reply.body/results", reply)


@verifies("DES-012")
def reply_is_blind_to_what_it_withholds(ctx: Context) -> None:
    cast = Cast(ctx, fresh=True)
    item, subject = blinded(ctx), cast.subject()
    first, second = pair(cast, item, subject)
    cast.accepted(cast.deliver(item, first), item)
    cast.accepted(cast.deliver(item, second), item)
    bank = cast.institution()
    before = cast.ask(bank.token, subject, (item,))

    names = withheld(ctx, item, subject, first, second)
    swapped = [exchanged(one, other, names) for one, other in ((first, second), (second, first))]
    for record in swapped:
        cast.accepted(cast.deliver(item, record), item)
    after = cast.ask(bank.token, subject, (item,))

    if len(results(before)[0].get("records", ())) != 2:
        raise NotVerified(Message("checks.no_such_record", {"item": item.code}))
    expect.equal(still(after), still(before), "reply.body/results/0/records", after)
    expect.equal(lasting(after), lasting(before), "reply.headers", after)


def blinded(ctx: Context) -> Item:
    """An open item with fields that an institution is not shown."""
    rules = ctx.standard.desensitization
    personal = sorted(rules.personal - {rules.never_disclosed})
    for item in open_items(ctx):
        if item.key and any(f.sensitivity in personal and f.name not in item.key for f in item.fields):
            return item
    raise NotVerified(Message("checks.no_such_item", {"kind": personal[0]}))


def pair(cast: Cast, item: Item, subject: Subject) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two records that differ in their key and in what is withheld."""
    made: list[dict[str, Any]] = []
    for _ in range(50):
        person = cast.subject("natural_person")
        fixed: dict[str, Any] = {}
        for name in {f.person.identified_by for f in item.fields if f.person}:
            if name and takes(item.field(name), person):
                fixed |= identity_of(item, name, person)
        record = cast.record(item, subject, fixed, optional=True)
        broken = item_validator(item)(record["content"])
        same_key = made and all(made[0]["content"].get(n) == record["content"].get(n) for n in item.key)
        if not broken and not same_key:
            made.append(record)
        if len(made) == 2:
            return made[0], made[1]
    raise NotVerified(Message("checks.no_such_record", {"item": item.code}))


def withheld(ctx: Context, item: Item, subject: Subject, *records: dict[str, Any]) -> list[str]:
    """The fields that an institution is not shown in any of the records."""
    views = [view(ctx.standard, item, r["content"], subject.type, BANK, False, ()) for r in records]
    return [
        field.name
        for field in item.fields
        if field.name not in item.key and all(name_is_withheld(v, field.name) for v in views)
    ]


def name_is_withheld(shown: Mapping[str, Any], name: str) -> bool:
    return name in shown and shown[name].form is Form.WITHHELD


def exchanged(one: Mapping[str, Any], other: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The next version of a record, with what is withheld taken from the other."""
    content = {**one["content"], **{name: other["content"][name] for name in names}}
    return {**one, "record_version": 2, "operation": "update", "content": content}


def still(reply: Reply) -> list[Any]:
    """The records of a reply without what a new version changes lawfully."""
    records = results(reply)[0].get("records", ())
    return [{name: value for name, value in record.items() if name not in MOVING} for record in records]


def lasting(reply: Reply) -> list[list[str]]:
    return [[name, value] for name, value in sorted(reply.headers) if name not in MECHANICAL]


@verifies("DES-013", expand=tokenized)
def tokens_are_equal_for_equal_values_only(ctx: Context) -> None:
    cast = Cast(ctx)
    code, name = ctx.case.parameter.split(SEPARATOR)
    item, person = ctx.standard.checklist.item(code), cast.subject("natural_person")
    if not takes(item.field(name), person):
        raise NotVerified(Message("checks.no_such_item", {"kind": "resident_id"}))
    people = (person, person, replace(person, value=ctx.plant(neighbor(person.value))))
    companies = [named_by(cast, item, name, one) for one in people]

    replies = [cast.ask(cast.client(HUB), one, (item,), purpose="supervision") for one in companies]

    tokens, where = [token_of(reply, name) for reply in replies], f"reply.body{RECORD}/fields/{name}/value"
    expect.equal(tokens[1], tokens[0], where, replies[1])
    differs = tokens[2] != tokens[0]
    expect.true(differs, Message("checks.coarse_token"), where=where, reply=replies[2])


def neighbor(value: str) -> str:
    """Another identity number of the same place and day of birth."""
    body = value[:14] + f"{(int(value[14:17]) + 1) % 1000:03d}"
    return body + resident_check(body)


def named_by(cast: Cast, item: Item, name: str, person: Subject) -> Subject:
    """A company of its own that names this person."""
    company = cast.subject()
    cast.stored(item, company, identity_of(item, name, person))
    return company

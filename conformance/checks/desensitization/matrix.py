"""The disclosure matrix before every audience: the form of each field, and that hidden values stay hidden."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conformance import expect
from conformance.actors import Cast, Subject
from conformance.actors.exhibition import Exhibition, State, claimed, exhibit_record
from conformance.actors.records import distinctive
from conformance.checks.choice import public
from conformance.checks.desensitization.views import (
    DERIVED,
    Glance,
    all_of,
    all_reached,
    disclosed,
    exhibition,
    glances,
    nothing_leaks,
    seen,
)
from conformance.checks.expansions import person_like, restless_items, shared_out, sharing_types, shown_types
from conformance.checks.judging import results
from conformance.expect import NotVerified
from conformance.model.check import verifies
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Reply
from conformance.oracles.cel import Expression
from conformance.oracles.disclosure import sensitive_values

MOST_TRIES = 400
FEW = ("financial_institution", "hub", "public")
"""Audiences between which the matrix differs most."""


@verifies("DES-001", expand=shown_types)
def fields_take_the_form_of_the_matrix(ctx: Context) -> None:
    shown = exhibition(ctx, ctx.case.parameter)
    found: list[Glance] = []

    for look in shown.looks():
        reply = shown.ask(look)
        nothing_undeclared(shown, reply)
        # What the record or the type of its subject made of a class is judged under DES-004 and DES-007.
        found += (glance for glance in seen(shown, look, reply) if not glance.changed)

    all_of(found, lambda glance: bool(glance.form == glance.wanted.form))
    all_reached(ctx, shown)


def nothing_undeclared(shown: Exhibition, reply: Reply) -> None:
    """The reply has no field that the record did not have."""
    for n, item in enumerate(shown.items):
        for name in disclosed(reply, n):
            where = f"reply.body/results/{n}/records/0/fields"
            expect.contains(shown.contents[item.code], name, where, reply)


@verifies("DES-002", expand=sharing_types)
def hidden_values_appear_nowhere_in_the_reply(ctx: Context) -> None:
    shown = exhibition(ctx, ctx.case.parameter, in_share(ctx))
    telling = {item.code: distinctive(item, shown.contents[item.code]) for item in shown.items}

    for look in shown.looks():
        reply = shown.ask(look)
        hidden: dict[str, str] = {}
        lawful = {shown.subject.value, shown.subject.name}
        for item in shown.items:
            secret, open_ = sensitive_values(shown.expected(look, item), shown.contents[item.code])
            # A day or a small number is found in any reply by chance; finding it would prove nothing.
            hidden |= {f"{item.code} {n}": secret[n] for n in telling[item.code] if n in secret}
            lawful |= open_
        nothing_leaks(reply, hidden, lawful, f"{look.audience}, {look.state}")


def in_share(ctx: Context) -> Callable[[Item], bool]:
    """The items that are looked at under the subject type of the case."""
    codes = shared_out(ctx.standard)[ctx.case.parameter]
    return lambda item: item.code in codes


@verifies("DES-003", expand=sharing_types)
def derived_values_follow_the_rules(ctx: Context) -> None:
    shown = exhibition(ctx, ctx.case.parameter, in_share(ctx))

    derived = [glance for glance in glances(shown) if glance.wanted.form in DERIVED]
    judged = [glance for glance in derived if glance.form == glance.wanted.form]

    if derived and not judged:
        raise NotVerified(Message("checks.nothing_derived", {"fields": sorted(map(str, derived))}))
    all_of(judged, lambda glance: glance.wanted.accepts(glance.actual))


@verifies("DES-004", expand=restless_items)
def class_is_decided_for_each_record(ctx: Context) -> None:
    item = ctx.standard.checklist.item(ctx.case.parameter)
    found: list[Glance] = []

    for subject, record in both_ways(ctx, item):
        shown = exhibit_record(ctx, item, subject, record)
        restless = {field.name for field in item.fields if field.class_when}
        few = [name for name in FEW if name in shown.reachable]
        found += (g for g in glances(shown, State.NONE, audiences=few) if g.field.name in restless)

    all_of(found, lambda glance: bool(glance.form == glance.wanted.form))


def both_ways(ctx: Context, item: Item) -> Iterator[tuple[Subject, dict[str, Any]]]:
    """Records in which, all together, each condition of each field once holds and once does not."""
    cast = Cast(ctx)
    missing = {(field.name, holds) for field in item.fields if field.class_when for holds in (True, False)}
    for _ in range(MOST_TRIES):
        if not missing:
            return
        subject = cast.subject(item.subject_types[0])
        record = cast.record(item, subject, optional=True)
        content = record["content"]
        met = {(field.name, opened(field.class_when, content)) for field in item.fields if field.class_when}
        if missing & met:
            missing -= met
            yield subject, record
    if missing:
        raise NotVerified(Message("checks.no_such_record", {"item": item.code}))


def opened(class_when: Any, content: Mapping[str, Any]) -> bool:
    return any(Expression(when.condition).evaluate({"record": content}) for when in class_when)


@verifies("DES-007", expand=person_like)
def person_like_subjects_keep_commercial_secrets(ctx: Context) -> None:
    secret = ctx.standard.desensitization.raised_by_subject

    def has_secrets(item: Item) -> bool:
        return any(field.sensitivity in secret for field in item.fields)

    shown = exhibition(ctx, ctx.case.parameter, has_secrets)
    raised = [g for g in glances(shown) if g.field.sensitivity in secret and g.changed]

    if not raised:
        raise NotVerified(Message("checks.no_such_record", {"item": "/".join(secret)}))
    all_of(raised, lambda glance: bool(glance.form == glance.wanted.form))


@verifies("DES-009", needs=("joint-modeling",))
def audience_without_a_cell_gets_no_record(ctx: Context) -> None:
    audience = next(iter(nameless(ctx)), "")
    item = public(ctx)
    shown = exhibition(ctx, "enterprise", lambda one: one is item)
    control = next(shown.looks(State.NONE, audiences=("financial_institution",)))
    for n, _ in enumerate(shown.items):
        disclosed(shown.ask(control), n)

    for look in shown.looks(State.NONE, State.FOREIGN, audiences=(audience,)):
        reply = shown.ask(look)
        for n, result in enumerate(results(reply)):
            where = f"reply.body/results/{n}"
            expect.equal(result.get("status"), "not_authorized", f"{where}/status", reply)
            expect.equal(result.get("records"), [], f"{where}/records", reply)


def nameless(ctx: Context) -> tuple[str, ...]:
    """Audiences that ask this platform and have no cell."""
    named = {audience for _, audience in ctx.standard.desensitization.cells}
    found = tuple(name for name in claimed(ctx.standard, ctx.target) if name not in named)
    if not found:
        raise NotVerified(Message("checks.audience_missing", {"audiences": []}))
    return found

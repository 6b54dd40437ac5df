"""The disclosure matrix before every audience: the form of each field, and that hidden values stay hidden."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conformance import expect
from conformance.actors import Network, Subject
from conformance.actors.audiences import claimed_audiences
from conformance.actors.disclosure_scene import DisclosureScene, Entitlement, set_scene_of_record
from conformance.actors.records import distinctive
from conformance.checks.desensitization.views import (
    DERIVED,
    ObservedField,
    disclosed,
    fields_in,
    observed_fields,
    require_all,
    require_all_reached,
    require_no_leak,
    scene_of,
)
from conformance.checks.shared.assertions import results
from conformance.checks.shared.items import public_item
from conformance.checks.shared.parameters import (
    dividing_subject_types,
    items_by_subject_type,
    items_with_conditional_class,
    listed_subject_types,
    person_like_types,
)
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Message
from conformance.model.wire import Reply
from conformance.oracles.cel import Expression
from conformance.oracles.disclosure import sensitive_values

MOST_TRIES = 400
FEW = ("financial_institution", "hub", "public")
"""Audiences between which the matrix differs most."""


@verifies("DES-001", expand=listed_subject_types)
def fields_take_the_form_of_the_matrix(ctx: Context) -> None:
    scene = scene_of(ctx, ctx.case.parameter)
    observations: list[ObservedField] = []

    for viewpoint in scene.viewpoints():
        reply = scene.ask(viewpoint)
        require_declared_fields(scene, reply)
        # What the record or the type of its subject made of a class is judged under DES-004 and DES-007.
        observations += (o for o in fields_in(scene, viewpoint, reply) if not o.reclassified)

    require_all(observations, has_expected_form)
    require_all_reached(ctx, scene)


def has_expected_form(observed: ObservedField) -> bool:
    """True if the field is disclosed in the form that the standard gives it."""
    return bool(observed.form == observed.expected.form)


def require_declared_fields(scene: DisclosureScene, reply: Reply) -> None:
    """The reply discloses only fields that the record has."""
    for n, item in enumerate(scene.items):
        for name in disclosed(reply, n):
            where = f"reply.body/results/{n}/records/0/fields"
            expect.contains(scene.contents[item.code], name, where, reply)


@verifies("DES-002", expand=dividing_subject_types)
def hidden_values_appear_nowhere_in_the_reply(ctx: Context) -> None:
    scene = scene_of(ctx, ctx.case.parameter, in_share(ctx))
    marks = {item.code: distinctive(item, scene.contents[item.code]) for item in scene.items}

    for viewpoint in scene.viewpoints():
        reply = scene.ask(viewpoint)
        hidden_values: dict[str, str] = {}
        lawful = {scene.subject.value, scene.subject.name}
        for item in scene.items:
            secret, open_ = sensitive_values(scene.expected(viewpoint, item), scene.contents[item.code])
            # A day or a small number is found in any reply by chance; finding it would prove nothing.
            hidden_values |= {f"{item.code} {n}": secret[n] for n in marks[item.code] if n in secret}
            lawful |= open_
        require_no_leak(reply, hidden_values, lawful, f"{viewpoint.audience}, {viewpoint.entitlement}")


def in_share(ctx: Context) -> Callable[[Item], bool]:
    """A filter for the items that are judged under the subject type of the case."""
    codes = items_by_subject_type(ctx.standard)[ctx.case.parameter]
    return lambda item: item.code in codes


@verifies("DES-003", expand=dividing_subject_types)
def derived_values_follow_the_rules(ctx: Context) -> None:
    scene = scene_of(ctx, ctx.case.parameter, in_share(ctx))

    derived = [o for o in observed_fields(scene) if o.expected.form in DERIVED]
    comparable = [o for o in derived if has_expected_form(o)]

    if derived and not comparable:
        raise NotVerified(Message("checks.nothing_derived", {"fields": sorted(map(str, derived))}))
    require_all(comparable, lambda o: o.expected.accepts(o.actual))


@verifies("DES-004", expand=items_with_conditional_class)
def class_is_decided_for_each_record(ctx: Context) -> None:
    item = ctx.standard.checklist.item(ctx.case.parameter)
    observations: list[ObservedField] = []

    for subject, record in records_by_condition(ctx, item):
        scene = set_scene_of_record(ctx, item, subject, record)
        restless = {field.name for field in item.fields if field.class_when}
        audiences = [name for name in FEW if name in scene.reachable]
        observations += (
            o
            for o in observed_fields(scene, Entitlement.NONE, audiences=audiences)
            if o.field.name in restless
        )

    require_all(observations, has_expected_form)


def records_by_condition(ctx: Context, item: Item) -> Iterator[tuple[Subject, dict[str, Any]]]:
    """Subjects and records such that each condition of each field holds in one and fails in another."""
    network = Network(ctx)
    outcomes = {(field.name, holds) for field in item.fields if field.class_when for holds in (True, False)}
    for _ in range(MOST_TRIES):
        if not outcomes:
            return
        subject = network.subject(item.subject_types[0])
        record = network.provider.record(item, subject, optional=True)
        content = record["content"]
        observed = {
            (field.name, condition_holds(field.class_when, content))
            for field in item.fields
            if field.class_when
        }
        if outcomes & observed:
            outcomes -= observed
            yield subject, record
    if outcomes:
        raise NotVerified(Message("checks.no_such_record", {"item": item.code}))


def condition_holds(class_when: Any, content: Mapping[str, Any]) -> bool:
    """True if some condition (CEL) that changes the class of a field holds for the content."""
    return any(Expression(when.condition).evaluate({"record": content}) for when in class_when)


@verifies("DES-007", expand=person_like_types)
def person_like_subjects_keep_commercial_secrets(ctx: Context) -> None:
    secret = ctx.standard.desensitization.raised_by_subject

    def has_secrets(item: Item) -> bool:
        return any(field.sensitivity in secret for field in item.fields)

    scene = scene_of(ctx, ctx.case.parameter, has_secrets)
    raised = [o for o in observed_fields(scene) if o.field.sensitivity in secret and o.reclassified]

    if not raised:
        raise NotVerified(Message("checks.no_such_record", {"item": "/".join(secret)}))
    require_all(raised, has_expected_form)


@verifies("DES-009", needs=("joint-modeling",))
def audience_without_a_cell_gets_no_record(ctx: Context) -> None:
    audience = next(iter(audiences_without_cells(ctx)), "")
    item = public_item(ctx)
    scene = scene_of(ctx, "enterprise", lambda candidate: candidate is item)
    control = next(scene.viewpoints(Entitlement.NONE, audiences=("financial_institution",)))
    for n, _ in enumerate(scene.items):
        disclosed(scene.ask(control), n)

    for viewpoint in scene.viewpoints(Entitlement.NONE, Entitlement.FOREIGN, audiences=(audience,)):
        reply = scene.ask(viewpoint)
        for n, result in enumerate(results(reply)):
            where = f"reply.body/results/{n}"
            expect.equal(result.get("status"), "not_authorized", f"{where}/status", reply)
            expect.equal(result.get("records"), [], f"{where}/records", reply)


def audiences_without_cells(ctx: Context) -> tuple[str, ...]:
    """The audiences of this platform without a cell in the matrix. Raises NotVerified where each has one."""
    with_cells = {audience for _, audience in ctx.standard.desensitization.cells}
    audiences = tuple(name for name in claimed_audiences(ctx.standard, ctx.target) if name not in with_cells)
    if not audiences:
        raise NotVerified(Message("checks.audience_missing", {"audiences": []}))
    return audiences

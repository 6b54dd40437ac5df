"""Relations between replies: repeated questions, revocation, withheld values, equal values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance import expect
from conformance.actors import Network, Subject, prepared
from conformance.actors.disclosure_scene import DisclosureScene, Entitlement, Viewpoint, set_scene
from conformance.actors.records import identity_of, takes
from conformance.checks.desensitization.values import token_of
from conformance.checks.desensitization.views import DERIVED, disclosed
from conformance.checks.shared.assertions import RECORD, results
from conformance.checks.shared.items import is_collected
from conformance.checks.shared.parameters import SEPARATOR, tokenized_fields
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Form, Item
from conformance.model.text import Message
from conformance.model.wire import Reply
from conformance.oracles.disclosure import ExpectedField, view
from conformance.oracles.validate import item_validator
from conformance.synth.identities import resident_check

BANK, HUB = "financial_institution", "hub"
REPETITIONS = 5
VERSIONED_MEMBERS = frozenset({"record_version", "as_of", "collected_at"})
HEADERS_OF_ONE_REPLY = frozenset(
    {"date", "content-length", "etag", "x-request-id", "age", "expires", "last-modified"}
)
"""Headers about the reply as a whole, which change with its identifier and its moment."""


@verifies("DES-010")
def same_question_gets_the_same_answer(ctx: Context) -> None:
    raised = ctx.standard.desensitization.raised_by_subject.items()
    classes = {sensitivity for pair in raised for sensitivity in pair}
    items = [item for item in open_items(ctx) if any(f.sensitivity in classes for f in item.fields)]
    scene = set_scene(ctx, "enterprise", items[:2])

    for viewpoint in scene.viewpoints(Entitlement.NONE, audiences=(BANK, HUB)):
        first, *later = [
            fields_by_item(scene, viewpoint, items[:2] if n % 2 else items[1::-1]) for n in range(REPETITIONS)
        ]
        require_derived_forms(scene, viewpoint)
        for reply, fields in later:
            for code, expected in first[1].items():
                expect.equal(fields.get(code), expected, f"reply.body/results ({code})", reply)


def open_items(ctx: Context) -> list[Item]:
    """Items of enterprises that an institution sees without authorization."""
    return [
        item
        for item in ctx.standard.checklist.items
        if item.disclosure != "authorized" and "enterprise" in item.subject_types and is_collected(item)
    ]


def fields_by_item(
    scene: DisclosureScene, viewpoint: Viewpoint, items: list[Item]
) -> tuple[Reply, Mapping[str, Any]]:
    """A reply to a query for the items in this order, and its fields by code of the item."""
    reply = scene.ask(viewpoint, *items)
    return reply, {item.code: dict(disclosed(reply, n)) for n, item in enumerate(items)}


def require_derived_forms(scene: DisclosureScene, viewpoint: Viewpoint) -> None:
    """Some field is disclosed in another form than its own, or repeating it proves nothing.

    Raises NotVerified where none is.
    """
    forms = {field.form for item in scene.items for field in scene.expected(viewpoint, item).values()}
    if not forms & {*DERIVED, Form.TOKEN}:
        raise NotVerified(Message("checks.nothing_derived", {"fields": [i.code for i in scene.items]}))


@verifies("DES-011")
def revocation_restores_what_was_seen_before(ctx: Context) -> None:
    limit = ctx.standard.parameter("AUT-003", "revocation_effect_seconds")
    secret = ctx.standard.desensitization.raised_by_subject
    items = [item for item in open_items(ctx) if any(f.sensitivity in secret for f in item.fields)]
    scene = set_scene(ctx, "enterprise", items[:1])
    unauthorized, authorized = list(
        scene.viewpoints(Entitlement.NONE, Entitlement.AUTHORIZED, audiences=(BANK,))
    )
    _, closed_fields = fields_by_item(scene, unauthorized, list(scene.items))
    _, open_fields = fields_by_item(scene, authorized, list(scene.items))
    if closed_fields == open_fields:
        raise NotVerified(Message("checks.control_not_raw"))

    prepared(scene.subject.revoke(authorized.citing[0]), "authorization", 200)
    replies: list[tuple[Reply, Mapping[str, Any]]] = []

    def restored() -> bool | None:
        replies.append(fields_by_item(scene, authorized, list(scene.items)))
        return True if expect.same(replies[-1][1], closed_fields) else None

    if ctx.wait_until(restored, float(limit.value)) is None:
        reply, fields = replies[-1]
        expect.equal(fields, closed_fields, "reply.body/results", reply)


@verifies("DES-012")
def reply_is_blind_to_what_it_withholds(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, subject = item_with_withheld_fields(ctx), network.subject()
    first, second = differing_records(network, item, subject)
    network.provider.deliver_accepted(first)
    network.provider.deliver_accepted(second)
    bank = network.institution()
    before = bank.query(subject, item)

    names = withheld_fields(ctx, item, subject, first, second)
    updates = [with_fields_of(*pair, names) for pair in ((first, second), (second, first))]
    for record in updates:
        network.provider.deliver_accepted(record)
    after = bank.query(subject, item)

    if len(results(before)[0].get("records", ())) != 2:
        raise NotVerified(Message("checks.no_such_record", {"item": item.code}))
    expect.equal(
        unversioned_records(after), unversioned_records(before), "reply.body/results/0/records", after
    )
    expect.equal(lasting_headers(after), lasting_headers(before), "reply.headers", after)


def item_with_withheld_fields(ctx: Context) -> Item:
    """An open item with fields that are withheld from institutions. Raises NotVerified without one."""
    rules = ctx.standard.desensitization
    personal = sorted(rules.personal - {rules.never_disclosed})
    for item in open_items(ctx):
        if item.key and any(f.sensitivity in personal and f.name not in item.key for f in item.fields):
            return item
    raise NotVerified(Message("checks.no_such_item", {"kind": personal[0]}))


def differing_records(
    network: Network, item: Item, subject: Subject
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two records that differ in their key and in the withheld fields. Raises NotVerified after 50 tries."""
    records: list[dict[str, Any]] = []
    for _ in range(50):
        person = network.subject("natural_person")
        fixed: dict[str, Any] = {}
        for name in {f.person.identified_by for f in item.fields if f.person}:
            if name and takes(item.field(name), person):
                fixed |= identity_of(item, name, person)
        record = network.provider.record(item, subject, fixed, optional=True)
        violations = item_validator(item)(record["content"])
        same_key = records and all(records[0]["content"].get(n) == record["content"].get(n) for n in item.key)
        if not violations and not same_key:
            records.append(record)
        if len(records) == 2:
            return records[0], records[1]
    raise NotVerified(Message("checks.no_such_record", {"item": item.code}))


def withheld_fields(ctx: Context, item: Item, subject: Subject, *records: dict[str, Any]) -> list[str]:
    """Names of the fields that an institution sees in none of the records, those of the key left out."""
    views = [view(ctx.standard, item, r["content"], subject.type, BANK, False, ()) for r in records]
    return [
        field.name
        for field in item.fields
        if field.name not in item.key and all(is_withheld(v, field.name) for v in views)
    ]


def is_withheld(fields: Mapping[str, ExpectedField], name: str) -> bool:
    """True if a view of a record withholds a field that the record has."""
    return name in fields and fields[name].form is Form.WITHHELD


def with_fields_of(record: Mapping[str, Any], other: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The next version of a record, with the named fields taken from the other record."""
    content = {**record["content"], **{name: other["content"][name] for name in names}}
    return {**record, "record_version": 2, "operation": "update", "content": content}


def unversioned_records(reply: Reply) -> list[Any]:
    """The records of a reply without the members that a new version changes lawfully."""
    records = results(reply)[0].get("records", ())
    return [
        {name: value for name, value in record.items() if name not in VERSIONED_MEMBERS} for record in records
    ]


def lasting_headers(reply: Reply) -> list[list[str]]:
    """Names and values of the headers that do not belong to a single reply, sorted."""
    return [[name, value] for name, value in sorted(reply.headers) if name not in HEADERS_OF_ONE_REPLY]


@verifies("DES-013", expand=tokenized_fields)
def tokens_are_equal_for_equal_values_only(ctx: Context) -> None:
    network = Network(ctx)
    code, name = ctx.case.parameter.split(SEPARATOR)
    item, person = ctx.standard.checklist.item(code), network.subject("natural_person")
    if not takes(item.field(name), person):
        raise NotVerified(Message("checks.no_such_item", {"kind": "resident_id"}))
    persons = (person, person, replace(person, value=ctx.plant(neighbor(person.value))))
    companies = [company_naming(network, item, name, person) for person in persons]

    replies = [network.client(HUB).query(company, item, purpose="supervision") for company in companies]

    tokens, where = [token_of(reply, name) for reply in replies], f"reply.body{RECORD}/fields/{name}/value"
    expect.equal(tokens[1], tokens[0], where, replies[1])
    differs = tokens[2] != tokens[0]
    expect.true(differs, Message("checks.coarse_token"), where=where, reply=replies[2])


def neighbor(value: str) -> str:
    """The next resident identity number (GB 11643) of the same place and day of birth."""
    body = value[:14] + f"{(int(value[14:17]) + 1) % 1000:03d}"
    return body + resident_check(body)


def company_naming(network: Network, item: Item, name: str, person: Subject) -> Subject:
    """A new company whose stored record names the person."""
    company = network.subject()
    network.provider.store(item, company, identity_of(item, name, person))
    return company

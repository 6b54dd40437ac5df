"""Single values: free text, tokens, and the published vectors through the preview."""

from collections.abc import Mapping
from typing import Any

from conformance import expect
from conformance.actors import Network
from conformance.actors.disclosure_scene import DisclosureScene, Entitlement, Viewpoint
from conformance.checks.desensitization.views import disclosed, require_no_leak
from conformance.checks.shared.assertions import RECORD, fields_of, form_of, require_form
from conformance.checks.shared.parameters import (
    SEPARATOR,
    open_free_texts,
    preview_operators,
    tokenized_fields,
)
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Field, Form, Kind
from conformance.model.text import Message
from conformance.model.wire import Reply
from conformance.oracles.digests import is_plain_digest
from conformance.oracles.disclosure import ExpectedField
from conformance.synth import identities

SHORTEST_KEY = 32
"""Hex digits of a usable key: 16 bytes."""
FREE_TEXT = (
    "经查，联系电话{mobile}，座机{landline}，身份证号{resident_id}，"
    "另记为{spaced}，卡号{card}，已责令{names}改正。"
)


def require_expected(expected: ExpectedField, actual: Any, where: str, reply: Reply) -> None:
    """The disclosed field is the one that the rules give."""
    if not expected.accepts(actual):
        expect.violated("expect.equal", where, expected.shown, actual, reply)


@verifies("DES-005", expand=open_free_texts)
def personal_data_in_free_text_is_cleaned(ctx: Context) -> None:
    network = Network(ctx)
    code, name = ctx.case.parameter.split(SEPARATOR)
    item, subject, bank = ctx.standard.checklist.item(code), network.subject(), network.institution()
    personal = personal_numbers(network)
    names = {f.name: network.subject("natural_person").name for f in item.fields if is_person_name(f)}
    text = FREE_TEXT.format(**personal, names="、".join(names.values()) or "当事人")
    content = network.provider.store(item, subject, {name: text, **names}, optional=True)["content"]
    scene = DisclosureScene(network, subject, subject, {item.code: content}, (item,))
    viewpoint = Viewpoint("financial_institution", Entitlement.NONE, bank)

    reply = scene.ask(viewpoint)

    fields, expected = disclosed(reply, 0), scene.expected(viewpoint, item)[name]
    require_no_leak(reply, personal)
    if form_of(fields, name) == Form.WITHHELD != expected.form:
        raise NotVerified(Message("checks.nothing_derived", {"fields": [name]}))
    require_expected(expected, fields.get(name), f"reply.body{RECORD}/fields/{name}", reply)


def personal_numbers(network: Network) -> dict[str, str]:
    """Numbers of persons as people write them, by name: each for another detector, or in another spelling."""
    world, person = network.world, network.subject("natural_person").value
    card = identities.bank_card(world.random, world.standard.reserved)
    return {
        "mobile": network.ctx.plant(identities.mobile(world.random, world.standard.reserved)),
        "landline": world.plant(identities.landline(world.random, world.standard.reserved)),
        "resident_id": world.plant(person),
        "spaced": " ".join((person[:6], person[6:14], person[14:])),
        "card": world.plant(" ".join(card[n : n + 4] for n in range(0, len(card), 4))),
    }


def is_person_name(field: Field) -> bool:
    """True if a field holds the name of a natural person."""
    return field.desensitization_type == "person_name"


@verifies("DES-006", expand=tokenized_fields)
def tokens_are_stable_for_one_recipient_only(ctx: Context) -> None:
    network = Network(ctx)
    code, name = ctx.case.parameter.split(SEPARATOR)
    item, subject = ctx.standard.checklist.item(code), network.subject()
    value = network.provider.store(item, subject)["content"][name]

    replies = [
        network.client(role).query(subject, item, purpose="supervision")
        for role in ("hub", "hub", "upstream")
    ]

    tokens = [token_of(reply, name) for reply in replies]
    where = f"reply.body/results/0/records/0/fields/{name}/value"
    expect.equal(tokens[1], tokens[0], where, replies[1])
    shared = tokens[2] == tokens[0]
    expect.true(not shared, Message("checks.shared_token"), where=where, reply=replies[2])
    digest = is_plain_digest(tokens[0], value)
    expect.true(not digest, Message("checks.plain_digest"), where=where, reply=replies[0])


def token_of(reply: Reply, name: str) -> str:
    """The token that stands for a field of the only record."""
    require_form(fields_of(reply), name, Form.TOKEN, reply)
    return expect.at(reply, f"{RECORD}/fields/{name}/value", str)


@verifies("DES-008", expand=preview_operators, needs=("desensitization-preview",))
def preview_answers_every_vector(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()

    for vector in ctx.standard.desensitization.vectors[ctx.case.parameter]:
        if previewable(vector):
            value = repeated(vector, "input", "repeat")
            body = {"type": vector["type"], "kind": vector["kind"], "value": value}
            reply = bank.call("previewDesensitization", body)
            expect.status(reply, 200)
            output = None if vector["form"] == Form.WITHHELD else repeated(vector, "output", "output_repeat")
            expected = ExpectedField(Form(vector["form"]), output, "", Kind(vector["kind"]))
            require_expected(expected, expect.json_object(reply), f"reply.body ({vector['id']})", reply)


def previewable(vector: Mapping[str, Any]) -> bool:
    """True if a preview can answer a vector: it knows no parameters, names, other keys or recipients."""
    if "type" not in vector or "names" in vector:
        return False
    own_key = len(vector.get("key", "")) >= SHORTEST_KEY and vector.get("recipient", "").isalnum()
    return vector["kind"] != Kind.TOK or own_key


def repeated(vector: Mapping[str, Any], member: str, times: str) -> Any:
    """A member of a vector, as often as another one says: long values are published in this way."""
    return vector[member] * vector[times] if times in vector else vector[member]

"""Checks of the part security (SEC): access, malformed input, and the audit trail of disclosures."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson
import rfc8785

from conformance import expect
from conformance.actors import Anonymous, Network, prepared, preparing
from conformance.actors.anonymous import request_token
from conformance.actors.sample_requests import client_without_scope, existing_path, sample_request
from conformance.checks.shared.assertions import REFUSED, require_filled
from conformance.checks.shared.items import public_item
from conformance.checks.shared.parameters import protected_operations, scoped_operations
from conformance.checks.verifies import verifies
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Operation
from conformance.model.text import Message
from conformance.model.wire import ClientAssertion, LiteralToken

FAULTS: dict[str, dict[str, Any]] = {
    "stranger": {"signer": "stranger"},
    "ended": {"expires_in": -60},
    "other-audience": {"audience": "https://another-platform.invalid"},
}
GENESIS = "0" * 64


@verifies("SEC-001", expand=protected_operations)
def operation_refuses_a_missing_token(ctx: Context) -> None:
    operation = ctx.standard.api.operations[ctx.case.parameter]

    reply = ctx.send(sample_request(ctx, operation, credential=None))

    expect.status(reply, *unauthenticated(ctx, operation))


def unauthenticated(ctx: Context, operation: Operation) -> tuple[int, ...]:
    """Statuses for a request without a valid token; an optional operation may also be unknown (404)."""
    return (401,) if operation.capability in (None, *ctx.target.capabilities) else (401, 404)


@verifies("SEC-001", expand=protected_operations)
def operation_refuses_an_invented_token(ctx: Context) -> None:
    operation = ctx.standard.api.operations[ctx.case.parameter]
    invented = LiteralToken(f"{ctx.random.getrandbits(256):064x}")

    reply = ctx.send(sample_request(ctx, operation, credential=invented))

    expect.status(reply, *unauthenticated(ctx, operation))


@verifies("SEC-002", expand=lambda _: tuple(FAULTS))
def wrong_client_assertion_yields_no_token(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()
    prepared(bank.request_token("good"), "docking", 200)

    assertion = ClientAssertion(
        **{"client_id": bank.id, "signer": bank.key, "serial": "bad", **FAULTS[ctx.case.parameter]}
    )
    reply = request_token(ctx, assertion)

    expect.status(reply, *REFUSED)


@verifies("SEC-002")
def replayed_client_assertion_yields_no_token(ctx: Context) -> None:
    network = Network(ctx)
    bank = network.institution()
    assertion = ClientAssertion(bank.id, bank.key, serial="once")
    prepared(request_token(ctx, assertion), "docking", 200)

    reply = request_token(ctx, assertion)

    expect.status(reply, *REFUSED)


@verifies("SEC-003", expand=scoped_operations)
def token_of_another_scope_is_refused(ctx: Context) -> None:
    operation = ctx.standard.api.operations[ctx.case.parameter]

    path = existing_path(ctx, operation)
    client = client_without_scope(ctx, operation)
    reply = ctx.send(sample_request(ctx, operation, client.credential, path))

    expect.status(reply, 401, 403, 404)


@verifies("SEC-005")
def disclosure_is_found_in_the_audit_log(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    answered = bank.query(subject, item)
    with preparing("query"):
        expect.status(answered, 200)
        query_id = expect.at(answered, "/query_id", str)

    events, reply = network.supervisor.read_audit_log()

    expected = {"recipient": bank.id, "purpose": "pre_loan", "items": [item.code]}
    disclosures = [event for event in events if event.get("query_id") == query_id]
    require_filled(disclosures, f"reply.body/events (query_id {query_id})", reply)
    is_complete = any(
        expect.same({name: event.get(name) for name in expected}, expected) for event in disclosures
    )
    expect.true(
        is_complete, Message("checks.not_logged"), where="reply.body/events", reply=reply, actual=disclosures
    )


@verifies("SEC-005")
def audit_log_is_chained(ctx: Context) -> None:
    network = Network(ctx)
    item, subject, bank = public_item(ctx), network.subject(), network.institution()
    network.provider.store(item, subject)
    prepared(bank.query(subject, item), "query", 200)

    events, reply = network.supervisor.read_audit_log()

    require_filled(events, "reply.body/events", reply)
    previous = GENESIS
    for event in events:
        where = f"reply.body/events/{event.get('seq')}"
        expect.equal(event.get("prev_hash"), previous, f"{where}/prev_hash", reply)
        expected_hash = digest(event)
        expect.true(expected_hash, Message("checks.no_canonical"), where=where, reply=reply, actual=event)
        expect.equal(event.get("hash"), expected_hash, f"{where}/hash", reply)
        previous = expected_hash


def digest(event: Mapping[str, Any]) -> str:
    """SHA-256 over the RFC 8785 form of the event without its own hash; empty if it has no such form."""
    try:
        content = rfc8785.dumps({k: v for k, v in event.items() if k != "hash"})
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError):
        return ""
    return hashlib.sha256(content).hexdigest()


MALFORMED = (400, 413, 415, 422)
BODIES: dict[str, Callable[[bytes], bytes]] = {
    "cut-off": lambda good: good[:-1],
    "not-utf8": lambda good: good.replace(b'"record_id":"', b'"record_id":"\xff\xfe', 1),
    "deep": lambda _: b"[" * 100_000 + b"]" * 100_000,
    "not-a-number": lambda good: good.replace(b'"record_version":1', b'"record_version":NaN', 1),
    "duplicate-name": lambda good: b'{"item_code":"F01-01",' + good[1:],
    "array": lambda _: b"[]",
    "empty": lambda _: b"",
}
"""Faults, each applied to a good body."""


def malformed(fault: str, item_code: str, record: Mapping[str, Any]) -> bytes:
    """The body of a delivery that would be accepted without this fault."""
    return BODIES[fault](orjson.dumps({"item_code": item_code, "records": [record]}))


@verifies("SEC-006", expand=lambda _: tuple(BODIES))
def malformed_body_is_refused_and_does_no_harm(ctx: Context) -> None:
    network = Network(ctx, fresh=True)
    item, subject = public_item(ctx), network.subject()
    good = network.provider.record(item, subject)
    prepared(network.provider.submit(good), "collection", 202)

    reply = network.provider.submit_bytes(malformed(ctx.case.parameter, item.code, good), "application/json")

    expect.status(reply, *MALFORMED)
    health = Anonymous(ctx).read_health()
    expect.status(health, 200)


@verifies("SEC-006")
def oversized_body_is_refused_and_does_no_harm(ctx: Context) -> None:
    network = Network(ctx)
    described = Anonymous(ctx).read_descriptor()
    with preparing("docking"):
        limit = expect.at(described, "/limits/max_body_bytes", int)
    if not 0 < limit <= LARGEST:
        raise NotVerified(Message("checks.no_oversize", {"limit": limit}))

    reply = network.provider.submit_bytes(b'{"item_code": "' + b"F" * limit + b'"}', "application/json")

    expect.status(reply, 413)
    health = Anonymous(ctx).read_health()
    expect.status(health, 200)


LARGEST = 64 * 1024 * 1024
"""Never send more than this, whatever a platform declares."""

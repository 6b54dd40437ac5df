"""A reference platform in which something has happened, and for each operation a request that succeeds."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from conformance.actors import Inquirer, Network
from conformance.actors.deliveries import acknowledged_batch
from conformance.actors.inquirer import query_body
from conformance.actors.sample_requests import existing_path, sample_request
from conformance.loader import load_target
from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.model.wire import ClientAssertion, Credential, Exchange, Request
from conformance.runner import Session, open_session
from conformance.runner.contexts import CaseContext
from tests.system.processes import Line, serving

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class World:
    """Where the platform is, who may ask it, and what succeeds."""

    line: Line
    address: str
    tokens: Callable[[], Mapping[str, str]]
    """Tokens that are valid now, by operation."""
    examples: Mapping[str, Any]


@contextmanager
def world(folder: Path, standard: Standard) -> Iterator[World]:
    with serving(folder, own_standard=standard) as line:
        target = load_target(line.workspace.target)
        with open_session(target, standard, 0, "interop") as session:
            context = session.context(Case("DOC-001", "interop"))
            examples, credentials = succeeded_requests(context, standard)
            known_credentials = {name: one for name, one in credentials.items() if one}

            def tokens() -> Mapping[str, str]:
                return {name: token(session, credential) for name, credential in known_credentials.items()}

            yield World(line, target.base_url, tokens, {**examples, "issueToken": fresh(session)})


def succeeded_requests(
    ctx: CaseContext, standard: Standard
) -> tuple[dict[str, Any], dict[str, Credential | None]]:
    """One request of each operation, taken from what really happened, and who made it."""
    network, item = Network(ctx), next(i for i in standard.checklist.items if i.disclosure == "authorized")
    hub, provider = network.hub, network.provider
    bank, other_bank, subject = network.institution(), network.institution(), network.subject()
    hub.read_admission(other_bank)
    hub.set_status(other_bank, "active")
    provider.await_outcomes(acknowledged_batch(provider.submit(provider.record(item, subject))))
    grant, second_grant = (subject.authorize(bank, item) for _ in range(2))
    bank.call("getAuthorization", authorization_id=grant.id)
    subject.revoke(second_grant)
    bank.query(subject, item, citing=grant)
    bank.query_in_batch([query_body(subject, item, citing=grant)])
    hub.notify("list_change")
    use_remaining(ctx, {"subject": subject, "query": bank, "authorize": bank, "collect": provider}, hub)
    samples = {exchange.request.operation: exchange for exchange in ctx.exchanges}
    for name, exchange in samples.items():
        assert exchange.reply.status < 300, (name, exchange.reply.status, exchange.reply.body[:300])
    return {n: example(e) for n, e in samples.items()}, {n: e.request.credential for n, e in samples.items()}


def use_remaining(ctx: CaseContext, callers: Mapping[str, Inquirer], hub: Inquirer) -> None:
    """The operations that nobody has used yet, by their samples; `callers` by scope."""
    used_operations = {exchange.request.operation for exchange in ctx.exchanges}
    for operation in ctx.standard.api.operations.values():
        if operation.id not in {*used_operations, "issueToken"}:
            caller = next((callers[scope] for scope in operation.scopes if scope in callers), hub)
            path = existing_path(ctx, operation)
            request = sample_request(ctx, operation, caller.credential if operation.scopes else None, path)
            ctx.send(replace(request, valid=True))


def example(exchange: Exchange) -> dict[str, Any]:
    request = exchange.request
    headers = {name: secrets.token_hex(16) for name in request.headers if name == "Idempotency-Key"}
    told = {"path": dict(request.path), "headers": headers}
    return told if request.body is None else {**told, "body": request.body, "media_type": "application/json"}


def token(session: Session, credential: Credential) -> str:
    """A token as the wire gets one."""
    deadline = session.port(Case("DOC-001", "token")).deadline
    headers = session.wire._authorization(Request("getHealth", credential=credential), "token", deadline)
    return headers["Authorization"].removeprefix("Bearer ")


def fresh(session: Session) -> dict[str, Any]:
    """A token request with an assertion that nobody has used yet."""
    hub = session.target.clients["hub"]
    assertion = ClientAssertion(hub.client_id, hub.key, serial="example", expires_in=250)
    issuer = session.wire.descriptor.issuer
    signed = session.wire._credentials.sign(assertion, issuer, session.wire.now(), "example")
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": signed,
    }
    return {"body": form, "media_type": "application/x-www-form-urlencoded"}

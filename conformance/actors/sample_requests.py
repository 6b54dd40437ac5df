"""A well-formed sample request for any operation, so that only its credential can be at fault."""

from collections.abc import Callable, Mapping
from typing import Any

from conformance.actors.network import Cast
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Operation
from conformance.model.text import Message
from conformance.model.wire import Credential, Request


def request(
    ctx: Context, operation: Operation, credential: Credential | None, path: Mapping[str, str] | None = None
) -> Request:
    """The operation called rightly in everything but, possibly, the credential."""
    cast = Cast(ctx)
    path = {**unknown(cast, operation), **(path or {})}
    headers = {"Idempotency-Key": cast.new_key()} if operation.idempotent else {}
    body = _body(ctx, cast, operation)
    return Request(operation.id, path=path, headers=headers, body=body, credential=credential, valid=False)


def without_scope(cast: Cast, operation: Operation) -> Credential:
    """A client of the network whose token has none of the operation's scopes."""
    roles = cast.ctx.standard.codes["client_role"].codes
    for role in sorted(cast.ctx.target.clients):
        if role in roles and not set(roles[role].properties["scopes"]) & set(operation.scopes):
            return cast.client(role)
    raise NotVerified(Message("checks.no_such_client", {"operation": operation.id}))


def unknown(cast: Cast, operation: Operation) -> dict[str, str]:
    """A path of the operation that leads to nothing but an item."""
    found = {
        "institution_id": cast.candidate().id,
        "item_code": cast.ctx.standard.checklist.items[0].code,
        "authorization_id": cast.new_key(),
        "batch_id": cast.new_key(),
        "query_batch_id": cast.new_key(),
    }
    return {name: value for name, value in found.items() if f"{{{name}}}" in operation.path}


def existing(cast: Cast, operation: Operation) -> dict[str, str]:
    """A path of the operation that leads to something, so that `not found` can only mean `not for you`."""
    item = cast.ctx.standard.checklist.items[0]

    def record() -> dict[str, Any]:
        return cast.record(item, cast.subject(item.subject_types[0]))

    makers: Mapping[str, Callable[[], str]] = {
        "institution_id": lambda: cast.institution().id,
        "item_code": lambda: item.code,
        "authorization_id": lambda: cast.authorize(cast.subject(), cast.institution(), item).id,
        "batch_id": lambda: cast.acknowledged(
            cast.post_batch(item.code, [cast.record(item, cast.subject())])
        ),
        "query_batch_id": lambda: cast.taken(
            cast.post_queries(
                cast.institution().token, [cast.query_body(cast.subject(), (item,), (), "pre_loan")]
            )
        ),
    }
    return {name: make() for name, make in makers.items() if f"{{{name}}}" in operation.path}


def _body(ctx: Context, cast: Cast, operation: Operation) -> Any:
    item, subject = ctx.standard.checklist.items[0], cast.subject()
    bodies: Mapping[str, Callable[[], Any]] = {
        "putInstitution": lambda: dict(cast.candidate().body),
        "patchInstitutionStatus": lambda: {"status": "suspended", "reason": "conformance test"},
        "postNetworkNotice": lambda: cast.notice_body("list_change"),
        "createAuthorization": lambda: cast.authorization_body(subject, cast.candidate(), (item,)),
        "revokeAuthorization": dict,
        "createBatch": lambda: {"item_code": item.code, "records": [cast.record(item, subject)]},
        "createQuery": lambda: cast.query_body(subject, (item,), (), "pre_loan"),
        "createQueryBatch": lambda: {"queries": [cast.query_body(subject, (item,), (), "pre_loan")]},
        "previewDesensitization": lambda: _preview(ctx),
    }
    make = bodies.get(operation.id)
    return make() if make else None


def _preview(ctx: Context) -> dict[str, Any]:
    return {"type": next(iter(ctx.standard.desensitization.types)), "kind": "part", "value": ""}

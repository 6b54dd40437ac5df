"""A well-formed sample request for any operation, so that only its credential can be at fault."""

import re
from collections.abc import Mapping

from conformance.actors.actor import IDEMPOTENCY_KEY, Actor, new_key
from conformance.actors.client import NetworkClient
from conformance.actors.sample_registry import collect_samples
from conformance.actors.subject import new_subject
from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Api, Operation
from conformance.model.text import Message
from conformance.model.wire import Credential, Json, Request

PATH_PARAMETER = re.compile(r"\{(\w+)\}")


def sample_request(
    ctx: Context,
    operation: Operation,
    credential: Credential | None,
    path: Mapping[str, str] | None = None,
) -> Request:
    """A call of the operation that is right in everything but, possibly, the credential."""
    path = {**unknown_path(ctx, operation), **(path or {})}
    headers = {IDEMPOTENCY_KEY: new_key(ctx)} if operation.idempotent else {}
    body = _body(ctx, operation)
    return Request(operation.id, path=path, headers=headers, body=body, credential=credential, valid=False)


def client_without_scope(ctx: Context, operation: Operation) -> Actor:
    """A client of the network whose token has none of the operation's scopes.

    Raises NotVerified where the target names no such client.
    """
    roles = ctx.standard.codes["client_role"].codes
    for role in sorted(ctx.target.clients):
        if role in roles and not set(roles[role].properties["scopes"]) & set(operation.scopes):
            return NetworkClient(ctx, role=role)
    raise NotVerified(Message("checks.no_such_client", {"operation": operation.id}))


def unknown_path(ctx: Context, operation: Operation) -> dict[str, str]:
    """Path parameters of the operation that lead to nothing (but to an item, where it is about one).

    Made for all parameters of the API, so that what is drawn does not depend on the operation.
    """
    makers = collect_samples().unknown_ids
    parameters = _path_parameters(ctx.standard.api)
    ids = {name: makers[name](ctx) for name in parameters if name in makers}
    ids |= {name: new_key(ctx) for name in parameters if name not in makers}
    return {name: ids[name] for name in PATH_PARAMETER.findall(operation.path)}


def existing_path(ctx: Context, operation: Operation) -> dict[str, str]:
    """Path parameters of the operation that lead to something: `not found` can only mean `not for you`."""
    makers = collect_samples().existing_ids
    return {name: makers[name](ctx) for name in PATH_PARAMETER.findall(operation.path)}


def _path_parameters(api: Api) -> tuple[str, ...]:
    names = {name for operation in api.operations.values() for name in PATH_PARAMETER.findall(operation.path)}
    return tuple(sorted(names))


def _body(ctx: Context, operation: Operation) -> Json:
    item, subject = ctx.standard.checklist.items[0], new_subject(ctx)
    make = collect_samples().bodies.get(operation.id)
    return make(ctx, item, subject) if make else None

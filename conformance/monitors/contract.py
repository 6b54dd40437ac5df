"""Every reply obeys the published API: status, headers, media type, body. What was sent is judged apart."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from conformance.model.judgement import Fault, Finding
from conformance.model.media_types import JSON
from conformance.model.shapes import Api, Operation
from conformance.model.text import Message
from conformance.model.wire import Exchange, FormBody, LiteralToken, Raw, Request
from conformance.monitors.monitor import Findings, Monitor, from_gateway, strict_json
from conformance.monitors.schema import Validator, compile_schema

_ASSERTION = "e30.e30.e30"
"""Stands for an assertion that only the wire signs."""
_MAY_BE_EMPTY = frozenset({"allow"})
"""RFC 9110: a resource that answers no method says so with an empty list."""
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class _Compiled:
    """An operation with its schemas compiled."""

    operation: Operation
    requests: Mapping[str, Validator]
    replies: Mapping[tuple[str, str], Validator]
    """By status and media type."""


class Contract(Monitor):
    """Judges the form of exchanges. The body of an error reply is the matter of another requirement."""

    requirement = "DOC-005"
    name = "contract"

    def __init__(self, api: Api) -> None:
        self._operations = {name: _compile(operation) for name, operation in api.operations.items()}

    def observe(self, exchange: Exchange) -> Findings | None:
        compiled = self._operations.get(exchange.request.operation)
        if compiled is None or from_gateway(exchange.reply):
            return None
        return (*_sent(compiled, exchange), *_received(compiled, exchange))


def _compile(operation: Operation) -> _Compiled:
    requests = {
        media_type: compile_schema(schema) for media_type, schema in operation.request_schemas.items()
    }
    replies = {
        (status, media_type): compile_schema(schema)
        for status, bodies in operation.responses.items()
        for media_type, schema in bodies.items()
    }
    return _Compiled(operation, requests, replies)


def documented(operation: Operation, status: int) -> str | None:
    """The entry of the API that speaks of a status: the exact one, its class, or the default."""
    entries = (str(status), f"{status // 100}XX", "default")
    return next((entry for entry in entries if entry in operation.responses), None)


def _received(compiled: _Compiled, exchange: Exchange) -> Iterator[Finding]:
    operation, reply = compiled.operation, exchange.reply
    entry = documented(operation, reply.status)
    if entry is None:
        yield _platform(exchange, "status", "reply.status", list(operation.responses), reply.status)
        return
    for header in operation.response_headers.get(entry, ()):
        value = reply.header(header)
        if value is None or (not value.strip() and header not in _MAY_BE_EMPTY):
            yield _platform(exchange, "header", f"reply.headers/{header}", header, None)
    if reply.status < 400:
        yield from _body(compiled, exchange, entry)


def _body(compiled: _Compiled, exchange: Exchange, entry: str) -> Iterator[Finding]:
    reply, allowed = exchange.reply, list(compiled.operation.responses[entry])
    if reply.media_type not in allowed:
        yield _platform(exchange, "media_type", "reply.headers/content-type", allowed, reply.media_type)
        return
    try:
        body = strict_json(reply)
    except ValueError:
        yield _platform(exchange, "no_json", "reply.body", "JSON", None)
        return
    for breach in compiled.replies[entry, reply.media_type].breaches(body):
        yield breach.finding("reply", "reply.body", exchange.step, Fault.PLATFORM, compiled.operation.id)


def _sent(compiled: _Compiled, exchange: Exchange) -> Iterator[Finding]:
    """What the suite sent, unless it is wrong on purpose or stands for somebody else's credential."""
    request = exchange.request
    if not request.valid or isinstance(request.credential, LiteralToken) or request.body is None:
        return
    media_type, body = _content(request)
    validator = compiled.requests.get(media_type)
    if validator is None:
        key = "sent_media_type"
        yield _finding(exchange, key, "request.body", list(compiled.requests), media_type, Fault.SUITE)
        return
    for breach in validator.breaches(body):
        yield breach.finding("sent", "request.body", exchange.step, Fault.SUITE, compiled.operation.id)


def _content(request: Request) -> tuple[str, Any]:
    """The media type and the value of a body."""
    match request.body:
        case FormBody(fields):
            return _FORM, {k: v if isinstance(v, str) else _ASSERTION for k, v in fields.items()}
        case Raw(content, media_type):
            bare = media_type.split(";")[0].strip().lower()
            return bare, _parsed(content, bare)
        case body:
            return JSON, body


def _parsed(content: bytes, media_type: str) -> Any:
    text = content.decode("utf-8", "replace")
    if media_type == _FORM:
        return dict(parse_qsl(text, keep_blank_values=True))
    if media_type != JSON:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _platform(exchange: Exchange, key: str, where: str, expected: Any, actual: Any) -> Finding:
    return _finding(exchange, key, where, expected, actual, Fault.PLATFORM)


def _finding(  # noqa: PLR0913, PLR0917  # the members of a finding
    exchange: Exchange, key: str, where: str, expected: Any, actual: Any, fault: Fault
) -> Finding:
    message = Message(f"monitors.{key}", {"operation": exchange.request.operation})
    return Finding(message, exchange.step, where, expected, actual, fault)

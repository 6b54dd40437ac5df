"""Every error reply is problem details of RFC 9457 with a code of the code set and both languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.judgement import Fault, Finding
from conformance.model.media_types import PROBLEM
from conformance.model.shapes import Api, CodeSet
from conformance.model.text import Lang, Message
from conformance.model.wire import Exchange
from conformance.monitors.contract import documented
from conformance.monitors.monitor import Findings, Monitor, from_gateway, strict_json
from conformance.monitors.schema import Validator, compile_schema

_TYPE = "urn:fcsp:problem:"
_STAND_INS = {"status": 400, "type": f"{_TYPE}not_found", "detail_i18n": {"zh": "-", "en": "-"}}
"""Good values of the members whose meaning is judged, so that the schema speaks of the others only."""


class ProblemDetails(Monitor):
    """Judges replies from 400 upwards."""

    requirement = "DOC-004"
    name = "problem_details"

    def __init__(self, api: Api, codes: CodeSet) -> None:
        self._api = api
        self._codes = codes
        self._validators: Mapping[tuple[str, str], Validator] = {
            (operation.id, status): compile_schema(bodies[PROBLEM])
            for operation in api.operations.values()
            for status, bodies in operation.responses.items()
            if PROBLEM in bodies
        }

    def observe(self, exchange: Exchange) -> Findings | None:
        reply = exchange.reply
        if reply.status < 400 or from_gateway(reply):
            return None
        if reply.media_type != PROBLEM:
            where = "reply.headers/content-type"
            return (_finding(exchange, "problem_media_type", where, PROBLEM, reply.media_type),)
        try:
            body = strict_json(reply)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return (_finding(exchange, "problem_no_object", "reply.body", "object", type(body).__name__),)
        return (*self._members(exchange, body), *self._shape(exchange, body))

    def _members(self, exchange: Exchange, body: Mapping[str, Any]) -> Iterator[Finding]:
        status, code = body.get("status"), body.get("code")
        if isinstance(status, bool) or status != exchange.reply.status:
            yield _finding(exchange, "problem_status", "reply.body/status", exchange.reply.status, status)
        yield from self._code(exchange, code)
        if body.get("type") != f"{_TYPE}{code}":
            yield _finding(exchange, "problem_type", "reply.body/type", f"{_TYPE}{code}", body.get("type"))
        yield from _languages(exchange, body.get("detail_i18n"))

    def _code(self, exchange: Exchange, code: Any) -> Iterator[Finding]:
        code_entry = self._codes.codes.get(code) if isinstance(code, str) else None
        if code_entry is None:
            yield _finding(exchange, "problem_code", "reply.body/code", sorted(self._codes.codes), code)
        elif code_entry.properties.get("status") != exchange.reply.status:
            registered = code_entry.properties.get("status")
            yield _finding(exchange, "problem_code_status", "reply.status", registered, exchange.reply.status)

    def _shape(self, exchange: Exchange, body: Mapping[str, Any]) -> Iterator[Finding]:
        """Further constraints of the API on the body."""
        operation = self._api.operations.get(exchange.request.operation)
        entry = documented(operation, exchange.reply.status) if operation else None
        validator = self._validators.get((operation.id, entry)) if operation and entry else None
        if operation is None or validator is None:
            return
        for breach in validator.breaches({**body, **_STAND_INS, "code": next(iter(self._codes.codes))}):
            yield breach.finding("problem_shape", "reply.body", exchange.step, Fault.PLATFORM, operation.id)


def _languages(exchange: Exchange, texts: Any) -> Iterator[Finding]:
    for lang in Lang:
        text = texts.get(lang) if isinstance(texts, dict) else None
        if not isinstance(text, str) or not text.strip():
            yield _finding(exchange, "problem_language", f"reply.body/detail_i18n/{lang}", "text", text)


def _finding(exchange: Exchange, key: str, where: str, expected: Any, actual: Any) -> Finding:
    message = Message(f"monitors.{key}", {"operation": exchange.request.operation})
    return Finding(message, exchange.step, where, expected, actual)

"""Exposure by replies: the inside of the platform, copies in caches, guesses and versions."""

import re
from collections.abc import Iterator
from typing import Any

from conformance.model.judgement import Finding
from conformance.model.shapes import Api
from conformance.model.text import Message
from conformance.model.wire import Exchange
from conformance.monitors.monitor import Findings, Monitor, from_gateway

_INSIDE = re.compile(
    rb"Traceback \(most recent call last\)"
    rb"|File \\\\?\"[^\"]+\", line [0-9]+"
    rb"|\bat [A-Za-z_$][\w$.<>]*\([\w$]+\.(?:java|kt|cs|scala|js|ts|go|rb|php):[0-9]+"
    rb"|\b(?:java|javax|jakarta|org|com)\.[a-z][\w.]*\.[A-Z]\w*(?:Exception|Error)\b"
    rb"|\bSystem\.[\w.]*Exception\b|goroutine [0-9]+ \["
    rb"|\bSQLSTATE\b|\bORA-[0-9]{5}\b|You have an error in your SQL syntax|syntax error at or near"
    rb"|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+[^{}]{1,200}\b(?:FROM|VALUES|SET|WHERE)\b"
    rb"|(?:/usr|/opt|/home|/var|/srv|/app)/[\w./-]+\.(?:py|js|rb|php|go|java|jar|so)\b"
    rb"|[A-Z]:\\\\[\w\\ .-]+\.(?:cs|dll|exe|vb)\b"
)
"""Traces of stacks, statements, classes and files as the usual platforms leave them."""
_VERSION = re.compile(r"[0-9]+\.[0-9]+")
_BANNERS = ("server", "x-powered-by", "x-aspnet-version", "x-generator")


class Inside(Monitor):
    """Judges error replies."""

    requirement = "SEC-012"
    name = "errors_reveal_nothing"

    def observe(self, exchange: Exchange) -> Findings | None:
        reply = exchange.reply
        if reply.status < 400 or from_gateway(reply):
            return None
        places = {"reply.body": reply.body}
        places |= {f"reply.headers/{name}": value.encode() for name, value in reply.headers}
        matches = ((where, _INSIDE.search(content)) for where, content in places.items())
        return tuple(_finding(exchange, "inside", where) for where, hit in matches if hit)


class NoStore(Monitor):
    """Judges replies about a subject: those whose contract has a member `subject` in a good reply."""

    requirement = "SEC-013"
    name = "replies_about_a_subject_are_not_stored"

    def __init__(self, api: Api) -> None:
        self._operations = frozenset(
            operation.id
            for operation in api.operations.values()
            if operation.scopes
            and any(
                _names(schema, "subject")
                for status, bodies in operation.responses.items()
                if status.startswith("2")
                for schema in bodies.values()
            )
        )

    def observe(self, exchange: Exchange) -> Findings | None:
        reply = exchange.reply
        is_relevant = exchange.request.operation in self._operations and not from_gateway(reply)
        if not is_relevant or not 200 <= reply.status < 300:
            return None
        cache_control = (reply.header("cache-control") or "").lower()
        directives = {part.strip().partition("=")[0] for part in cache_control.split(",")}
        if "no-store" in directives:
            return ()
        return (
            _finding(exchange, "may_be_cached", "reply.headers/cache-control", "no-store", cache_control),
        )


class Hardened(Monitor):
    """Judges the headers of every reply of the platform itself."""

    requirement = "SEC-014"
    name = "replies_are_hardened"

    def observe(self, exchange: Exchange) -> Findings | None:
        return None if from_gateway(exchange.reply) else tuple(_hardened(exchange))


def _hardened(exchange: Exchange) -> Iterator[Finding]:
    reply = exchange.reply
    options = (reply.header("x-content-type-options") or "").strip().lower()
    if options != "nosniff":
        yield _finding(exchange, "sniffed", "reply.headers/x-content-type-options", "nosniff", options)
    for name in _BANNERS:
        value = reply.header(name)
        if value and _VERSION.search(value):
            yield _finding(exchange, "version_told", f"reply.headers/{name}", None, value)


def _names(schema: Any, name: str) -> bool:
    """True if a schema, references inlined, has a member of this name anywhere."""
    stack = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            properties = node.get("properties")
            if isinstance(properties, dict) and name in properties:
                return True
            stack += node.values()
        elif isinstance(node, list | tuple):
            stack += node
    return False


def _finding(exchange: Exchange, key: str, where: str, expected: Any = None, actual: Any = None) -> Finding:
    message = Message(f"monitors.{key}", {"operation": exchange.request.operation})
    return Finding(message, exchange.step, where, expected, actual)

"""No URL holds a personal identifier: neither one that was called nor one that a reply hands out."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.judgement import Fault, Finding
from conformance.model.standard import Standard
from conformance.model.text import Message
from conformance.model.wire import Exchange, Incoming, Raw, Reply, Request, SubjectToken
from conformance.monitors.monitor import Direction, Findings, Monitor, from_gateway
from conformance.monitors.personal import kinds

_HEADERS = ("location", "content-location", "link")
_GIVEN = frozenset({"authorization_id", "batch_id", "cursor"})
"""Parts of a request's URL that the platform chose."""
_BECOMES_URL = frozenset({"authorization_id", "batch_id", "next_cursor", "instance"})
"""Members of replies that stand in URLs, or become part of one."""
_DISCLOSED = "fields"
"""Disclosed values are judged elsewhere: a website among them is no address of the platform."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+|/[^\s]*")
_UNION_PAY = "62"


class UrlPrivacy(Monitor):
    """Judges the request URL, every URL in the reply, and every address that the platform calls."""

    requirement = "SEC-004"
    name = "url_privacy"

    def __init__(self, standard: Standard, card_prefixes: tuple[str, ...] = ()) -> None:
        personal = standard.desensitization.personal
        self._cards = (_UNION_PAY, *card_prefixes)
        self._personal = {
            item.code: frozenset(f.name for f in item.fields if f.sensitivity in personal)
            for item in standard.checklist.items
        }

    directions = frozenset({Direction.ANSWERED, Direction.SENT})

    def observe(self, exchange: Exchange) -> Findings | None:
        if from_gateway(exchange.reply):
            return None
        personal_values = frozenset(self._personal_values(exchange.request))
        return (*self._request(exchange, personal_values), *self._reply(exchange, personal_values))

    def observe_call(self, call: Incoming) -> Findings | None:
        """The platform chose the address that it calls, and knows the subject that it calls about."""
        personal_values = frozenset(self._personal_values_of_body(_parsed(call.body)))
        operation = {"operation": call.operation}
        return tuple(
            Finding(Message(f"monitors.url_{kind}", operation), None, "call.url", None, kind)
            for kind in sorted(kinds(call.url, self._cards, personal_values))
        )

    def _request(self, exchange: Exchange, personal_values: frozenset[str]) -> Iterator[Finding]:
        """The party at fault: the platform for identifiers that it chose, the suite for everything else."""
        request = exchange.request
        values = {**request.path, **request.query}
        platform_values = " ".join(values[name] for name in _GIVEN & values.keys())
        for kind in self._kinds(exchange.url, request, personal_values):
            chose_platform = kind in kinds(platform_values, self._cards, personal_values)
            fault = Fault.PLATFORM if chose_platform else Fault.SUITE
            yield _finding(exchange, "request.url", kind, fault)

    def _reply(self, exchange: Exchange, personal_values: frozenset[str]) -> Iterator[Finding]:
        for where, url in _urls(exchange.reply):
            for kind in self._kinds(url, exchange.request, personal_values):
                yield _finding(exchange, where, kind, Fault.PLATFORM)

    def _kinds(self, url: str, request: Request, personal_values: frozenset[str]) -> list[str]:
        """Kinds in a URL. An institution's own code may stand in it, whatever it looks like."""
        institution = request.path.get("institution_id")
        return sorted(
            kinds(url.replace(institution, "") if institution else url, self._cards, personal_values)
        )

    def _personal_values(self, request: Request) -> Iterator[str]:
        """Values of this exchange that are known to be personal."""
        if isinstance(request.credential, SubjectToken):
            assertion = request.credential.assertion
            yield from _identifier({"scheme": assertion.scheme, "value": assertion.value})
        yield from self._personal_values_of_body(_body(request))

    def _personal_values_of_body(self, body: Any) -> Iterator[str]:
        if isinstance(body, dict):
            yield from _subject(body.get("subject"))
            for record in _records(body):
                yield from _subject(record.get("subject"))
                yield from self._content(record)

    def _content(self, record: Mapping[str, Any]) -> Iterator[str]:
        names = self._personal.get(str(record.get("item_code")), frozenset())
        content = record.get("content")
        if isinstance(content, dict):
            values = (content.get(name) for name in names)
            yield from (value for value in values if isinstance(value, str) and _tells(value))


def _records(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    records = body.get("records")
    return [r for r in records if isinstance(r, dict)] if isinstance(records, list) else []


def _body(request: Request) -> Any:
    """The JSON value of a body; the lines of an NDJSON body as records."""
    if not isinstance(request.body, Raw):
        return request.body
    lines = request.body.content.splitlines() if "ndjson" in request.body.media_type else []
    return {"records": [record for line in lines for record in _json(line)]}


def _parsed(content: bytes) -> Any:
    """The JSON value of a body; None for anything else."""
    return next(_json(content), None)


def _json(content: bytes) -> Iterator[Any]:
    try:
        yield json.loads(content)
    except (ValueError, RecursionError):
        return


def _subject(subject: Any) -> Iterator[str]:
    """Identifiers of a person, and the name where the subject is one."""
    if not isinstance(subject, dict):
        return
    if subject.get("type") == "natural_person" and isinstance(subject.get("name"), str):
        yield subject["name"]
    ids = subject.get("ids")
    for identifier in ids if isinstance(ids, list) else ():
        yield from _identifier(identifier)


def _identifier(identifier: Any) -> Iterator[str]:
    if isinstance(identifier, dict) and identifier.get("scheme") == "resident_id":
        yield str(identifier.get("value"))


def _tells(value: str) -> bool:
    """Long enough not to stand in a URL by chance: two Chinese characters, or eight others."""
    return len(value) >= (8 if value.isascii() else 2)


def _urls(reply: Reply) -> Iterator[tuple[str, str]]:
    """Each URL of a reply with its place."""
    for name, value in reply.headers:
        if name in _HEADERS:
            yield f"reply.headers/{name}", value
    try:
        yield from _in_body(reply.json)
    except (ValueError, RecursionError):
        return


_Path = tuple[Any, str]
"""The path of the parent, and the name within it; most members are no URL, and need none written out."""


def _in_body(body: Any) -> Iterator[tuple[str, str]]:
    """URLs within a JSON value, with their pointers. Iterative: a hostile reply may be nested deeply."""
    stack: list[tuple[str, _Path, Any]] = [("", (None, "reply.body"), body)]
    while stack:
        name, path, node = stack.pop()
        if isinstance(node, dict):
            stack += [(k, (path, k), v) for k, v in node.items() if k != _DISCLOSED]
        elif isinstance(node, list):
            stack += [("", (path, str(n)), v) for n, v in enumerate(node)]
        elif isinstance(node, str) and (name in _BECOMES_URL or _URI.fullmatch(node)):
            yield _pointer(path), node


def _pointer(path: _Path) -> str:
    names: list[str] = []
    parent: Any = path
    while parent is not None:
        parent, name = parent
        names.append(name)
    return "/".join(reversed(names))


def _finding(exchange: Exchange, where: str, kind: str, fault: Fault) -> Finding:
    message = Message(f"monitors.url_{kind}", {"operation": exchange.request.operation})
    return Finding(message, exchange.step, where, None, kind, fault)

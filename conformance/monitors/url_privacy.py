"""No URL holds a personal identifier: neither one that was called nor one that a reply hands out."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.judgement import Fault, Finding
from conformance.model.standard import Standard
from conformance.model.text import Message
from conformance.model.wire import Exchange, Raw, Reply, Request, SubjectToken
from conformance.monitors.monitor import from_gateway
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


class UrlPrivacy:
    """Judges the request URL and every URL in the reply."""

    requirement = "SEC-004"
    name = "url_privacy"

    def __init__(self, standard: Standard, card_prefixes: tuple[str, ...] = ()) -> None:
        personal = standard.desensitization.personal
        self._cards = (_UNION_PAY, *card_prefixes)
        self._personal = {
            item.code: frozenset(f.name for f in item.fields if f.sensitivity in personal)
            for item in standard.checklist.items
        }

    def observe(self, exchange: Exchange) -> tuple[Finding, ...] | None:
        if from_gateway(exchange.reply):
            return None
        known = frozenset(self._known(exchange.request))
        return (*self._request(exchange, known), *self._reply(exchange, known))

    def _request(self, exchange: Exchange, known: frozenset[str]) -> Iterator[Finding]:
        """Whoever chose the value is at fault: the platform its identifiers, the suite everything else."""
        request = exchange.request
        values = {**request.path, **request.query}
        given = " ".join(values[name] for name in _GIVEN & values.keys())
        for kind in self._kinds(exchange.url, request, known):
            chosen = kind in kinds(given, self._cards, known)
            fault = Fault.PLATFORM if chosen else Fault.SUITE
            yield _finding(exchange, "request.url", kind, fault)

    def _reply(self, exchange: Exchange, known: frozenset[str]) -> Iterator[Finding]:
        for where, url in _urls(exchange.reply):
            for kind in self._kinds(url, exchange.request, known):
                yield _finding(exchange, where, kind, Fault.PLATFORM)

    def _kinds(self, url: str, request: Request, known: frozenset[str]) -> list[str]:
        """Kinds in a URL. An institution's own code may stand in it, whatever it looks like."""
        institution = request.path.get("institution_id")
        return sorted(kinds(url.replace(institution, "") if institution else url, self._cards, known))

    def _known(self, request: Request) -> Iterator[str]:
        """Values of this exchange that are known to be personal."""
        if isinstance(request.credential, SubjectToken):
            assertion = request.credential.assertion
            yield from _identifier({"scheme": assertion.scheme, "value": assertion.value})
        body = _body(request)
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


def _json(content: bytes) -> Iterator[Any]:
    try:
        yield json.loads(content)
    except ValueError:
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


def _in_body(body: Any) -> Iterator[tuple[str, str]]:
    """Without recursion: a hostile reply may be nested deeply."""
    stack = [("", "reply.body", body)]
    while stack:
        name, where, node = stack.pop()
        if isinstance(node, dict):
            stack += [(k, f"{where}/{k}", v) for k, v in node.items() if k != _DISCLOSED]
        elif isinstance(node, list):
            stack += [("", f"{where}/{n}", v) for n, v in enumerate(node)]
        elif isinstance(node, str) and (name in _BECOMES_URL or _URI.fullmatch(node)):
            yield where, node


def _finding(exchange: Exchange, where: str, kind: str, fault: Fault) -> Finding:
    message = Message(f"monitors.url_{kind}", {"operation": exchange.request.operation})
    return Finding(message, exchange.step, where, None, kind, fault)

"""A recorded run in which one reply, and those of the same operation after it, are replaced by odd ones."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.model.wire import Exchange, Incoming, Reply, Request
from conformance.runner.contexts import Port, Position, Transmission

Odd = Callable[[Reply], Reply]
JSON = (("content-type", "application/json"), ("date", "Mon, 02 Mar 2026 00:00:00 GMT"))
ATTEMPTS = 3


@dataclass(slots=True, kw_only=True)
class OddPort(Port):
    """Answers from the record, by operation and in order; from `step` on, one operation answers oddly."""

    recorded: Sequence[Exchange]
    calls: Sequence[Incoming]
    """Calls of the platform to the sources."""
    step: int
    odd: Odd
    _replies: dict[str, list[Exchange]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for exchange in self.recorded:
            self._replies.setdefault(exchange.request.operation, []).append(exchange)

    def exchange(self, request: Request, position: Position) -> Transmission:
        transmission = self._next(request.operation)
        strange = self.recorded[self.step - 1].request.operation == request.operation
        if strange and position.step >= self.step:
            return replace(transmission, reply=self.odd(transmission.reply))
        return transmission

    def _next(self, operation: str) -> Transmission:
        """The next recorded exchange; the last one repeats."""
        waiting = self._replies.get(operation, [])
        if not waiting:
            return Transmission("GET", "/", Reply(404, JSON, b"{}", 0.0))
        exchange = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return Transmission(exchange.method, exchange.url, exchange.reply)

    def try_again(self, position: Position, seconds_left: float) -> bool:
        del seconds_left
        return position.attempt < ATTEMPTS

    def arrived(self, look: int) -> Sequence[Incoming]:
        return [call for call in self.calls if not look or call.look <= look]


def instead(body: bytes, status: int | None = None, media_type: str = "application/json") -> Odd:
    """This body, by default with the status that was recorded."""

    def odd(reply: Reply) -> Reply:
        headers = (("content-type", media_type), *JSON[1:])
        return Reply(reply.status if status is None else status, headers, body, 0.0)

    return odd


DEEP = b"[" * 90_000 + b"]" * 90_000
NONSENSE: Mapping[str, Odd] = {
    "an empty object": instead(b"{}"),
    "an array": instead(b"[]"),
    "an array of null": instead(b"[null]"),
    "null": instead(b"null"),
    "a text": instead(b'""'),
    "a number": instead(b"0"),
    "true": instead(b"true"),
    "nothing": instead(b""),
    "half of it": instead(b'{"results": [{"status"'),
    "no UTF-8": instead(b'{"a": "\xff\xfe"}'),
    "deep nesting": instead(DEEP),
    "deep below a member": instead(b'{"status":' + DEEP + b',"results":' + DEEP + b"}"),
    "a huge number": instead(b'{"a": ' + b"9" * 5000 + b"}"),
    "a problem": instead(b'{"status": 500}', 500, "application/problem+json"),
    "a redirect": instead(b"", 302),
    "no content": instead(b"", 204),
    "a page": instead(b"<html></html>", 502, "text/html"),
    "slow down": instead(b"{}", 429, "application/problem+json"),
}
"""What says nothing at all."""

STRAYS: tuple[Any, ...] = (None, True, 7, -1e400, "x", "\ud800", "", [], {}, [None], [[]], [{}], {"": None})
"""What a member may turn into."""


def distorted(reply: Reply) -> Iterator[tuple[str, Odd]]:
    """The recorded reply with one member, wherever it stands, missing or turned into something else."""
    try:
        document = reply.json
    except ValueError:
        return
    places = list(_places(document))
    for place in places:
        yield f"without {place}", _distortion(document, place, None, remove=True)
        for stray in STRAYS:
            yield f"{place} = {stray!r}", _distortion(document, place, stray, remove=False)


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all members; of an array only the first element."""
    children = (
        node.items() if isinstance(node, dict) else enumerate(node[:1]) if isinstance(node, list) else ()
    )
    for name, child in children:
        yield (*path, name)
        yield from _places(child, (*path, name))


def _distortion(document: Any, path: tuple[Any, ...], stray: Any, *, remove: bool) -> Odd:
    def odd(reply: Reply) -> Reply:
        changed = copy.deepcopy(document)
        holder = changed
        for name in path[:-1]:
            holder = holder[name]
        if remove:
            del holder[path[-1]]
        else:
            holder[path[-1]] = stray
        return replace(reply, body=json.dumps(changed).encode())

    return odd

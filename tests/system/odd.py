"""A recorded run in which one reply, and those of the same operation after it, are replaced by odd ones."""

import copy
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any, TypeVar

from conformance.model.context import World
from conformance.model.judgement import Case
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.wire import Answer, Exchange, Incoming, Reply, Request
from conformance.runner.contexts import Fork, seeded

T = TypeVar("T")
Odd = Callable[[Reply], Reply]
JSON = (("content-type", "application/json"), ("date", "Mon, 02 Mar 2026 00:00:00 GMT"))
SEED, NONCE = 7, "odd"
ATTEMPTS = 3


@dataclass(kw_only=True)
class OddContext:
    """Answers from the record, by operation and in order; from `step` on, one operation answers oddly."""

    standard: Standard
    target: Target
    case: Case
    today: date
    recorded: Sequence[Exchange]
    asked: Sequence[Incoming]
    """What the platform asked the sources."""
    step: int
    odd: Odd
    sent: int = 0
    looks: int = 0
    waiting: bool = False
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = seeded(SEED, NONCE, self.case)
        self.left: dict[str, list[Reply]] = {}
        for exchange in self.recorded:
            self.left.setdefault(exchange.request.operation, []).append(exchange.reply)

    def send(self, request: Request) -> Reply:
        self.sent += 1
        reply = self._next(request.operation)
        strange = self.recorded[self.step - 1].request.operation == request.operation
        answer = self.odd(reply) if strange and self.sent >= self.step else reply
        return replace(answer, step=self.sent)

    def _next(self, operation: str) -> Reply:
        """The next recorded reply; the last one goes on being given."""
        waiting = self.left.get(operation, [])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0] if waiting else Reply(404, JSON, b"{}", 0.0)

    @property
    def world(self) -> World:
        return self

    def keep(self, record: Mapping[str, Any]) -> bool:
        del record
        return False

    def stage(self, item: str, identifier: str, answer: Answer) -> None:
        """What the sources were asked is on record."""

    def received(self) -> tuple[Incoming, ...]:
        self.looks += 1
        return tuple(incoming for incoming in self.asked if incoming.look <= self.looks)

    def plant(self, value: str) -> str:
        return value

    def wait_until(self, probe: Callable[[], T | None], within: float) -> T | None:
        del within
        return next((found for found in self._attempts(probe, ATTEMPTS) if found is not None), None)

    def repeat(self, probe: Callable[[], T | None]) -> T:
        return next(found for found in self._attempts(probe, sys.maxsize) if found is not None)

    def _attempts(self, probe: Callable[[], T | None], most: int) -> Iterator[T | None]:
        fork = None if self.waiting else Fork(self.random)
        outer, self.waiting = self.waiting, True
        try:
            for attempt in range(1, most + 1):
                if fork is not None:
                    fork.take(attempt)
                yield probe()
        finally:
            self.waiting = outer
            if fork is not None:
                fork.join()


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

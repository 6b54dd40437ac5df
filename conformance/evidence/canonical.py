"""Requests in a form that does not depend on the identifiers a platform chose.

A string that came from an earlier reply of the same case is written `{reply:<number><pointer>}`, so two runs
send equal canonical requests although the platform numbers its records differently. The number counts what a
case asks and not how often it had to ask again: all attempts of a wait count alike, and so do those of a
request that was answered 429.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.evidence import codec, personal
from conformance.model.wire import Exchange, Json, Reply, Request


@dataclass(slots=True)
class _Count:
    """Numbers the exchanges of a case as if nothing had ever to be asked again."""

    number: int = 0
    wait: int = 0
    attempt: int = 0
    before: int = 0
    """The number at which the wait began."""

    def following(self, wait: int, attempt: int, retry: int) -> int:
        if retry:
            return self.number
        if wait != self.wait:
            self.before = self.number
        elif wait and attempt != self.attempt:
            self.number = self.before
        self.wait, self.attempt = wait, attempt
        self.number += 1
        return self.number


class Canon:
    """Canonical requests of one case, step by step."""

    def __init__(self) -> None:
        self._count = _Count()
        self._references: dict[str, str] = {}
        self._sent: set[str] = set()

    def request(self, request: Request) -> Json:
        """The canonical form of the next request."""
        data = _sent(request)
        self._sent.update(text for _, text in _strings(data) if text not in self._references)
        return _replaced(data, self._references)

    def learn(self, reply: Reply, wait: int = 0, attempt: int = 0, retry: int = 0) -> None:
        """Remember the strings that the platform made up: those the case has not sent before."""
        number = self._count.following(wait, attempt, retry)
        for pointer, text in _strings(_content(reply)):
            if text and text not in self._sent:
                self._references.setdefault(text, f"{{reply:{number}{pointer}}}")


def canonical(exchanges: Iterable[Exchange]) -> tuple[Json, ...]:
    """Canonical requests of a case. Of a wait only the last attempt counts, as their number varies.

    Nor does a request count that was answered 429 and sent again.
    """
    canon, requests = Canon(), []
    for exchange in _settled(tuple(exchanges)):
        requests.append(canon.request(exchange.request))
        canon.learn(exchange.reply)
    return tuple(requests)


def digest(request: Json) -> str:
    """SHA-256 of a canonical request."""
    text = json.dumps(request, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stepwise(exchanges: Iterable[Exchange]) -> Iterator[tuple[Exchange, str]]:
    """Each exchange with the digest of its canonical request, every attempt counted."""
    canon = Canon()
    for exchange in exchanges:
        yield exchange, digest(canon.request(exchange.request))
        canon.learn(exchange.reply, exchange.wait, exchange.attempt, exchange.retry)


def _sent(request: Request) -> dict[str, Json]:
    """The JSON form of what is sent; whether the suite repeats it after a 429 is not part of that."""
    return {name: value for name, value in codec.write_request(request).items() if name != "patient"}


def personal_values(request: Request) -> tuple[str, ...]:
    """Personal-looking values of a request, in a stable order; all of them synthetic."""
    texts: list[str] = []
    _add_texts(_sent(request), texts)
    return tuple(value for text in texts for value in personal.found_in(text))


def _add_texts(value: Json, texts: list[str]) -> None:
    """Append every string within a JSON value that may hold something personal, in order."""
    if isinstance(value, str):
        if len(value) >= personal.SHORTEST:
            texts.append(value)
    elif isinstance(value, Mapping):
        for part in value.values():
            _add_texts(part, texts)
    elif isinstance(value, list | tuple):
        for part in value:
            _add_texts(part, texts)


def _settled(exchanges: tuple[Exchange, ...]) -> Iterator[Exchange]:
    last = {exchange.wait: exchange.attempt for exchange in exchanges}
    repeated = {exchange.step - 1 for exchange in exchanges if exchange.retry}
    for exchange in exchanges:
        if exchange.attempt == last[exchange.wait] and exchange.step not in repeated:
            yield replace(exchange, wait=0, attempt=0, retry=0)


def _content(reply: Reply) -> Json:
    headers = {name: value for name, value in reply.headers if name == "location"}
    try:
        return {"": reply.json, "headers": headers} if reply.body else {"headers": headers}
    except (ValueError, RecursionError):
        return {"headers": headers}


def _strings(value: Json, pointer: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield pointer, value
        case Mapping():
            for name, part in value.items():
                yield from _strings(part, f"{pointer}/{name}" if name else pointer)
        case list() | tuple():
            for index, part in enumerate(value):
                yield from _strings(part, f"{pointer}/{index}")


def _replaced(value: Json, references: Mapping[str, str]) -> Any:
    match value:
        case str():
            return references.get(value, value)
        case Mapping():
            return {name: _replaced(part, references) for name, part in value.items()}
        case list() | tuple():
            return [_replaced(part, references) for part in value]
        case _:
            return value

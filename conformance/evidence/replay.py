"""Restoration of recorded replies: values planted again by the check, stand-ins for all others."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from conformance.evidence.planted import Vault
from conformance.model.wire import Incoming, Reply

HIDDEN = re.compile(r"\{(?:planted|secret|commitment):[^{}]*\}")
PLANTER = re.compile(r"\{planted:([^{}]*)#[0-9]+\}")
Restore = Callable[[str], str]


def restored(reply: Reply, vault: Vault, case: str) -> Reply:
    """The reply with its values restored; values of other cases have to be planted again before."""
    restore = _restorer(vault, case)
    headers = tuple((name, restore(value)) for name, value in reply.headers)
    return replace(reply, headers=headers, body=_body(reply.body, restore))


def restored_incoming(incoming: Incoming, vault: Vault, case: str) -> Incoming:
    """The received request with its values restored, so that the check can judge it."""
    restore = _restorer(vault, case)
    return replace(incoming, url=url(incoming.url, vault, case), body=_body(incoming.body, restore))


def planters(reply: Reply) -> set[str]:
    """The cases whose planted values are hidden in a recorded reply."""
    headers = " ".join(value for _, value in reply.headers)
    return set(PLANTER.findall(headers) + PLANTER.findall(reply.body.decode("utf-8", "replace")))


def url(recorded: str, vault: Vault, case: str) -> str:
    plain = unquote(recorded)
    whole = _restorer(vault, case)(plain)
    return recorded if whole == plain else quote(whole, safe="/?&=:")


def _restorer(vault: Vault, case: str) -> Restore:
    values = {label: value for value, label in vault.planted(case).items()}

    def one(match: re.Match[str]) -> str:
        label = match[0]
        if label.startswith("{planted:"):
            return values.get(label) or vault.value_of(label) or label
        return vault.stand_in(label)

    return lambda text: HIDDEN.sub(one, text)


def _body(body: bytes, restore: Restore) -> bytes:
    if not HIDDEN.search(body.decode("latin-1")):
        return body
    try:
        return json.dumps(
            _json(json.loads(body), restore), ensure_ascii=False, separators=(",", ":")
        ).encode()
    except (ValueError, RecursionError):
        return b"\n".join(_line(line, restore) for line in body.split(b"\n"))


def _line(line: bytes, restore: Restore) -> bytes:
    try:
        return json.dumps(
            _json(json.loads(line), restore), ensure_ascii=False, separators=(",", ":")
        ).encode()
    except (ValueError, RecursionError):
        return restore(line.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _json(value: Any, restore: Restore) -> Any:
    match value:
        case str():
            return restore(value)
        case dict():
            return {restore(name): _json(part, restore) for name, part in value.items()}
        case list():
            return [_json(part, restore) for part in value]
        case _:
            return value

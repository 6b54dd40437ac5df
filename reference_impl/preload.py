"""Records loaded from files before a platform serves, as its operator does with data prepared elsewhere."""

from collections.abc import Iterator
from pathlib import Path

from reference_impl.http.pipeline import Platform
from reference_impl.parts.base import BaseParts
from reference_impl.parts.collection import CollectionParts
from reference_impl.policy.model import Caller
from reference_impl.policy.source import Consultation
from reference_impl.store.repository import Store
from reference_impl.wire.message import NDJSON, Call, Request

OPERATOR = "operator"


def load(platform: Platform, folder: Path) -> int:
    """Store all records of `items/*.ndjson`; their number. Raises ValueError where one is rejected."""
    files = sorted((folder / "items").glob("*.ndjson"))
    if not files:
        raise ValueError(f"{folder} holds no data set: there is no items/*.ndjson")
    with platform.database.transaction(write=True) as connection:
        call = _call(platform, Store(connection, platform.keys))
        return sum(_load_file(call, file) for file in files)


def _load_file(call: Call, file: Path) -> int:
    group = call.parts[CollectionParts]
    outcomes = group.collect(call, group.read_lines(file.read_bytes()))
    for outcome in outcomes:
        if outcome["outcome"] == "rejected":
            codes = sorted({reason["code"] for reason in outcome["reasons"]})
            raise ValueError(f"{file.name}, line {outcome['index'] + 1} is not taken: {', '.join(codes)}")
    return len(outcomes)


def _call(platform: Platform, store: Store) -> Call:
    sender = next(_providers(platform), OPERATOR)
    return Call(
        operation="createBatch",
        request=Request("POST", "", {}, {}, {"content-type": NDJSON}, b""),
        body=None,
        caller=Caller(sender, "provider", "provider", frozenset()),
        now=platform.parts[BaseParts].clock(),
        store=store,
        parts=platform.parts,
        settings=platform.settings,
        parameters=platform.knowledge.parameters,
        keys=platform.keys,
        consultation=Consultation(final=True),
    )


def _providers(platform: Platform) -> Iterator[str]:
    """Client ids of providers: loaded records count as delivered by the first."""
    return (c.client_id for c in platform.settings.trust.clients.values() if c.role == "provider")

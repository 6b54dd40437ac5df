"""Bodies: read with a hard limit, and parsed without the liberties that JSON parsers usually take."""

import json
import math
from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson

from reference_impl.policy.collection import Line
from reference_impl.policy.model import Refusal

DRAIN_FACTOR = 8


async def read(stream: AsyncIterator[bytes], limit: int) -> bytes:
    """The whole body. Beyond the limit it is read on for a while, so that the sender hears the answer."""
    chunks, size = [], 0
    async for chunk in stream:
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        elif size > limit * DRAIN_FACTOR:
            break
    if size > limit:
        raise Refusal("payload_too_large", headers={"Connection": "close"})
    return b"".join(chunks)


def parse(body: bytes) -> Any:
    """The JSON value of a body; anything that two readers might understand differently is refused."""
    try:
        return strict(body)
    except (ValueError, RecursionError, TypeError):
        raise Refusal("malformed_request") from None


def strict(body: bytes) -> Any:
    """JSON without duplicate names, NaN, infinities, lone surrogates, huge integers or deep nesting."""
    value = json.loads(
        body.decode("utf-8"), object_pairs_hook=_members, parse_constant=_refuse, parse_float=_finite
    )
    orjson.dumps(
        value
    )  # what cannot be written again (surrogates, depth, 64-bit overflow) is not read either
    return value


def lines(body: bytes) -> Iterator[Line]:
    """The records of an NDJSON delivery, one a line; one that is not a JSON object is malformed."""
    present = (line for line in body.split(b"\n") if line.strip())
    for index, line in enumerate(present):
        try:
            record = strict(line)
        except (ValueError, RecursionError, TypeError):
            yield Line(index, None, malformed=True)
        else:
            yield Line(index, record, malformed=not isinstance(record, dict))


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate name")
    return members


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("out of range")
    return value

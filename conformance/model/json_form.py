"""JSON forms of values that JSON does not know, as annotations of dataclass fields for pydantic."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core.core_schema import CoreSchema


@dataclass(frozen=True, slots=True)
class JsonForm:
    """Annotation of a field: `write` gives its JSON form, `read` the value back.

    The schema is a plain mapping, so that values can be imported without pydantic; only encoding loads it.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": self.read},
            "serialization": {"type": "function-plain", "function": self.write},
        }


def write_octets(value: bytes) -> dict[str, str]:
    """Bytes as `{"text": ...}` where they are UTF-8, else as `{"base64": ...}`."""
    try:
        return {"text": value.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(value).decode()}


def read_octets(data: Mapping[str, str]) -> bytes:
    """The bytes of what `write_octets` made."""
    return data["text"].encode() if "text" in data else b64decode(data["base64"])


def _unchanged(value: Any) -> Any:
    return value


def _microseconds(value: float) -> float:
    return round(value, 6)


OCTETS = JsonForm(write_octets, read_octets)
AS_IS = JsonForm(_unchanged, _unchanged)
"""A JSON value already."""
SECONDS = JsonForm(_microseconds, _unchanged)
"""Seconds, written to the microsecond."""

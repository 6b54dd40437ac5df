"""Why a record is not taken: each fault a validator finds as a stable reason code with a pointer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import jsonschema_rs

Text = Mapping[str, str]

CODES = {
    "pattern": "format",
    "format": "format",
    "not": "format",
    "minLength": "format",
    "maxLength": "format",
    "enum": "code_set",
    "falseSchema": "forbidden_field",
}
WHOLE = ""
MEMBERS = frozenset({"additionalProperties", "unevaluatedProperties"})


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason: a code of `rejection_reason`, where, the cross-field rule if it is one, and a text."""

    code: str
    pointer: str
    rule: str | None
    message: Text


def rejections(
    validator: jsonschema_rs.Draft202012Validator, value: object, texts: Mapping[str, Text]
) -> tuple[Rejection, ...]:
    """Each fault once, by code and pointer."""
    try:
        places = dict.fromkeys(place for error in validator.iter_errors(value) for place in _places(error))
    except (UnicodeError, ValueError):  # not JSON at all: a lone surrogate, for example
        places = {("format", ""): None}
    return tuple(Rejection(code, at, None, texts[code]) for code, at in places)


def unsound_members(found: Iterable[Rejection]) -> frozenset[str]:
    """The members at fault; `WHOLE` if a fault is of no single member."""
    return frozenset(rejection.pointer.partition("/")[2].partition("/")[0] for rejection in found)


def pointer(path: Iterable[str | int]) -> str:
    """RFC 6901."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _places(error: jsonschema_rs.ValidationError) -> Iterator[tuple[str, str]]:
    """A missing or unwanted member is pointed at itself, not at the object that lacks or holds it."""
    keyword, path = error.kind.name, error.instance_path
    if keyword in MEMBERS:
        yield from (("forbidden_field", pointer([*path, name])) for name in _unexpected(error))
    elif keyword == "not" and (names := _unwanted(error)):
        yield from (("forbidden_field", pointer([*path, name])) for name in names)
    elif keyword == "required":
        yield "schema", pointer([*path, str(error.kind.as_dict()["property"])])
    else:
        yield CODES.get(keyword, "schema"), pointer(path)


def _unexpected(error: jsonschema_rs.ValidationError) -> Sequence[str]:
    names: Sequence[str] = error.kind.as_dict()["unexpected"]
    return names


def _unwanted(error: jsonschema_rs.ValidationError) -> Sequence[str]:
    """The members that `not: {required: [...]}` forbids together."""
    refused = error.kind.as_dict().get("schema")
    return refused["required"] if isinstance(refused, dict) and refused.keys() == {"required"} else ()

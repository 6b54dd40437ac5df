"""JSON values as JSON sees them: `true` is not `1`, and a pointer names a place."""

from collections.abc import Mapping, Sequence
from typing import Any


def same(left: Any, right: Any) -> bool:
    """Equality of JSON values; Python alone would take `True` for `1`."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if _is_array(left) and _is_array(right):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def among(value: Any, values: Sequence[Any]) -> bool:
    return any(same(value, other) for other in values)


def resolve(document: Any, pointer: str) -> Any:
    """The value at an RFC 6901 pointer; raises LookupError if there is none."""
    part = document
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(part, Mapping):
            part = part[name]
        elif _is_array(part) and name.isdecimal():
            part = part[int(name)]
        else:
            raise LookupError(pointer)
    return part


def is_a(value: Any, kind: type) -> bool:
    """True if a JSON value is of a type; a text with half a character cannot be sent back, so it is none."""
    if isinstance(value, bool):
        return kind in (bool, object)
    if kind is str and isinstance(value, str):
        return value.encode("utf-8", "ignore").decode() == value
    return isinstance(value, kind)


def _is_array(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)

"""The vocabulary of judgement: what a check expects of a reply; a failure says where, what, what instead."""

from collections.abc import Container, Mapping, Sequence
from typing import Any, NoReturn, TypeVar, overload

from conformance.expect.json import among, is_a, resolve, same
from conformance.expect.outcomes import Inconclusive, NotVerified, SuiteError, Undecided, Violation
from conformance.model.judgement import Finding
from conformance.model.media_types import PROBLEM
from conformance.model.text import Message
from conformance.model.wire import Reply

__all__ = [
    "Inconclusive",
    "NotVerified",
    "SuiteError",
    "Undecided",
    "Violation",
    "absent",
    "at",
    "contains",
    "equal",
    "json_object",
    "objects",
    "problem",
    "same",
    "status",
    "true",
    "violated",
]

TOO_MANY_REQUESTS = 429
T = TypeVar("T")
_JSON_NAMES: Mapping[type, str] = {dict: "object", list: "array", str: "string", int: "integer"}


def status(reply: Reply, *allowed: int) -> None:
    """The reply has one of the statuses."""
    _status(reply, allowed)


def problem(reply: Reply, status: int | tuple[int, ...], code: str | tuple[str, ...]) -> Mapping[str, Any]:
    """The reply is an error in the standard's form, with one of the statuses and one of the codes."""
    _status(reply, _many(status))
    if reply.media_type != PROBLEM:
        violated("expect.media_type", "reply.headers/content-type", PROBLEM, reply.media_type, reply)
    body = json_object(reply)
    if not among(body.get("code"), _many(code)):
        violated("expect.problem_code", "reply.body/code", _one(_many(code)), body.get("code"), reply)
    return body


def equal(actual: Any, expected: Any, where: str, reply: Reply | None = None) -> None:
    """Two JSON values are the same."""
    try:
        equals = same(actual, expected)
    except RecursionError:  # nested so deeply that no reader compares it
        violated("expect.equal", where, "...", "...", reply)
    if not equals:
        violated("expect.equal", where, expected, actual, reply)


def contains(values: Container[Any], member: Any, where: str, reply: Reply | None = None) -> None:
    """The member is among the values, or the text is part of the text."""
    if not _holds(values, member):
        violated("expect.contains", where, member, values, reply)


def absent(values: Container[Any], member: Any, where: str, reply: Reply | None = None) -> None:
    """The member is not among the values, or the text is no part of the text."""
    if _holds(values, member):
        violated("expect.absent", where, member, values, reply)


def true(
    condition: object, message: Message, *, where: str = "", reply: Reply | None = None, actual: Any = None
) -> None:
    """The condition holds; the message says what it means that it does not."""
    if not condition:
        raise Violation(Finding(message, _step(reply), where, actual=actual))


def json_object(reply: Reply) -> dict[str, Any]:
    """The body as a JSON object."""
    _from_platform(reply)
    body = _json(reply)
    if not isinstance(body, dict):
        violated("expect.json_object", "reply.body", "object", type(body).__name__, reply)
    return body


@overload
def at(reply: Reply, pointer: str) -> Any: ...
@overload
def at(reply: Reply, pointer: str, of: type[T]) -> T: ...
def at(reply: Reply, pointer: str, of: type[Any] = object) -> Any:
    """The value at a JSON pointer of the body, of the JSON type that `of` stands for.

    A platform may answer anything: what is missing or of another type is its fault, not the check's.
    """
    _from_platform(reply)
    try:
        value = resolve(_json(reply), pointer)
    except LookupError:
        violated("expect.member", f"reply.body{pointer}", pointer, None, reply)
    if not is_a(value, of):
        violated("expect.type", f"reply.body{pointer}", _JSON_NAMES[of], _named(value), reply)
    return value


def objects(reply: Reply, pointer: str) -> list[dict[str, Any]]:
    """The array of objects at a JSON pointer of the body."""
    return [at(reply, f"{pointer}/{n}", dict) for n, _ in enumerate(at(reply, pointer, list))]


def violated(key: str, where: str, expected: Any, actual: Any, reply: Reply | None = None) -> NoReturn:
    """Raise the violation in the one shape of messages: WHERE: expected X, received Y."""
    message = Message(key, {"where": where, "expected": expected, "actual": actual})
    raise Violation(Finding(message, _step(reply), where, expected, actual))


def _status(reply: Reply, allowed: tuple[int, ...]) -> None:
    _from_platform(reply)
    if reply.status == TOO_MANY_REQUESTS and TOO_MANY_REQUESTS not in allowed:
        # Whoever is asked to slow down has learned nothing about the requirement.
        raise Inconclusive(Message("expect.rate_limited", {"step": reply.step}))
    if reply.status not in allowed:
        violated("expect.status", "reply.status", _one(allowed), reply.status, reply)


def _json(reply: Reply) -> Any:
    try:
        return reply.json
    except (ValueError, RecursionError):
        violated("expect.json", "reply.body", "JSON", reply.media_type or "?", reply)


def _from_platform(reply: Reply) -> None:
    """A web page is the answer of a gateway in between, which says nothing about the platform."""
    if reply.media_type in {"text/html", "application/xhtml+xml"}:
        raise Inconclusive(Message("expect.gateway", {"status": reply.status, "step": reply.step}))


def _holds(values: Container[Any], member: Any) -> bool:
    if isinstance(values, Sequence) and not isinstance(values, str | bytes):
        return among(member, values)
    try:
        return member in values
    except TypeError:  # an array or an object is no key of anything
        return False


def _named(value: Any) -> str:
    return next((name for kind, name in _JSON_NAMES.items() if is_a(value, kind)), repr(value))


def _step(reply: Reply | None) -> int | None:
    return reply.step if reply and reply.step else None


def _many(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _one(values: tuple[Any, ...]) -> Any:
    return values[0] if len(values) == 1 else list(values)

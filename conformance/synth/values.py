"""Legal values of one field by its schema alone; its desensitization type only makes them more realistic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from random import Random
from typing import Any

from conformance.model.shapes import JsonSchema
from conformance.synth import identities
from conformance.synth.identities import Reserved
from conformance.synth.patterns import matching

_TRIES = 200
_PAST_DAYS = 1500
_WHOLE_DIGITS = 7
_LARGEST = 2_147_483_647
_FILLER = "示例样本演示模拟试用范本虚构假设练习校验"


class Size(Enum):
    """Selection among the legal values: any, or one at a boundary."""

    ANY = -1.0
    SHORTEST = 0.0
    LONGEST = 1.0


class NoValueError(ValueError):
    """No legal value was found: a contradictory schema, or an unsupported construct."""


@dataclass(frozen=True, slots=True)
class Values:
    """A source of legal values."""

    random: Random
    reserved: Reserved
    today: date

    def value(self, schema: JsonSchema, hint: str = "", size: Size = Size.ANY) -> Any:
        """A legal value of a schema, realistic for the desensitization type that `hint` names.

        Where nothing is legal at the boundary, any legal value. Raises NoValueError where none is found.
        """
        for attempt in range(_TRIES):
            early = attempt < _TRIES // 2
            candidate = self._draw(schema, hint if early else "", size if early else Size.ANY)
            if fits(schema, candidate):
                return candidate
        raise NoValueError(f"no value for {dict(schema)}")

    def _draw(self, schema: JsonSchema, hint: str, size: Size) -> Any:
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._code(schema["enum"])
        by_type: dict[str, Callable[[], Any]] = {
            "boolean": lambda: self.random.random() < 0.5,
            "integer": lambda: self._integer(schema, size),
            "number": lambda: self._integer(schema, size),
            "object": lambda: self._object(schema, size),
            "array": lambda: self._array(schema, size),
        }
        return by_type.get(_type(schema), lambda: self._string(schema, hint, size))()

    def _code(self, codes: list[Any]) -> Any:
        """A code; among divisions (GB/T 2260), one that is reserved for tests."""
        reserved = frozenset(self.reserved["divisions"])
        return self.random.choice([c for c in codes if c in reserved] or codes)

    def _integer(self, schema: JsonSchema, size: Size) -> int:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
        high = schema.get("maximum", schema.get("exclusiveMaximum", _LARGEST + 1) - 1)
        if size is Size.ANY and self.random.random() < 0.75:
            return self.random.randint(low, min(high, low + 10**_WHOLE_DIGITS))
        return int({Size.SHORTEST: low, Size.LONGEST: high}.get(size, self.random.choice((low, high))))

    def _object(self, schema: JsonSchema, size: Size) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            name: self.value(part, part.get("x-desensitization", ""), size)
            for name, part in schema.get("properties", {}).items()
            if name in required or size is Size.LONGEST or (size is Size.ANY and self.random.random() < 0.8)
        }

    def _array(self, schema: JsonSchema, size: Size) -> list[Any]:
        low = schema.get("minItems", 0)
        high = schema.get("maxItems", low + 2)
        count = {Size.SHORTEST: low, Size.LONGEST: high}.get(size, max(low, min(high, 1)))
        return [self.value(schema.get("items", {}), "", size) for _ in range(count)]

    def _string(self, schema: JsonSchema, hint: str, size: Size) -> str:
        drawn = self._format(schema, size) if "format" in schema else None
        if drawn is None and size is Size.ANY:
            drawn = self._realistic(hint)
        return self._pattern(schema, size) if drawn is None else drawn

    def _format(self, schema: JsonSchema, size: Size) -> str | None:
        """A value of a format; None where the pattern has to serve."""
        name = schema["format"]
        identity = _IDENTITIES.get(name)
        if identity:
            return identity(self.random, self.reserved)
        if name == "decimal":
            return self._decimal() if size is Size.ANY else None
        template = _TIMES.get(name)
        at = datetime.combine(self._day(), time(self.random.randrange(24), self.random.randrange(60)))
        return at.strftime(template) if template else None

    def _day(self) -> date:
        return self.today - timedelta(days=self.random.randrange(_PAST_DAYS))

    def _decimal(self) -> str:
        if self.random.random() < 0.1:
            return "0"
        whole = self.random.randrange(1, 10 ** self.random.randint(2, _WHOLE_DIGITS))
        return f"{whole}.{self.random.randrange(100):02d}"

    def _realistic(self, hint: str) -> str | None:
        make = _REALISTIC.get(hint)
        return make(self.random, self.reserved) if make else None

    def _pattern(self, schema: JsonSchema, size: Size) -> str:
        for part in reversed((schema, *schema.get("allOf", ()))):
            if "pattern" in part:
                return matching(part["pattern"], self.random, size.value)
        low = schema.get("minLength", 1)
        high = schema.get("maxLength", low + 20)
        length = {Size.SHORTEST: low, Size.LONGEST: high}.get(size, min(high, max(low, 8)))
        return "".join(self.random.choice(_FILLER) for _ in range(length))


def fits(schema: JsonSchema, value: Any) -> bool:
    """True if a value obeys the schema, formats aside: these are legal by construction."""
    if "enum" in schema and value not in schema["enum"]:
        return False
    return _validator(_SchemaKey(schema))(value)


class _SchemaKey:
    """A schema as a cache key, equal to itself alone: it never changes, and comparing two is slow."""

    __slots__ = ("schema",)

    def __init__(self, schema: JsonSchema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SchemaKey) and self.schema is other.schema


@lru_cache(maxsize=1024)
def _validator(key: _SchemaKey) -> Callable[[Any], bool]:
    """Predicate: does a value obey the schema, its enumeration aside?"""
    import jsonschema_rs

    try:
        validator = jsonschema_rs.validator_for({k: v for k, v in plain(key.schema).items() if k != "enum"})
    except jsonschema_rs.ValidationError as error:
        raise NoValueError(str(error)) from error
    return validator.is_valid


def plain(schema: JsonSchema) -> dict[str, Any]:
    """The schema without formats and annotations."""
    return {k: v for k, v in schema.items() if k != "format" and not k.startswith("x-")}


def _type(schema: JsonSchema) -> str:
    kind = schema.get("type", "string")
    return str(kind[0] if isinstance(kind, list) else kind)


_IDENTITIES: Mapping[str, Callable[[Random, Reserved], str]] = {
    "uscc": identities.uscc,
    "resident-id": identities.resident_id,
    "org-code": identities.org_code,
    "patent-no": identities.patent_no,
}
_TIMES = {
    "calendar-date": "%Y-%m-%d",
    "date": "%Y-%m-%d",
    "year-month": "%Y%m",
    "datetime-cst": "%Y-%m-%dT%H:%M:00+08:00",
    "date-time": "%Y-%m-%dT%H:%M:00+08:00",
}
_REALISTIC: Mapping[str, Callable[[Random, Reserved], str]] = {
    "person_name": identities.person_name,
    "company_name": identities.organization_name,
    "address": identities.address,
    "email": identities.email,
    "phone": identities.mobile,
    "mobile": identities.mobile,
    "passport": identities.passport,
    "plate": identities.plate,
    "bank_card": identities.bank_card,
    "taxpayer_id": identities.uscc,
    "free_text": identities.free_text,
}

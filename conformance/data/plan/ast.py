"""The language of plans: what a row has to be, in terms that any engine can carry out.

A term over an absent member has no value, as NULL has none; `All` and `Any` are those of three-valued logic.
So a term behind a `Has` guard means what it means in CEL. A row is accepted where a term is true,
and only there.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matches:
    """The text has a place that the pattern matches (JSON Schema `pattern`)."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Length:
    """The text has so many code points, both ends included."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these."""

    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Formatted:
    """The text has a format of this standard."""

    format: str


@dataclass(frozen=True, slots=True)
class Within:
    """The integer lies between the ends, both included."""

    least: int | None = None
    most: int | None = None


Test = Matches | Length | OneOf | Formatted | Within


@dataclass(frozen=True, slots=True)
class Constant:
    value: bool


@dataclass(frozen=True, slots=True)
class Has:
    """The row has the member."""

    field: str


@dataclass(frozen=True, slots=True)
class Fits:
    """The member passes a test; without the member there is no value."""

    field: str
    test: Test


@dataclass(frozen=True, slots=True)
class Not:
    term: "Term"


@dataclass(frozen=True, slots=True)
class All:
    terms: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Any:
    terms: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A member as it is."""

    field: str


@dataclass(frozen=True, slots=True)
class Cents:
    """A decimal text as integer hundredths."""

    field: str


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Sum:
    """Integers added up and, where the sign is -1, taken away."""

    parts: tuple[tuple[int, "Operand"], ...]


Operand = Value | Cents | Literal | Sum


@dataclass(frozen=True, slots=True)
class Compare:
    """`==`, `!=`, `<`, `<=`, `>` or `>=` between values of one type; texts by code points."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """The value is one of these literals."""

    operand: Operand
    values: tuple[str | int, ...]


Term = Constant | Has | Fits | Not | All | Any | Compare | Among


def fields_of(part: "Term | Operand") -> Iterator[str]:
    """The members that a term speaks of."""
    match part:
        case Has(field) | Fits(field, _) | Value(field) | Cents(field):
            yield field
        case Not(inner):
            yield from fields_of(inner)
        case All(inners) | Any(inners):
            for inner in inners:
                yield from fields_of(inner)
        case Compare(_, left, right):
            yield from (*fields_of(left), *fields_of(right))
        case Among(operand, _):
            yield from fields_of(operand)
        case Sum(parts):
            for _, summand in parts:
                yield from fields_of(summand)


class InexpressibleError(Exception):
    """No term means this."""

    def __init__(self, construct: str) -> None:
        super().__init__(construct)
        self.construct = construct

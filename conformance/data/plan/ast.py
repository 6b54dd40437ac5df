"""Terms of row plans: conditions on a row that every engine can evaluate.

A term over an absent member has no value (as SQL NULL); `All` and `Any` follow three-valued logic.
A term behind a `Has` guard therefore means what it means in CEL. A row is accepted if the term is true,
and only there.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matches:
    """The pattern matches somewhere in the text (JSON Schema `pattern`)."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Length:
    """The number of code points lies in the closed range (JSON Schema `minLength`, `maxLength`)."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of the listed values (JSON Schema `enum`, `const`)."""

    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Formatted:
    """The text is valid in a format of the standard."""

    format: str


@dataclass(frozen=True, slots=True)
class Within:
    """The integer lies in the closed range (JSON Schema `minimum`, `maximum`)."""

    least: int | None = None
    most: int | None = None


Test = Matches | Length | OneOf | Formatted | Within


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant truth value."""

    value: bool


@dataclass(frozen=True, slots=True)
class Has:
    """The member is present."""

    field: str


@dataclass(frozen=True, slots=True)
class Fits:
    """The member passes a test; no value if it is absent."""

    field: str
    test: Test


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; no value if its term has none."""

    term: "Term"


@dataclass(frozen=True, slots=True)
class All:
    """Conjunction in three-valued logic."""

    terms: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Disjunction in three-valued logic."""

    terms: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a member."""

    field: str


@dataclass(frozen=True, slots=True)
class Cents:
    """A decimal text of a member as integer hundredths."""

    field: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant operand."""

    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum of integer operands, each with sign 1 or -1."""

    parts: tuple[tuple[int, "Operand"], ...]


Operand = Value | Cents | Literal | Sum


@dataclass(frozen=True, slots=True)
class Compare:
    """Comparison (`==`, `!=`, `<`, `<=`, `>`, `>=`) of values of one type; texts by code point."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """The operand equals one of the literals."""

    operand: Operand
    values: tuple[str | int, ...]


Term = Constant | Has | Fits | Not | All | Any | Compare | Among


def fields_of(part: "Term | Operand") -> Iterator[str]:
    """Yield the members that a term reads, with repetitions."""
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
    """A construct that terms cannot express."""

    def __init__(self, construct: str) -> None:
        super().__init__(construct)
        self.construct = construct

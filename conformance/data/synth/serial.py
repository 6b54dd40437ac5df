"""Serial key fields: key fields that can contain the row number, which makes keys unique."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from random import Random

import polars as pl

from conformance.data.synth.counter_random import Places
from conformance.data.synth.identifiers import BY_FORMAT, numerals
from conformance.data.synth.realistic_values import Lifelike
from conformance.model.shapes import Field, Item
from conformance.synth.values import fits

_WIDTH = 10
_TRIES = 200
_AROUND = ("测字〔2026〕第", "号")
_CODES = frozenset({"plain", "account_no", "code"})


@dataclass(frozen=True, slots=True)
class Serial:
    """A field with a distinct text for each number below a limit."""

    field: str
    limit: int
    texts: Callable[[Places], pl.Series]


def serial(item: Item, free: frozenset[str], values: Lifelike, rows: int) -> Serial | None:
    """First key field that can distinguish `rows` rows; None if there is none.

    `free`: fields that no rule or condition mentions.
    """
    fields = (f for f in item.fields if f.name in item.key and f.name in free)
    found = (_by_format(f, values) or _by_number(f, values) for f in fields)
    return next((one for one in found if one and one.limit >= rows), None)


def _by_format(field: Field, values: Lifelike) -> Serial | None:
    make, limit = BY_FORMAT.get(field.schema.get("format", ""), (None, None))
    if make is None or limit is None:
        return None
    sample = make(pl.Series([0]).to_numpy(), values.reserved)[0]
    if not fits(field.schema, sample):
        return None
    return Serial(field.name, limit(values.reserved), lambda numbers: make(numbers, values.reserved))


def _by_number(field: Field, values: Lifelike) -> Serial | None:
    """A serial field with a number in its text: after a fixed prefix, or wherever the schema allows one."""
    if not _is_number(field):
        return None
    samples = (values.value(field.schema, field.desensitization_type) for _ in range(_TRIES))
    around = chain([_AROUND], (_gap(field, text, values.random) for text in samples))
    gap = next((one for one in around if one and _accepts_numbers(field, *one, values.random)), None)
    return None if gap is None else Serial(field.name, 10**_WIDTH, partial(_insert_number, *gap))


def _insert_number(before: str, after: str, numbers: Places) -> pl.Series:
    return before + numerals(numbers, _WIDTH) + after


def _is_number(field: Field) -> bool:
    """True if the field is a free-form number or code, by desensitization type and name."""
    bound = {"enum", "const", "format"} & field.schema.keys()
    is_number_field = field.name.endswith("_no") or field.element.endswith("_no")
    return (
        is_number_field
        and not bound
        and field.schema.get("type") == "string"
        and field.desensitization_type in _CODES
    )


def _gap(field: Field, text: str, random: Random) -> tuple[str, str] | None:
    """Prefix and suffix around the last position of a valid text that can hold any number."""
    for start in range(len(text) - _WIDTH, -1, -1):
        before, after = text[:start], text[start + _WIDTH :]
        if _accepts_numbers(field, before, after, random):
            return before, after
    return None


def _accepts_numbers(field: Field, before: str, after: str, random: Random) -> bool:
    drawn = (f"{random.randrange(10**_WIDTH):0{_WIDTH}d}" for _ in range(20))
    numbers = ("0" * _WIDTH, "9" * _WIDTH, *drawn)
    return all(fits(field.schema, before + number + after) for number in numbers)

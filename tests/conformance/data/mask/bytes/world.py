"""Types whose vector form looks at bytes, and texts that nearly are what it looks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import polars as pl

from conformance.data.mask.quick.sequences import Steps
from conformance.data.mask.vectors import Vector, vector
from conformance.model.shapes import Desensitization, Form, Kind
from conformance.oracles.desensitization import apply
from tests.conformance.data.world import standard

RULES = standard().desensitization
ODD = ("", " ", "中", "é", "𠮷", "１", "*", "\x00", "\x7f", "a", "Z", "9", "-", "·", "\u3000", "〇", "，")


def changed(type_: str, operator: Mapping[str, Any], **more: Any) -> Desensitization:
    """The rules with another operator for a type, and other members."""
    made = replace(RULES.types[type_], operators={Kind.PART: operator}, **more)
    return replace(RULES, types=dict(RULES.types) | {type_: made})


def made_by(rules: Desensitization, type_: str, texts: Sequence[str | None]) -> list[str | None]:
    """What is made of texts over bytes; it must not give up on them as a whole."""
    quick: Any = vector_of(rules, type_).quick
    made: list[str | None] = replace(quick, otherwise=_never)(pl.Series("it", texts, pl.String)).to_list()
    return made


def vector_of(rules: Desensitization, type_: str) -> Vector:
    found = vector(rules, rules.types[type_], Kind.PART)
    assert found is not None
    return found


def _never(_: pl.Series) -> pl.Series:
    raise AssertionError("the texts should have been common enough")


def wrong(
    rules: Desensitization, type_: str, texts: Sequence[str | None], made: Sequence[str | None]
) -> list[Any]:
    """Texts that became something else than the reference makes of them; null is nothing."""
    given = ((text, value) for text, value in zip(texts, made, strict=True) if value is not None)
    every = ((text, value, apply(rules, type_, Kind.PART, text)) for text, value in given)
    return [(text, value, ref) for text, value, ref in every if (value, Form.MASKED) != (ref.value, ref.form)]


def of_steps(steps: Steps, random: Random) -> str:
    """A text of a sequence."""
    return b"".join(random.choice(sorted(step)) for step in steps).decode()


def near(text: str, random: Random) -> Iterator[str]:
    """Texts that differ in one place."""
    at = random.randrange(len(text) + 1)
    odd = random.choice(ODD)
    yield text[:at] + odd + text[at + 1 :]
    yield text[:at] + odd + text[at:]
    yield text[:at] + text[at + 1 :]
    point = ord(text[at - 1]) + random.choice((-1, 1)) if text else 0
    yield text[: at - 1] + chr(point) + text[at:] if at and point > 0 else odd

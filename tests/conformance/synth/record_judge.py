"""What the tests of synthetic data stand on: the standard as loaded, and a judge of whole contents."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from conformance.loader import load_standard
from conformance.model.shapes import Item
from conformance.model.standard import Standard
from conformance.oracles.validate import Invalidity, Validator, item_validator
from conformance.oracles.validate import obeys_rules as obeys

__all__ = ["TODAY", "obeys", "rng", "violations_of", "world"]

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 23)


@cache
def world() -> Standard:
    return load_standard(ROOT)


@cache
def _validator(code: str) -> Validator:
    return item_validator(world().checklist.item(code))


def violations_of(item: Item, content: Mapping[str, Any]) -> tuple[Invalidity, ...]:
    """Everything wrong with a content."""
    known = {i.code for i in world().checklist.items}
    return (_validator(item.code) if item.code in known else item_validator(item))(content)


def rng(*parts: object) -> Random:
    return Random("/".join(map(str, parts)))

"""Subjects of rows: type, name and unique identifiers by subject number."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from conformance.data.synth import identifiers
from conformance.data.synth.counter_random import Noise, Places, shuffle
from conformance.synth.identities import Reserved

PERSONS = frozenset({"natural_person", "farmer_household"})
_SCHEMES = {
    "natural_person": "resident_id",
    "farmer_household": "resident_id",
    "family_farm": "family_farm_code",
}
_NAMES = 10**6


@dataclass(frozen=True, slots=True)
class Subjects:
    """Source of the subjects of an item."""

    noise: Noise
    reserved: Reserved
    types: tuple[str, ...]

    @property
    def schemes(self) -> tuple[str, ...]:
        """Identifier schemes of all subject types, without repetitions."""
        return tuple(dict.fromkeys(map(scheme, self.types)))

    @property
    def limit(self) -> int:
        """Number of distinct subjects."""
        persons_only = set(self.types) <= PERSONS
        return identifiers.RESIDENTS if persons_only else identifiers.uscc_limit(self.reserved)

    def columns(self, numbers: Places) -> dict[str, pl.Series]:
        """Columns of type, name and identifiers; identifiers of other schemes are null."""
        kinds = self._kinds(numbers)
        found = {"type": pl.Series(self.types).gather(kinds), "name": self._names(numbers, kinds)}
        return found | {name: self._identifier_column(name, numbers, kinds) for name in self.schemes}

    def _kinds(self, numbers: Places) -> Places:
        """Index of the subject type; persons only for numbers within their identifier range."""
        type_numbers = self.noise.skewed(
            "subject/type", numbers.astype(np.uint64), len(self.types), octaves=1
        )
        persons = np.array([kind in PERSONS for kind in self.types])
        if persons.all():
            return type_numbers
        spare = int(np.flatnonzero(~persons)[0])
        return np.where(persons[type_numbers] & (numbers >= identifiers.RESIDENTS), spare, type_numbers)

    def _identifier_column(self, name: str, numbers: Places, kinds: Places) -> pl.Series:
        has = np.array([scheme(kind) == name for kind in self.types])[kinds]
        made = self._identifiers_of(name, numbers[has], kinds[has])
        where = np.cumsum(has) - 1
        return made.gather(pl.Series(np.where(has, where, 0)).set(pl.Series(~has), None))

    def _identifiers_of(self, name: str, numbers: Places, kinds: Places) -> pl.Series:
        match name:
            case "resident_id":
                return identifiers.resident_id(numbers, self.reserved)
            case "family_farm_code":
                return identifiers.family_farm_code(numbers, self.reserved)
            case _:
                leads = self.reserved["uscc"]["leads"]
                lead = np.array([leads.get(kind, leads["enterprise"]) for kind in self.types])[kinds]
                return identifiers.uscc(numbers, self.reserved, lead.tolist())

    def _names(self, numbers: Places, kinds: Places) -> pl.Series:
        names = self.reserved["enterprise_names"]
        rows = numbers.astype(np.uint64)
        suffix = names["suffixes"]
        suffixes = [suffix.get(kind, suffix["enterprise"]) for kind in self.types]
        return _concatenate(
            names["prefix"],
            self._draw("word", names["words"], rows),
            identifiers.numerals(shuffle(numbers % _NAMES, _NAMES), 6),
            self._draw("trade", names["trades"], rows),
            pl.Series(suffixes).gather(kinds),
        ).zip_with(
            pl.Series(np.array([kind not in PERSONS for kind in self.types])[kinds]),
            self._draw("surname", self.reserved["surnames"], rows)
            + self._draw("given", self.reserved["given_names"], rows),
        )

    def _draw(self, what: str, of: list[str], rows: Any) -> pl.Series:
        return pl.Series(of).gather(self.noise.below(f"subject/{what}", rows, len(of)))


def scheme(kind: str) -> str:
    """Identifier scheme of a subject type."""
    return _SCHEMES.get(kind, "uscc")


def _concatenate(*parts: "str | pl.Series") -> pl.Series:
    columns = [part if isinstance(part, pl.Series) else pl.lit(part) for part in parts]
    named = [c.alias(str(n)) for n, c in enumerate(columns)]
    return pl.select(pl.concat_str([pl.lit(c) if isinstance(c, pl.Series) else c for c in named])).to_series()

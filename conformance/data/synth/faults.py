"""Fault injection: a function of seed and row number alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from conformance.data.synth.counter_random import Rows
from conformance.data.synth.encode import Encoder
from conformance.data.synth.fault_kinds import DUPLICATE_KEY, Changed, FaultVariant, Row
from conformance.data.synth.request import RowLayout

_TRIES = 64
_WHOLE = 2**64


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A faulty row."""

    place: int
    """Position in the block, from 0."""
    variant: FaultVariant
    changed: Changed
    """The complete row."""


@dataclass(frozen=True, slots=True)
class FaultInjector:
    """Injector of faults at a given rate."""

    encoder: Encoder
    rate: float
    kinds: Mapping[str, tuple[FaultVariant, ...]]

    def of(self, rows: Rows) -> list[FaultyRow]:
        """The faulty rows among the given row numbers."""
        places = np.flatnonzero(self._is_faulty(rows))
        if not len(places) or not self.kinds:
            return []
        faulty = rows[places]
        plain_rows, rekeyed_rows = self._read(faulty), self._read(faulty, own_subjects=True)
        noise = self.encoder.source.keying.noise
        kinds = noise.below("fault/kind", faulty, len(self.kinds))
        bits = noise.bits("fault/variant", faulty) >> np.uint64(1)
        names = [tuple(self.kinds)[kind] for kind in kinds]
        earlier = self._earlier_rows({n: (int(faulty[n]), int(bits[n])) for n in _duplicate_places(names)})
        faulty_rows = []
        for n, place in enumerate(places):
            marred = self._make_faulty(names[n], int(bits[n]), plain_rows[n], rekeyed_rows[n], earlier.get(n))
            if marred is not None:
                faulty_rows.append(FaultyRow(int(place), *marred))
        return faulty_rows

    def _is_faulty(self, rows: Rows) -> Any:
        threshold = np.uint64(min(_WHOLE - 1, int(self.rate * _WHOLE)))
        return self.encoder.source.keying.noise.bits("fault", rows) < threshold

    def _read(self, rows: Rows, *, own_subjects: bool = False) -> list[Row]:
        return [
            orjson.loads(line)
            for line in self.encoder.lines(self.encoder.source.draw(rows, own_subjects=own_subjects))
        ]

    def _make_faulty(
        self, kind: str, bits: int, plain_row: Row, rekeyed_row: Row, earlier: Row | None
    ) -> tuple[FaultVariant, Changed] | None:
        variants = self.kinds[kind]
        if kind == DUPLICATE_KEY:
            return None if earlier is None else (variants[0], self._with_key_of(earlier, plain_row))
        for step in range(len(variants)):
            variant = variants[(bits + step) % len(variants)]
            changed = self._apply(
                variant, rekeyed_row if variant.needs_own_subject else plain_row, bits >> 16
            )
            if changed is not None:
                return variant, changed
        return None

    def _apply(self, variant: FaultVariant, row: Row, bits: int) -> Changed | None:
        if self.encoder.layout is RowLayout.ROW:
            return variant.change(row, bits)
        changed = variant.change(row["content"], bits)
        if isinstance(changed, str):
            outer = {name: value for name, value in row.items() if name != "content"}
            return f'{orjson.dumps(outer).decode()[:-1]},"content":{changed}' + "}" * (
                variant.kind != "broken_line"
            )
        return None if changed is None else {**row, "content": changed}

    def _earlier_rows(self, requests: Mapping[int, tuple[int, int]]) -> dict[int, Row]:
        """An earlier valid row for each request (row number and random bits); all drawn in one batch."""
        earlier_numbers = {n: self._earlier_number(*each) for n, each in requests.items()}
        numbers = {n: number for n, number in earlier_numbers.items() if number is not None}
        rows = self._read(np.array([*numbers.values()], np.uint64)) if numbers else []
        return dict(zip(numbers, rows, strict=True))

    def _earlier_number(self, number: int, bits: int) -> int | None:
        if number == 0:
            return None
        earlier = np.arange(bits % number, max(-1, bits % number - _TRIES), -1).astype(np.uint64)
        right = earlier[~self._is_faulty(earlier)]
        return int(right[0]) if len(right) else None

    def _with_key_of(self, first: Row, own: Row) -> Row:
        if self.encoder.layout is RowLayout.RECORD:
            taken = {name: first[name] for name in ("subject", "as_of", "generated_at")}
            return {**own, **taken, "content": self._merge(first["content"], own["content"])}
        return self._merge(first, own)

    def _merge(self, first: Row, own: Row) -> Row:
        taken = self._key_members(first) | self._key_members(own)
        kept = {name: value for name, value in own.items() if name not in taken}
        return {**{name: value for name, value in first.items() if name in taken}, **kept}

    def _key_members(self, row: Row) -> frozenset[str]:
        """Members that must be copied with the key so that no other rule breaks."""
        source = self.encoder.source
        parts = [p.names for p in source.parts if not set(p.names).isdisjoint(source.item.key)]
        parts += [source.parts[source.since[0]].names] if source.since else []
        outer = {n for n in row if n.startswith("subject.")} | {"record.as_of", "record.generated_at"}
        return frozenset().union(*parts, outer, source.own)


def _duplicate_places(kinds: list[str]) -> list[int]:
    return [n for n, kind in enumerate(kinds) if kind == DUPLICATE_KEY]

"""Valid rows by row number: field values from pools, with subject, key and envelope."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from conformance.data.synth import value_pools
from conformance.data.synth.counter_random import Noise, Places, Rows
from conformance.data.synth.envelope import COLUMNS, Envelopes, ordinal
from conformance.data.synth.keys import KeyScheme, RowKeys
from conformance.data.synth.request import SynthRequest, SynthRequestError
from conformance.data.synth.serial import Serial, serial
from conformance.data.synth.subjects import Subjects
from conformance.data.synth.value_pools import ValuePool
from conformance.model.shapes import Item
from conformance.model.standard import Standard

_OWN = ("uscc", "org_code", "taxpayer_id", "resident_id", "family_farm_code")
"""Fields of these names hold an identifier of the subject itself."""


@dataclass(frozen=True, slots=True)
class DrawnRows:
    """Drawn rows: pool entries by index, and texts that are not pool entries."""

    subject: dict[str, pl.Series]
    record: dict[str, pl.Series]
    entries: tuple[Places, ...]
    """Entry index per row, for each pool."""
    texts: dict[str, pl.Series]
    """Fields with a text per row; null: value of the pool entry."""


@dataclass(frozen=True, slots=True)
class RowSource:
    """Source of the rows of a request."""

    item: Item
    """The item without optional fields that were not requested."""
    parts: tuple[ValuePool, ...]
    key_part: int | None
    serial: Serial | None
    keying: KeyScheme
    subjects: Subjects
    envelopes: Envelopes
    since: tuple[int, tuple[int, ...]] | None = field(default=None)
    """Index of the pool with the day from which the time limit runs, and its day ordinal per entry."""

    def draw(self, rows: Rows, *, own_subjects: bool = False) -> DrawnRows:
        """Draw the rows with the given numbers. `own_subjects`: give each row a subject of its own."""
        keyed = self.keying.of(rows)
        owners = self.keying.subjects + rows.astype(np.int64) if own_subjects else keyed.subjects
        subject = self.subjects.columns(owners)
        entries = tuple(self._entries(n, part, rows, keyed) for n, part in enumerate(self.parts))
        since = None if self.since is None else self.since[1]
        record = self.envelopes.columns(rows, since, entries[self.since[0] if self.since else 0])
        return DrawnRows(subject, record, entries, self._texts(keyed, subject))

    def _entries(self, number: int, part: ValuePool, rows: Rows, keyed: RowKeys) -> Places:
        if number == self.key_part:
            return keyed.entries
        draw = self.keying.noise.skewed if part.skewed else self.keying.noise.below
        return draw("/".join(part.names), rows, len(part.entries))

    @property
    def own(self) -> frozenset[str]:
        """Fields that hold an identifier of the subject itself."""
        return frozenset(self._own_identifier_fields())

    def _texts(self, keyed: RowKeys, subject: dict[str, pl.Series]) -> dict[str, pl.Series]:
        own = {name: self._own_identifier(name, subject) for name in self._own_identifier_fields()}
        found = {name: column for name, column in own.items() if column is not None}
        return found | ({self.serial.field: self.serial.texts(keyed.numbers)} if self.serial else {})

    def _own_identifier_fields(self) -> list[str]:
        alone = {part.names[0] for part in self.parts if len(part.names) == 1}
        return [n for n in _OWN if n in alone and n not in self.item.key]

    def _own_identifier(self, name: str, subject: dict[str, pl.Series]) -> pl.Series | None:
        return subject.get("uscc" if name == "taxpayer_id" else name)


def open_source(standard: Standard, order: SynthRequest) -> RowSource:
    """Source of rows for a request, with filled pools. Raises SynthRequestError."""
    _require_known_names(standard, order)
    item = value_pools.without_unused_fields(standard.checklist.item(order.item), order.columns)
    seed, reserved = f"{order.seed}/{order.item}", standard.reserved
    noise = Noise(seed)
    groups = value_pools.split(item, ())
    free = frozenset(group[0] for group in groups if len(group) == 1)
    numbered = serial(item, free, value_pools.source_of(seed, "serial", reserved, order.day), order.rows)
    if numbered is None:
        groups = value_pools.split(item, (item.key,))
    pools = [_pool(item, group, seed, standard, order) for group in groups]
    key_part = _key_part(item, groups) if numbered is None else None
    if key_part is not None:
        pools[key_part] = _without_duplicates(pools[key_part], item.key)
    keys = 1 if key_part is None else len(pools[key_part].entries)
    keying = KeyScheme(noise, order.rows, numbered is not None, keys)
    subjects = Subjects(noise, reserved, item.subject_types)
    if keying.subjects + order.rows > subjects.limit:
        raise SynthRequestError("subjects", item=item.code, limit=subjects.limit // 2)
    envelopes = Envelopes(noise, reserved, order.day)
    return RowSource(
        item, tuple(pools), key_part, numbered, keying, subjects, envelopes, _since(item, pools, order)
    )


def _require_known_names(standard: Standard, order: SynthRequest) -> None:
    if not standard.checklist.has(order.item):
        raise SynthRequestError("no_item", item=order.item)
    fields = {f.name for f in standard.checklist.item(order.item).fields if not f.required}
    columns = fields | {"subject.type", "subject.name", *(f"record.{name}" for name in COLUMNS)}
    if wrong := order.columns - columns:
        raise SynthRequestError("no_column", item=order.item, columns=sorted(wrong), known=sorted(columns))


def _pool(
    item: Item, group: tuple[str, ...], seed: str, standard: Standard, order: SynthRequest
) -> ValuePool:
    values = value_pools.source_of(seed, "/".join(group), standard.reserved, order.day)
    return value_pools.pool(item, group, values, order.rows, always=bool(order.columns))


def _key_part(item: Item, groups: list[tuple[str, ...]]) -> int | None:
    return next((n for n, group in enumerate(groups) if not set(group).isdisjoint(item.key)), None)


def _without_duplicates(part: ValuePool, key: tuple[str, ...]) -> ValuePool:
    different = {repr([entry.get(name) for name in key]): entry for entry in part.entries}
    return ValuePool(part.names, tuple(different.values()))


def _since(item: Item, pools: list[ValuePool], order: SynthRequest) -> tuple[int, tuple[int, ...]] | None:
    if item.timeliness is None:
        return None
    name = item.timeliness.since
    for number, part in enumerate(pools):
        if name in part.names:
            return number, tuple(ordinal(entry.get(name), order.day) for entry in part.entries)
    return None

"""Mapped batches: rows of a table presented with the fields and values of an item."""

from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from conformance.data.batch import Batch, Columns, Shape, Type, Unreadable
from conformance.data.files.column_layout import Layout, normalize_header
from conformance.data.files.columns import TextColumn, nulls, read
from conformance.data.files.mapping.conversions import BLANK, convert
from conformance.model.mapping import ColumnTarget, Conversion, TableMapping

UNKNOWN = "#"
"""Prefix for an unmapped column whose name equals a field."""


@dataclass(frozen=True)
class MappedNames:
    """A mapping with its target layout and source layout."""

    mapping: TableMapping
    layout: Layout

    @cached_property
    def source(self) -> Layout:
        """Source columns, all of type text."""
        known = (*self.mapping.sources, *self.mapping.ignored)
        titles = {
            normalize_header(alias): name for name, many in self.mapping.names.items() for alias in many
        }
        return Layout(
            dict.fromkeys(known, Type.TEXT), {**titles, **{normalize_header(name): name for name in known}}
        )

    def row(self, value: Map[str, Any]) -> dict[str, Any]:
        """A row of the table as a row of the item."""
        members: dict[str, Any] = {}
        for header, member in value.items():
            name = self.source.name(header)
            members[UNKNOWN + header if name in members else name] = member
        fields = {target.field: self._member(target, members) for target in self.mapping.targets}
        for name, member in members.items():
            if name not in self.source.columns:
                fields[UNKNOWN + name if name in self.layout.columns else name] = member
        return {name: member for name, member in fields.items() if member is not None}

    def _member(self, target: ColumnTarget, members: Map[str, Any]) -> Any:
        parts = [members[source] for source in target.sources if members.get(source) is not None]
        strange = [part for part in parts if not _is_textual(part)]
        if strange:
            return strange[0]
        texts = [_part_text(_text(part), target.conversion) for part in parts]
        joined = target.join.join(text for text in texts if text is not None)
        return read(convert(joined, target.conversion), self.layout.type(target.field))


def _is_textual(member: Any) -> bool:
    """True if a member has a single text form."""
    return isinstance(member, str | bool) or (isinstance(member, int) and abs(member) < 2**64)


def _text(member: Any) -> str:
    """A member as written in a text file."""
    return str(member).lower() if isinstance(member, bool) else str(member)


def _part_text(text: str, how: Conversion) -> str | None:
    """A part of a joined text; None if it is blank or a null marker."""
    bare = text.strip(BLANK) if how.strip else text
    return bare if bare and bare not in how.absent else None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapped batch; implements `Batch`. Bytes and lines are those of the file."""

    batch: Batch
    names: MappedNames

    @property
    def source(self) -> int:
        """Number of the file within the delivery, from 0."""
        return self.batch.source

    @property
    def first(self) -> int:
        """Number of the first row within the file, from 0."""
        return self.batch.first

    def __len__(self) -> int:
        return len(self.batch)

    def line(self, row: int) -> int:
        """Line of a row in the file, from 1."""
        return self.batch.line(row)

    def lines(self) -> NDArray[np.int64]:
        """Lines of all rows in the file, from 1."""
        return self.batch.lines()

    def raw(self, row: int) -> bytes:
        """Unmapped bytes of a row."""
        return self.batch.raw(row)

    def value(self, row: int) -> dict[str, Any] | Unreadable:
        """A mapped row as a JSON object, or the reason it is unreadable."""
        found = self.batch.value(row)
        return found if isinstance(found, Unreadable) else self.names.row(found)

    def values(self, rows: NDArray[np.int64]) -> Iterator[dict[str, Any] | Unreadable]:
        """Yield the selected rows, mapped, in the order given."""
        for found in self.batch.values(rows):
            yield found if isinstance(found, Unreadable) else self.names.row(found)

    def columns(self, shape: Shape) -> Columns:
        """All rows as typed columns of fields, in the order of the shape."""
        source_columns = self.batch.columns(self.names.source.columns)
        faithful = source_columns.faithful.copy()
        series_by_field: dict[str, pl.Series] = {}
        for target in self.names.mapping.targets:
            texts = convert_column(_join_sources(source_columns.frame, target), target.conversion)
            column = TextColumn(target.field, texts, self.names.layout.type(target.field))
            if target.field not in shape:
                faithful &= ~column.present()
                continue
            typed = column.typed(shape[target.field])
            series_by_field[target.field] = typed.series
            if typed.odd is not None:
                faithful &= ~typed.odd
        series = ((name, series_by_field.get(name)) for name in shape)
        frame = [(nulls(len(self), shape[n]) if s is None else s).alias(n) for n, s in series]
        return Columns(pl.DataFrame(frame), faithful)


def _join_sources(frame: pl.DataFrame, target: ColumnTarget) -> pl.Series:
    """Joined source texts of a field, before conversion."""
    if not target.sources:
        return nulls(len(frame), Type.TEXT)
    if len(target.sources) == 1:
        return frame[target.sources[0]]
    parts = [_convert_parts(frame[source], target.conversion).alias(source) for source in target.sources]
    return pl.DataFrame(parts).select(
        pl.concat_str(list(target.sources), separator=target.join, ignore_nulls=True).alias(target.field)
    )[target.field]


def _convert_parts(texts: pl.Series, how: Conversion) -> pl.Series:
    return convert_column(texts, Conversion(strip=how.strip, absent=how.absent))


def convert_column(texts: pl.Series, conversion: Conversion) -> pl.Series:
    """Convert a column: each distinct text once, and only texts that may change."""
    different = _affected_texts(texts, conversion).unique().to_list()
    results = {text: convert(text, conversion) for text in different}
    changed = {text: result for text, result in results.items() if text != result}
    if changed:
        old, new = (
            pl.Series(list(changed), dtype=pl.String),
            pl.Series(list(changed.values()), dtype=pl.String),
        )
        texts = texts.replace(old, new)
    return texts if conversion.default is None else texts.fill_null(conversion.default)


def _affected_texts(texts: pl.Series, conversion: Conversion) -> pl.Series:
    """The non-null texts that a conversion may change."""
    present = texts.drop_nulls()
    if not conversion.plain:
        return present
    hit = present.is_in([*conversion.absent, ""])
    if conversion.strip:
        hit |= present != present.str.strip_chars(BLANK)
    return present.filter(hit)

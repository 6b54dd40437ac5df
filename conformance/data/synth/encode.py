"""Encoding of drawn rows as JSON lines and as tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from conformance.data.synth.envelope import COLUMNS
from conformance.data.synth.request import RowLayout
from conformance.data.synth.rows import DrawnRows, RowSource
from conformance.model.shapes import Field

_TYPES = {"string": pl.String, "integer": pl.Int64, "boolean": pl.Boolean, "number": pl.Float64}
Piece = pl.Series | str


@dataclass(frozen=True, slots=True)
class Encoder:
    """Encoder for rows of one source in one layout."""

    source: RowSource
    layout: RowLayout
    columns: frozenset[str]
    constants: Mapping[str, Any]
    """Record members that are equal in all rows."""
    fragments: tuple[pl.Series, ...]
    """Members of each entry of each pool as JSON text, each preceded by a comma."""

    def lines(self, drawn: DrawnRows) -> pl.Series:
        """Rows as JSON lines (RFC 8259), line ends included."""
        pieces = self._record(drawn) if self.layout is RowLayout.RECORD else self._row(drawn)
        return _concatenate([*pieces, "}\n"])

    def frame(self, rows: DrawnRows) -> pl.DataFrame:
        """Rows as a table, without fields that a table cannot hold."""
        columns = {name: column for name, column in self._envelope(rows) if self._has(name)}
        for part, entries in zip(self.source.parts, rows.entries, strict=True):
            for name in part.names:
                dtype = dtype_of(self.source.item.field(name))
                if dtype is not None:
                    pooled = pl.Series([e.get(name) for e in part.entries], dtype=dtype).gather(entries)
                    columns[name] = _overlay(rows.texts.get(name), pooled)
        return pl.DataFrame(columns)

    @staticmethod
    def lacks(field: Field) -> bool:
        """True if a table cannot hold the field."""
        return dtype_of(field) is None

    def _has(self, name: str) -> bool:
        identifies = name.removeprefix("subject.") in self.source.subjects.schemes
        return identifies or not self.columns or name in self.columns

    def _envelope(self, drawn: DrawnRows) -> Iterator[tuple[str, pl.Series]]:
        yield from ((f"subject.{name}", column) for name, column in drawn.subject.items())
        yield from ((f"record.{name}", column) for name, column in drawn.record.items())

    def _row(self, rows: DrawnRows) -> Iterator[Piece]:
        """Yield JSON pieces of a flat row: envelope members, then content members."""
        columns = [(name, column) for name, column in self._envelope(rows) if self._has(name)]
        members = [_member(name, column) for name, column in columns]
        yield "{"
        yield _concatenate([*members, *self._content(rows)]).str.strip_prefix(",")

    def _record(self, rows: DrawnRows) -> Iterator[Piece]:
        subject, record = rows.subject, rows.record
        yield orjson.dumps(self.constants).decode()[:-1]
        yield _member("record_id", record["id"])
        yield from (_member(name, record[name]) for name in COLUMNS[1:])
        yield ',"subject":{"type":"'
        yield subject["type"]
        yield from ('","name":"', subject["name"], '","ids":[')
        for scheme in self.source.subjects.schemes:
            yield _wrap(f'{{"scheme":"{scheme}","value":"', subject[scheme], '"}')
        yield ']},"content":{'
        yield _concatenate(list(self._content(rows))).str.strip_prefix(",")
        yield "}"

    def _content(self, rows: DrawnRows) -> Iterator[Piece]:
        for part, entries, pool in zip(self.source.parts, rows.entries, self.fragments, strict=True):
            text = rows.texts.get(part.names[0]) if len(part.names) == 1 else None
            if text is None:
                yield pool.gather(entries)
            elif text.null_count():
                yield (f',"{part.names[0]}":"' + text + '"').zip_with(
                    text.is_not_null(), pool.gather(entries)
                )
            else:
                yield from (f',"{part.names[0]}":"', text, '"')


def encoder(
    source: RowSource, layout: RowLayout, columns: frozenset[str], constants: Mapping[str, Any]
) -> Encoder:
    """Encoder for a source, with its pool entries serialized once."""
    fragments = tuple(pl.Series([_members(e) for e in part.entries]) for part in source.parts)
    return Encoder(source, layout, columns, constants, fragments)


def dtype_of(field: Field) -> Any:
    """Column type of a field; None if it is not a scalar."""
    return _TYPES.get(str(field.schema.get("type", "string")))


def _members(entry: Mapping[str, Any]) -> str:
    inside = orjson.dumps(entry).decode()[1:-1]
    return f",{inside}" if inside else ""


def _member(name: str, column: pl.Series) -> pl.Series:
    return _wrap(f',"{name}":"', column, '"')


def _wrap(before: str, column: pl.Series, after: str) -> pl.Series:
    return (before + column + after).fill_null("")


def _overlay(text: pl.Series | None, pooled: pl.Series) -> pl.Series:
    return pooled if text is None else text.zip_with(text.is_not_null(), pooled)


def _concatenate(pieces: list[Piece]) -> pl.Series:
    return pl.select(pl.concat_str([pl.lit(p) for p in pieces])).to_series()

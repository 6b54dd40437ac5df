"""Examination of one batch: broken rules by row, and keys to compare with other batches."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from conformance.data.batch import Batch, Columns, Type, Unreadable
from conformance.data.check.judge import AS_OF, ItemJudge
from conformance.data.check.timeliness import count_timeliness
from conformance.data.rows import Reason, Row

_TYPES = {Type.TEXT: pl.String, Type.INTEGER: pl.Int64, Type.BOOLEAN: pl.Boolean}
IDENTITY = "#subject"
_LINE, _KEYED = "line", "#keyed"


@dataclass(frozen=True, slots=True)
class Bad:
    """A row with all rules it breaks on its own."""

    line: int
    reasons: tuple[Reason, ...]
    row: Row


@dataclass(frozen=True, slots=True)
class Examined:
    """Findings of one batch."""

    rows: int
    bad: tuple[Bad, ...]
    keys: pl.DataFrame
    """`source`, `line`, subject and key members as text, for rows in which these are valid."""
    timeliness: Counter[str] = field(default_factory=Counter)
    latest: str | None = None
    """The latest valid `record.as_of`."""
    naming: Mapping[tuple[str, ...], pl.DataFrame] = field(default_factory=dict)
    """By referencing or referenced members: `source`, `line` and these members as text."""


@dataclass(frozen=True, slots=True)
class _Single:
    """A row that was judged individually."""

    line: int
    row: Mapping[str, Any]
    at_fault: frozenset[str]


def examine(batch: Batch, judge: ItemJudge) -> Examined:
    """Findings of a batch: by column for faithful rows that the plan accepts, individually for all others."""
    columns = batch.columns(judge.plan.shape)
    good = columns.faithful & judge.accepts(columns.frame)
    bad: list[Bad] = []
    singles: list[_Single] = []
    alone = np.flatnonzero(~good)
    for row, value in zip(alone.tolist(), batch.values(alone), strict=True):
        line = batch.line(row)
        reasons = judge.reasons(value)
        if reasons:
            bad.append(Bad(line, reasons, value))
        if not isinstance(value, Unreadable):
            singles.append(_Single(line, value, frozenset(reason.member for reason in reasons)))
    noted = _compared_members(batch, columns, good, singles, judge)
    return Examined(
        rows=len(batch),
        bad=tuple(bad),
        keys=_keys(batch, noted, judge),
        timeliness=count_timeliness(noted, judge),
        latest=_latest(noted),
        naming={names: _reference_keys(batch, noted, names) for names in _reference_members(judge)},
    )


def _compared_members(
    batch: Batch,
    columns: Columns,
    good: np.ndarray[Any, np.dtype[np.bool_]],
    singles: list[_Single],
    judge: ItemJudge,
) -> pl.DataFrame:
    """Valid values of the compared members in all readable rows, in file order."""
    shape = {n: judge.plan.shape.get(n, Type.TEXT) for n in judge.compared_members}
    present = [n for n in shape if n in columns.frame.columns]
    lines = pl.Series(_LINE, batch.lines()[good], dtype=pl.Int64)
    by_column = (
        columns.frame.select(present)
        .filter(pl.Series(good))
        .with_columns(
            lines,
            pl.lit(value=True).alias(_KEYED),
            *(pl.lit(None, _TYPES[shape[n]]).alias(n) for n in shape if n not in present),
        )
    )
    if not singles:
        return by_column
    key = {*judge.identifiers, *judge.key}
    by_row = {name: [_sound_value(one, name) for one in singles] for name in shape}
    by_row |= {
        _LINE: [one.line for one in singles],
        _KEYED: [key.isdisjoint(one.at_fault) for one in singles],
    }
    schema = {**{n: _TYPES[k] for n, k in shape.items()}, _LINE: pl.Int64, _KEYED: pl.Boolean}
    alone = pl.DataFrame(by_row, schema=schema, strict=False)
    return pl.concat([by_column.select(alone.columns), alone]).sort(_LINE)


def _sound_value(single: _Single, name: str) -> Any:
    return None if name in single.at_fault else single.row.get(name)


def _keys(batch: Batch, noted: pl.DataFrame, judge: ItemJudge) -> pl.DataFrame:
    first, *alternatives = judge.identifiers
    present = [n for n in alternatives if noted[n].null_count() < noted.height]
    subject = pl.coalesce(pl.col(first), *(pl.lit(f"{n}:") + pl.col(n) for n in present))
    return (
        noted.filter(pl.col(_KEYED))
        .select(
            pl.lit(batch.source, pl.UInt32).alias("source"),
            pl.col(_LINE),
            subject.alias(IDENTITY),
            *(pl.col(n).cast(pl.String) for n in judge.key),
        )
        .filter(pl.col(IDENTITY).is_not_null())
    )


def _reference_members(judge: ItemJudge) -> dict[tuple[str, ...], None]:
    return dict.fromkeys((*(r.fields for r in judge.item.references), *judge.naming_members))


def _reference_keys(batch: Batch, noted: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The members as text, for rows in which all of them are valid."""
    place = (pl.lit(batch.source, pl.UInt32).alias("source"), pl.col(_LINE))
    return noted.drop_nulls(list(names)).select(*place, *(pl.col(n).cast(pl.String) for n in names))


def _latest(noted: pl.DataFrame) -> str | None:
    """The latest `record.as_of`; with a single offset, text order is time order."""
    latest = noted[AS_OF].max() if AS_OF in noted.columns else None
    return str(latest) if latest is not None else None

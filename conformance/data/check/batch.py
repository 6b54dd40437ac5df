"""One batch under a judge: what is wrong with which row, and what has to be compared with other batches."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from conformance.data.batch import Batch, Columns, Type, Unreadable
from conformance.data.check.judge import AS_OF, ItemJudge
from conformance.data.check.timeliness import marks
from conformance.data.rows import Reason, Row

_TYPES = {Type.TEXT: pl.String, Type.INTEGER: pl.Int64, Type.BOOLEAN: pl.Boolean}
IDENTITY = "#subject"
_LINE, _KEYED = "line", "#keyed"


@dataclass(frozen=True, slots=True)
class Bad:
    """A row and everything that is wrong with it by itself."""

    line: int
    reasons: tuple[Reason, ...]
    row: Row


@dataclass(frozen=True, slots=True)
class Examined:
    """What one batch says."""

    rows: int
    bad: tuple[Bad, ...]
    keys: pl.DataFrame
    """`source`, `line`, and as texts the subject and the members of the key, where these are sound."""
    timeliness: Counter[str] = field(default_factory=Counter)
    latest: str | None = None
    """The latest `record.as_of` of a sound row."""
    naming: Mapping[tuple[str, ...], pl.DataFrame] = field(default_factory=dict)
    """`source`, `line` and the members by which rows name, or are named by, rows of other items."""


@dataclass(frozen=True, slots=True)
class _Single:
    """A row that was judged by itself."""

    line: int
    row: Mapping[str, Any]
    at_fault: frozenset[str]


def examine(batch: Batch, judge: ItemJudge) -> Examined:
    """By column where the columns are the whole truth and the plan accepts the row; by itself where not."""
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
    noted = _noted(batch, columns, good, singles, judge)
    return Examined(
        rows=len(batch),
        bad=tuple(bad),
        keys=_keys(batch, noted, judge),
        timeliness=marks(noted, judge),
        latest=_latest(noted),
        naming={names: _naming(batch, noted, names) for names in _names(judge)},
    )


def _noted(
    batch: Batch,
    columns: Columns,
    good: np.ndarray[Any, np.dtype[np.bool_]],
    singles: list[_Single],
    judge: ItemJudge,
) -> pl.DataFrame:
    """The sound members that are compared, of all rows that can be read, in the order of the file."""
    shape = {n: judge.plan.shape.get(n, Type.TEXT) for n in judge.noted}
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
    by_row = {name: [_sound(one, name) for one in singles] for name in shape}
    by_row |= {
        _LINE: [one.line for one in singles],
        _KEYED: [key.isdisjoint(one.at_fault) for one in singles],
    }
    schema = {**{n: _TYPES[k] for n, k in shape.items()}, _LINE: pl.Int64, _KEYED: pl.Boolean}
    alone = pl.DataFrame(by_row, schema=schema, strict=False)
    return pl.concat([by_column.select(alone.columns), alone]).sort(_LINE)


def _sound(single: _Single, name: str) -> Any:
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


def _names(judge: ItemJudge) -> dict[tuple[str, ...], None]:
    return dict.fromkeys((*(r.fields for r in judge.item.references), *judge.naming_members))


def _naming(batch: Batch, noted: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The members as texts, of rows that have all of them sound."""
    place = (pl.lit(batch.source, pl.UInt32).alias("source"), pl.col(_LINE))
    return noted.drop_nulls(list(names)).select(*place, *(pl.col(n).cast(pl.String) for n in names))


def _latest(noted: pl.DataFrame) -> str | None:
    """Moments of one offset have the order of their texts, to the second."""
    latest = noted[AS_OF].max() if AS_OF in noted.columns else None
    return str(latest) if latest is not None else None

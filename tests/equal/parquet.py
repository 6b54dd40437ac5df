"""Rows of a stretch as files of Parquet: one or two for most, and small ones for other types."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.conformance.data.item_rows import judge
from tests.equal import kinds
from tests.equal.kinds import Kind
from tests.equal.sheets import TYPE, VALUE, Numbered, Sheet, Writing, columns_of, written_rows

SUFFIX = ".parquet"
Kinds = Mapping[str, Kind]
_STRANGE = 60
"""Unknown members that are columns; rows with another one are left for other files."""
_SMALL = 4
"""Files for rows of other types, which cost as much as large ones,"""
_WITH_SMALL = 0.3
"""and the share of stretches that have them."""
_ALL_PLAIN = 0.6
"""Share of stretches in which no column has a type of its own."""
_OWN = 0.7
"""Share of columns of other stretches that have one."""
_NUMBERS, _FEW = 0.3, 5000
"""Share of integers that are floating-point numbers, where rows are so few: none is the generated one."""
_UNTYPED = 0.5
"""Share of empty columns that have no type."""
_TYPED = {
    "calendar-date": kinds.DAY,
    "datetime-cst": kinds.MOMENT,
    "decimal": kinds.AMOUNT,
    "integer": kinds.WHOLE,
}
"""Types of their own, by format or type."""
_PLAIN = {"string": kinds.TEXT, "integer": kinds.INTEGER, "boolean": kinds.BOOLEAN}


def sheets(rows: Sequence[Numbered], writing: Writing) -> Iterator[Sheet]:
    """The rows in files. In some files days, moments and amounts have types of their own."""
    plain = {**_kinds_by_name(writing.code), **_strange(rows, writing.code)}
    left = writing.named(rows, lambda _: False)
    groups: list[tuple[Kinds, list[Numbered]]] = []
    for typed_kinds in (
        [{}]
        if writing.random.random() < _ALL_PLAIN
        else [_typed(writing, number_allowed=len(rows) < _FEW), {}]
    ):
        group_rows, left = _parted(left, {**plain, **typed_kinds})
        groups.append(({**plain, **typed_kinds}, group_rows))
    groups += _alike(left, plain, writing)
    for number, (of_all, group_rows) in enumerate(groups):
        if group_rows:
            yield _sheet(group_rows, of_all, writing, number)


def _kinds_by_name(code: str) -> dict[str, Kind]:
    """The kinds of an item's members, as plain as can be."""
    kinds_by_name = {}
    for name, shape in judge(code).item.schema["properties"].items():
        kind = str(shape.get("type"))
        kinds_by_name[name] = kinds.flags(tuple(shape["properties"])) if kind == "object" else _PLAIN[kind]
    return kinds_by_name


def _typed(writing: Writing, *, number_allowed: bool) -> dict[str, Kind]:
    """Some of the members that can have a type of their own."""
    kinds_by_name, chance = {}, writing.random
    for name, shape in judge(writing.code).item.schema["properties"].items():
        kind = _TYPED.get(shape.get("format", shape["type"]))
        if kind is not None and chance.random() < _OWN:
            kinds_by_name[name] = (
                kinds.NUMBER
                if number_allowed and kind is kinds.WHOLE and chance.random() < _NUMBERS
                else kind
            )
    return kinds_by_name


def _strange(rows: Sequence[Numbered], code: str) -> dict[str, Kind]:
    """The unknown members that occur most often, of the kind of most of their values."""
    properties = judge(code).item.schema["properties"].keys()
    counts: dict[str, Counter[Kind]] = {}
    for _, row in rows:
        if not row.keys() <= properties:
            for name in row.keys() - properties:
                kind = kinds.plain(row[name])
                counts.setdefault(name, Counter()).update([kind] if kind else ())
    often = sorted(counts, key=lambda name: (-counts[name].total(), name))[:_STRANGE]
    return {name: counts[name].most_common(1)[0][0] for name in often if counts[name]}


def _parted(rows: Sequence[Numbered], of_all: Kinds) -> tuple[list[Numbered], list[Numbered]]:
    """The rows that columns of these kinds hold, and the others."""
    odd = {number for number, (_, row) in enumerate(rows) if not row.keys() <= of_all.keys()}
    for name, values in columns_of(rows, [*of_all]).items():
        kind = of_all[name]
        if {*map(type, values)} <= {kind.type, type(None)} and kind.holds is kinds.TEXT.holds:
            continue
        odd.update(number for number, value in enumerate(values) if not kind.fits(value))
    fitting = [row for number, row in enumerate(rows) if number not in odd]
    return fitting, [rows[number] for number in sorted(odd)]


def _alike(
    rows: Sequence[Numbered], of_all: Kinds, writing: Writing
) -> Iterator[tuple[Kinds, list[Numbered]]]:
    """Rows that are unlike the others in the same way, where there are most of them."""
    groups: dict[tuple[tuple[str, Kind], ...], list[Numbered]] = {}
    for line, row in rows:
        odd = _odd(row, of_all)
        if odd is None:
            writing.left[VALUE] += 1
        else:
            groups.setdefault(odd, []).append((line, row))
    largest = sorted(groups.items(), key=lambda group: -len(group[1]))
    most = _SMALL if writing.random.random() < _WITH_SMALL else 0
    for odd, group in largest[:most]:
        yield {**of_all, **dict(odd)}, group
    writing.left[TYPE] += sum(len(group) for _, group in largest[most:])


def _odd(row: Mapping[str, object], of_all: Kinds) -> tuple[tuple[str, Kind], ...] | None:
    """The members that are of other kinds; None where one is of no kind."""
    odd_members = []
    for name in sorted(row):
        if name not in of_all or not of_all[name].fits(row[name]):
            kind = kinds.TEXT if row[name] is None else kinds.plain(row[name])
            if kind is None:
                return None
            odd_members.append((name, kind))
    return tuple(odd_members)


def _sheet(rows: Sequence[Numbered], of_all: Kinds, writing: Writing, number: int) -> Sheet:
    names, random = writing.names(rows), writing.random
    values = columns_of(rows, names)
    arrays = [_array(values[name], of_all[name], random) for name in names]
    table = pa.Table.from_arrays(arrays, writing.headers(names))
    path = writing.path.with_name(f"{writing.path.name}-{number}{SUFFIX}")
    group, encoded = -(-len(rows) // random.choice((1, 1, 2, 5))), random.random() < 0.5
    pq.write_table(table, path, row_group_size=group, use_dictionary=encoded, compression="none")
    row_results = written_rows(rows, _said_otherwise(values, of_all))
    return Sheet(path, dict(enumerate(row_results, 1)), writing.settings(len(rows)))


def _array(values: Sequence[object], kind: Kind, random: Random) -> Any:
    """A column without a value may have no type either."""
    empty = all(value is None for value in values) and random.random() < _UNTYPED
    return pa.nulls(len(values)) if empty else kind.array(values, random)


def _said_otherwise(columns: Mapping[str, Sequence[Any]], of_all: Kinds) -> dict[int, dict[str, Any]]:
    changed: dict[int, dict[str, Any]] = {}
    for name, values in columns.items():
        says = of_all[name].says
        if says is None:
            continue
        for number, value in enumerate(values):
            if value is not None and not _same(meaning := says(value), value):
                changed.setdefault(number, {})[name] = meaning
    return changed


def _same(said: Any, value: Any) -> bool:
    return said == value and type(said) is type(value)

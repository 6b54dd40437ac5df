"""Small tables to read, and rows of batches to compare."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from conformance.data.batch import Batch, Shape, Type, Unreadable
from conformance.data.files import File, Layout, ReadSettings, discover, read, whole

SHAPE = {"name": Type.TEXT, "code": Type.TEXT, "count": Type.INTEGER, "flag": Type.BOOLEAN}
LAYOUT = Layout(SHAPE, {"名称": "name", "代码": "code", "数量": "count", "标志": "flag"})


def file_of(path: Path) -> File:
    delivery = discover([path])
    assert delivery.problems == ()
    return delivery.files[0]


def batches(path: Path, layout: Layout = LAYOUT, **settings: Any) -> Iterator[Batch]:
    return read(whole(file_of(path)), layout, ReadSettings(**settings))


def rows(path: Path, layout: Layout = LAYOUT, **settings: Any) -> list[dict[str, Any] | str]:
    """Each row, or the reason why there is none; by value, and the same by column where it is faithful."""
    return list(row_values(batches(path, layout, **settings), layout.columns))


def row_values(parts: Iterable[Batch], shape: Shape = SHAPE) -> Iterator[dict[str, Any] | str]:
    after = 0
    for batch in parts:
        assert batch.first == after
        after += len(batch)
        yield from consistent(batch, shape)


def consistent(batch: Batch, shape: Shape) -> Iterator[dict[str, Any] | str]:
    """The rows of a batch. Columns are the truth where they claim to be, and claim it wherever they can."""
    columns = batch.columns(shape)
    assert columns.frame.columns == list(shape)
    assert len(columns.frame) == len(columns.faithful) == len(batch)
    assert columns.frame.dtypes == [DTYPES[kind] for kind in shape.values()]
    for row, by_column in enumerate(columns.frame.iter_rows(named=True)):
        value = batch.value(row)
        if isinstance(value, Unreadable):
            assert not columns.faithful[row]
            yield value.reason
            continue
        assert columns.faithful[row] == fits(value, shape)
        if columns.faithful[row]:
            assert value == {name: cell for name, cell in by_column.items() if cell is not None}
        yield value


DTYPES = {Type.TEXT: pl.String, Type.INTEGER: pl.Int64, Type.BOOLEAN: pl.Boolean}
_PYTHON: dict[Type, type] = {Type.TEXT: str, Type.INTEGER: int, Type.BOOLEAN: bool}


def fits(value: dict[str, Any], shape: Shape) -> bool:
    return all(name in shape and type(cell) is _PYTHON[shape[name]] for name, cell in value.items())

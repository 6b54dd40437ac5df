"""XLSX reader: rows of one sheet, with cells converted to the types of their columns."""

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.data.batch import Type
from conformance.data.files.column_layout import Layout
from conformance.data.files.columns import MixedColumn, read
from conformance.data.files.delimited.header import column_names
from conformance.data.files.delivery import File
from conformance.data.files.errors import ReadErrors, short, stop
from conformance.data.files.formulas import without_results
from conformance.data.files.settings import Progress, ReadSettings, silent
from conformance.data.files.table_batch import TableBatch
from conformance.model.text import Message

_LAST_ROW = 1_048_576
"""Maximum rows of a sheet; a larger declared row number would make the reader count up to it."""
_UNPACKED, _TEXTS = 4 << 30, 256 << 20
"""Maximum uncompressed bytes of all parts of a file, and of the shared strings held in memory."""
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_CHUNK = 1024
Row = tuple[int, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Positions of the rows of a batch: row numbers within the sheet, from 1."""

    numbers: tuple[int, ...]

    def line(self, row: int) -> int:
        return self.numbers[row]

    def lines(self, rows: int) -> NDArray[np.int64]:
        return np.array(self.numbers[:rows], np.int64)

    def raw(self, _row: int) -> bytes | None:
        return None


def batches(
    file: File, layout: Layout, settings: ReadSettings, progress: Progress = silent
) -> Iterator[TableBatch]:
    """Yield the non-empty rows of a sheet, in order. Raises ReadErrors."""
    with _translate_errors(file), _open_workbook(file) as book:
        sheet = _sheet(file, book, settings)
        with sheet._get_source() as source:  # noqa: SLF001  # values alone do not show formulas
            unknown = without_results(source)
        rows = _rows(file, sheet, unknown)
        above = next(rows, None)
        if above is None:
            raise stop(file, Message("files.empty"))
        names = column_names(file, [_cell_text(cell) for cell in _trim(above[1])], layout, above[0])
        first = 0
        while part := list(islice(rows, settings.rows)):
            yield _table(file, (first, part), names, layout, settings, unknown)
            first += len(part)
    progress(file.size)


@contextmanager
def _open_workbook(file: File) -> Iterator[Any]:
    import openpyxl

    _require_bounded_size(file)
    with _no_warnings():
        book = openpyxl.load_workbook(file.path, read_only=True, data_only=True, keep_links=False)
    try:
        yield book
    finally:
        book.close()


def _require_bounded_size(file: File) -> None:
    """Refuse oversized workbooks by their declared sizes, which also bound decompression.

    Raises ReadErrors.
    """
    with zipfile.ZipFile(file.path) as archive:
        sizes = {part.filename: part.file_size for part in archive.infolist()}
    texts = sum(size for name, size in sizes.items() if name.lower().endswith("sharedstrings.xml"))
    for size, most in ((sum(sizes.values()), _UNPACKED), (texts, _TEXTS)):
        if size > most:
            raise stop(file, Message("files.workbook_size", {"found": size >> 20, "most": most >> 20}))


@contextmanager
def _no_warnings() -> Iterator[None]:
    """Suppress library warnings about workbook features that are not read, such as validations."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _sheet(file: File, book: Any, settings: ReadSettings) -> Any:
    if settings.sheet is not None and settings.sheet not in book.sheetnames:
        args = {"name": settings.sheet, "known": list(book.sheetnames)}
        raise stop(file, Message("files.no_sheet", args))
    sheet = book[settings.sheet] if settings.sheet is not None else book.worksheets[0]
    sheet.reset_dimensions()  # declared dimensions may be wrong and would hide rows
    return sheet


def _rows(file: File, sheet: Any, unknown: frozenset[int]) -> Iterator[Row]:
    """Yield rows with at least one cell or formula, with their row numbers from 1."""
    numbered_rows = enumerate(sheet.iter_rows(values_only=True, max_row=_LAST_ROW + 1), 1)
    while True:
        with _no_warnings():
            part = [(number, cells) for number, cells in islice(numbered_rows, _CHUNK)]
        if not part:
            return
        if part[-1][0] > _LAST_ROW:
            raise stop(file, Message("files.workbook_rows", {"most": _LAST_ROW}))
        yield from (
            (n, cells) for n, cells in part if n in unknown or any(cell not in (None, "") for cell in cells)
        )


def _trim(cells: Sequence[Any]) -> Sequence[Any]:
    """The cells without trailing empty ones."""
    filled = [at for at, cell in enumerate(cells, 1) if cell not in (None, "")]
    return cells[: max(filled, default=0)]


def _table(  # noqa: PLR0913, PLR0917  # rows and everything needed to interpret them
    file: File,
    rows: tuple[int, Sequence[Row]],
    names: Sequence[str],
    layout: Layout,
    settings: ReadSettings,
    unknown: frozenset[int],
) -> TableBatch:
    first, part = rows
    bad: dict[int, str] = {}
    for at, (number, cells) in enumerate(part):
        if number in unknown:
            bad[at] = "formula"
        elif len(_trim(cells)) > len(names):
            bad[at] = "cells"
        elif not _ERRORS.isdisjoint(cell for cell in cells if isinstance(cell, str)):
            bad[at] = "error_cell"
    members = tuple(
        MixedColumn(name, tuple(_member(cells, n, layout.type(name)) for _, cells in part))
        for n, name in enumerate(names)
        if name not in settings.ignored
    )
    return TableBatch(file.number, first, len(part), members, _Rows(tuple(n for n, _ in part)), bad)


def _member(cells: Sequence[Any], at: int, target_type: Type) -> Any:
    """A cell as a value of its column; None for an empty cell."""
    cell = cells[at] if at < len(cells) else None
    if cell is None or cell == "" or isinstance(cell, bool):
        return None if cell == "" else cell
    return read(_cell_text(cell), target_type)


def _cell_text(cell: Any) -> str:
    """A cell as text: numbers with 15 significant digits as in spreadsheets, dates and times in ISO 8601."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, float):
        text = format(Decimal(format(cell, ".15g")), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(cell, datetime):
        return (cell if cell.time() != time() else cell.date()).isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


@contextmanager
def _translate_errors(file: File) -> Iterator[None]:
    """Turn all library exceptions for a damaged file into ReadErrors."""
    try:
        yield
    except ReadErrors:
        raise
    except Exception as error:
        raise stop(file, Message("files.workbook", {"reason": short(error)})) from error

"""Writing the gap where it was asked for: one workbook, one CSV file, or a folder with everything."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from conformance.gap.tables import Table
from conformance.gap.workbook import workbook
from conformance.model.errors import UserError
from conformance.model.text import Message

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
WORKBOOK, ITEMS, FIELDS = "gap.xlsx", "items.csv", "fields.csv"


class GapFileError(UserError):
    """The files cannot be written as asked."""

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(Message(f"gap.{key}", args))


def write_gap(tables: Iterable[Table], output: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write `.xlsx`, `.csv` (the fields, each with its item) or all into a folder; returns what was written.

    What exists may be filled in already, so it is replaced only with `force`. Raises GapFileError, OSError.
    """
    files = _files({table.name: table for table in tables}, output)
    existing = [str(path) for path in files if path.exists()]
    if existing and not force:
        raise GapFileError("output_exists", files=existing)
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tuple(files)


def _files(tables: Mapping[str, Table], output: Path) -> dict[Path, bytes]:
    kind = output.suffix.lower()
    if output.is_dir() or not kind:
        return {
            output / WORKBOOK: workbook(tables.values()),
            output / ITEMS: comma_separated(tables["items"]),
            output / FIELDS: comma_separated(tables["fields"]),
        }
    if kind == ".xlsx":
        return {output: workbook(tables.values())}
    if kind == ".csv":
        return {output: comma_separated(tables["fields"])}
    raise GapFileError("output_kind", file=str(output), kind=kind)


def comma_separated(table: Table) -> bytes:
    """UTF-8 with a byte-order mark and CRLF, which Excel needs for Chinese; no cell acts as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_guarded(column.header) for column in table.columns)
    writer.writerows(map(_guarded, row) for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _guarded(cell: str | int) -> str | int:
    """A text that a spreadsheet would compute is shown as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

"""The workbook: frozen headers, filters, widths, and lists to choose from."""

import io
from collections.abc import Iterable
from typing import Any

from conformance.gap.tables import SheetColumn, Table

_SPARE_ROWS = 200
"""Rows below the last one in which choices are offered too."""
_FIRST_DAY, _LAST_DAY = "=DATE(2020,1,1)", "=DATE(2098,12,31)"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_BASE = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
_HEADER = {**_BASE, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#D9E2F3"}
_FILL = {**_BASE, "text_wrap": True, "border": 1, "border_color": "#BFBFBF", "bg_color": "#FFF9E5"}
_CELL = {**_BASE, "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}


def workbook(tables: Iterable[Table]) -> bytes:
    """An XLSX file; every text is a text, whatever it begins with."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        looks = {
            "header": book.add_format(_HEADER),
            "fill_header": book.add_format({**_HEADER, "bg_color": "#FFE699"}),
            "cell": book.add_format(_CELL),
            "fill": book.add_format(_FILL),
            "day": book.add_format({**_FILL, "num_format": "yyyy-mm-dd"}),
        }
        for table in tables:
            _sheet(book.add_worksheet(table.title), table, looks)
    return target.getvalue()


def _sheet(sheet: Any, table: Table, looks: dict[str, Any]) -> None:
    last_row, last_column = len(table.rows), len(table.columns) - 1
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.header, looks["fill_header" if column.fill else "header"])
        _offer(sheet, at, last_row, column)
    for row, cells in enumerate(table.rows, start=1):
        for at, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            _write(sheet, (row, at), cell, looks[_look(column)])
    sheet.freeze_panes(1, 4 if last_column > 4 else 1)
    sheet.autofilter(0, 0, max(last_row, 1), last_column)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _look(column: SheetColumn) -> str:
    return "day" if column.date else "fill" if column.fill else "cell"


def _write(sheet: Any, place: tuple[int, int], cell: str | int, look: Any) -> None:
    if isinstance(cell, int):
        sheet.write_number(*place, cell, look)
    elif cell:
        sheet.write_string(*place, cell, look)
    else:
        sheet.write_blank(*place, None, look)


def _offer(sheet: Any, at: int, last_row: int, column: SheetColumn) -> None:
    """Restrict the cells of a column to its choices or to dates, and those of `_SPARE_ROWS` below it."""
    cells = (1, at, last_row + _SPARE_ROWS, at)
    if column.choices:
        sheet.data_validation(*cells, {"validate": "list", "source": list(column.choices)})
    elif column.date:
        between = {"criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
        sheet.data_validation(*cells, {"validate": "date", **between})

"""Rows of a stretch as a file of CSV: all is text, and the type of a column says what a text means."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any, Literal

from tests.conformance.data.item_rows import judge
from tests.equal.sheets import VALUE, Numbered, Sheet, Writing, WrittenRow, columns_of, written_rows

SUFFIX = ".csv"
_ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "gb18030")
_QUOTING: tuple[Literal[0, 1], ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
_OPEN = 0.3
"""Share of files that end without a line end."""
_NO_TEXT = {dict, list}


def sheets(rows: Sequence[Numbered], writing: Writing) -> Iterator[Sheet]:
    """All rows that text can say, in one file."""
    text_rows = [one for one in rows if _NO_TEXT.isdisjoint(map(type, one[1].values()))]
    writing.left[VALUE] += len(rows) - len(text_rows)
    named_rows = writing.named(text_rows, lambda name: not name or "\r" in name)
    if named_rows:
        yield _sheet(named_rows, writing)


def _sheet(rows: Sequence[Numbered], writing: Writing) -> Sheet:
    names = writing.names(rows)
    shapes = judge(writing.code).item.schema["properties"]
    changed: dict[int, dict[str, Any]] = {}
    columns = []
    for name, values in columns_of(rows, names).items():
        cells = _cells(values)
        for number, value in _said_otherwise(values, cells, str(shapes.get(name, {}).get("type"))):
            changed.setdefault(number, {})[name] = value
        columns.append(cells)
    headers = writing.headers(names)
    text = _text((headers, *zip(*columns, strict=True)), writing.random)
    return _written(text, _by_line(written_rows(rows, changed), columns, headers), writing)


def _text(records: Iterable[Sequence[str | None]], random: Random) -> str:
    text = io.StringIO()
    delimiter, end, quoting = random.choice(",,\t;"), random.choice(("\n", "\r\n")), random.choice(_QUOTING)
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(records)
    content = text.getvalue()
    return content.removesuffix(end) if random.random() < _OPEN else content


def _written(text: str, places: dict[int, WrittenRow], writing: Writing) -> Sheet:
    """Whoever reads the file is told of its encoding only where nobody could find it."""
    encoding = writing.random.choice(_ENCODINGS)
    path = writing.path.with_suffix(SUFFIX)
    path.write_bytes(data := text.encode(encoding))
    declared = encoding if encoding == "gb18030" and _is_doubtful(data) else None
    return Sheet(path, places, writing.settings(len(places), declared))


def _is_doubtful(data: bytes) -> bool:
    """Whether many lines of GB18030 are UTF-8 by chance."""
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    return sum(map(_is_utf8, lines)) * 3 > len(lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cells(values: Sequence[Any]) -> list[str | None]:
    """The texts of values; None where there is none."""
    if {*map(type, values)} <= {str, type(None)}:
        return list(values)
    return [value if value is None or isinstance(value, str) else json.dumps(value) for value in values]


def _said_otherwise(
    values: Sequence[Any], cells: Sequence[str | None], kind: str
) -> Iterator[tuple[int, Any]]:
    """The values that are not what their cells say."""
    if kind in ("integer", "boolean"):
        for number, (value, cell) in enumerate(zip(values, cells, strict=True)):
            meaning = _meant(cell, kind) if cell else None
            if type(meaning) is not type(value) or meaning != value:
                yield number, meaning
        return
    if "" in cells or cells != values:
        for number, (value, cell) in enumerate(zip(values, cells, strict=True)):
            if value is not None and (cell == "" or value.__class__ is not str):
                yield number, cell or None


def _meant(cell: str, kind: str) -> Any:
    """A number or truth value in the one way in which each is written; any other text stays one."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(cell, cell)
    is_integer = re.fullmatch("-?[0-9]{1,18}", cell, re.ASCII) and str(int(cell)) == cell
    return int(cell) if is_integer else cell


def _by_line(
    results: Sequence[WrittenRow], columns: Sequence[Sequence[str | None]], headers: Sequence[str]
) -> dict[int, WrittenRow]:
    """By the lines on which the records begin; line ends within quotes count."""
    ends = [0] * len(results)
    for cells in columns:
        if "\n" in "".join(filter(None, cells)):
            for number, cell in enumerate(cells):
                ends[number] += cell.count("\n") if cell else 0
    line, placed = 2 + sum(header.count("\n") for header in headers), {}
    for result, line_ends in zip(results, ends, strict=True):
        placed[line] = result
        line += 1 + line_ends
    return placed

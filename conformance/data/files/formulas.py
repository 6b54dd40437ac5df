"""Formula cells without a cached result, which a reader of values would take for empty cells."""

import re
from typing import BinaryIO

_BLOCK = 1 << 20
_LONGEST = 1 << 16
"""Upper bound in bytes for a formula cell; formulas have up to 8,192 characters."""
_TAG = rb"(?:\w+:)?"
_CELL = re.compile(
    rb"<%bc\b([^<>]*)>\s*<%bf\b(?:[^<>]*/>|[^<>]*>[^<]*</%bf>)\s*"
    rb"(<%bv\b[^<>]*/>|<%bv\b[^<>]*>\s*</%bv>)?\s*</%bc>" % ((_TAG,) * 7)
)
_ROW = re.compile(rb'\br="[A-Za-z]+([0-9]+)"')
_TEXT = re.compile(rb'\bt="str"')
"""Cells whose cached result is text, which may be empty."""


def without_results(sheet: BinaryIO) -> frozenset[int]:
    """Row numbers (from 1) of such cells, from the XML of a sheet (ECMA-376-1, 18.3.1.4)."""
    rows: set[int] = set()
    window = b""
    while block := sheet.read(_BLOCK):
        window += block
        for cell in _CELL.finditer(window):
            attributes, result = cell.groups()
            number = _ROW.search(attributes)
            if number and not (result and _TEXT.search(attributes)):
                rows.add(int(number[1]))
        window = window[-_LONGEST:]
    return frozenset(rows)

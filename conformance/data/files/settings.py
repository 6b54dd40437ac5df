"""Reader settings: sizes, limits, and declarations that replace detection."""

from collections.abc import Callable
from dataclasses import dataclass

from conformance.model.mapping import TableMapping

Progress = Callable[[int], None]
"""Callback with the bytes read from disk since the previous call."""


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Reader settings; the defaults suit a delivery for which nothing is declared."""

    rows: int = 65_536
    """Maximum rows per batch."""
    limit: int = 1 << 20
    """Maximum bytes of a text row, including line breaks within quotes."""
    encoding: str | None = None
    """Declared encoding, `utf-8` or `gb18030`; None: detected."""
    delimiter: str | None = None
    sheet: str | None = None
    """Sheet of a workbook; None: the first sheet."""
    mapping: TableMapping | None = None
    """Mapping of columns to fields, for tables of other systems."""
    ignored: frozenset[str] = frozenset()
    """Columns that are not read."""


def silent(_bytes: int) -> None:
    """Progress callback that does nothing."""

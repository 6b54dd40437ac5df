"""How files are read: sizes, limits, and what the user declares instead of having it guessed."""

from collections.abc import Callable
from dataclasses import dataclass

from conformance.model.mapping import TableMapping

Progress = Callable[[int], None]
"""Is told how many bytes on disk were read since the last time."""


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Settings of reading; the defaults are those for a delivery of which nothing is declared."""

    rows: int = 65_536
    """Most rows of a batch."""
    limit: int = 1 << 20
    """Most bytes of a row of text, its line breaks within quotes included."""
    encoding: str | None = None
    """`utf-8` or `gb18030` where it is declared."""
    delimiter: str | None = None
    sheet: str | None = None
    """The sheet of a workbook; None: the first one."""
    mapping: TableMapping | None = None
    """How the columns become fields, where they are not called like them."""
    ignored: frozenset[str] = frozenset()
    """Columns that nobody looks at."""


def silent(_bytes: int) -> None:
    """Progress that nobody watches."""

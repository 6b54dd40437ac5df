"""NDJSON reader: single lines by a strict parser, blocks as columns with proven contents."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.data.batch import Columns, Shape, Unreadable
from conformance.data.files.ndjson.json_rows import row_of
from conformance.data.lines import BLOCK, LONGEST, Block, ByteSource, blocks

ROWS = 65_536


@dataclass(frozen=True, slots=True)
class LineBatch:
    """Consecutive lines of one file; implements `Batch`."""

    source: int
    first: int
    start_line: int
    block: Block
    last: bool = False
    """True if the file ends with these lines and the last one has no line end."""

    def __len__(self) -> int:
        return len(self.block)

    def line(self, row: int) -> int:
        """Line of a row in the file, from 1."""
        return self.start_line + row

    def lines(self) -> NDArray[np.int64]:
        """Lines of all rows in the file, from 1."""
        return np.arange(self.start_line, self.start_line + len(self))

    def raw(self, row: int) -> bytes:
        """Bytes of a line; the beginning of an overlong one."""
        return self.block.data[self.block.starts[row] : self.block.ends[row]]

    def value(self, row: int) -> dict[str, Any] | Unreadable:
        """A row as a JSON object, or the reason it is unreadable."""
        if self.block.too_long is not None:
            return Unreadable("too_long")
        raw = self.raw(row)
        return row_of(raw.rstrip(b"\r\n"), last=self.last and row == len(self) - 1)

    def values(self, rows: NDArray[np.int64]) -> Iterator[dict[str, Any] | Unreadable]:
        """Yield the selected rows, in the order given."""
        return (self.value(row) for row in rows.tolist())

    def columns(self, shape: Shape) -> Columns:
        """All rows as typed columns, in the order of the shape."""
        from conformance.data.engine.columns import columns

        return columns(self.block, shape)


def batches(  # noqa: PLR0913
    stream: ByteSource,
    source: int,
    *,
    rows: int = ROWS,
    first: int = 0,
    start_line: int = 1,
    size: int = BLOCK,
    longest: int = LONGEST,
) -> Iterator[LineBatch]:
    """Yield all lines of a stream in batches of at most `rows`. `first`: number of the first row, from 0."""
    row, line = first, start_line
    ahead: Block | None = None
    for block in (part for whole in blocks(stream, size, longest) for part in whole.parts(rows)):
        if ahead is not None:
            yield LineBatch(source, row, line, ahead)
            row, line = row + len(ahead), line + len(ahead)
        ahead = block
    if ahead is not None:
        open_end = not ahead.data[: int(ahead.ends[-1])].endswith(b"\n")
        yield LineBatch(source, row, line, ahead, last=open_end)

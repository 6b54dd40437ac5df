"""NDJSON as batches: lines by a strict reader, and blocks as columns with a proof of what they hold."""

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
    """Consecutive lines of one file."""

    source: int
    first: int
    start_line: int
    block: Block
    last: bool = False
    """The file ends with these lines, and the last of them has no line end."""

    def __len__(self) -> int:
        return len(self.block)

    def line(self, row: int) -> int:
        return self.start_line + row

    def lines(self) -> NDArray[np.int64]:
        return np.arange(self.start_line, self.start_line + len(self))

    def raw(self, row: int) -> bytes:
        """The bytes of a line; of one that is too long, its beginning."""
        return self.block.data[self.block.starts[row] : self.block.ends[row]]

    def value(self, row: int) -> dict[str, Any] | Unreadable:
        if self.block.too_long is not None:
            return Unreadable("too_long")
        raw = self.raw(row)
        return row_of(raw.rstrip(b"\r\n"), last=self.last and row == len(self) - 1)

    def values(self, rows: NDArray[np.int64]) -> Iterator[dict[str, Any] | Unreadable]:
        return (self.value(row) for row in rows.tolist())

    def columns(self, shape: Shape) -> Columns:
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
    """All lines of a stream, at most `rows` at a time. `first`: number of its first row."""
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

"""Byte ranges of a text file, aligned to line starts."""

from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 20


def align_to_lines(path: Path, start: int, stop: int) -> tuple[int, int]:
    """The byte range of the lines that begin within `[start, stop)`; lines are never held in memory."""
    with path.open("rb") as file:
        return _next_line(file, start), _next_line(file, stop)


def _next_line(file: BinaryIO, at: int) -> int:
    """Offset of the first line start at or after `at`; the file size if there is none."""
    if at <= 0:
        return 0
    place = file.seek(at - 1)
    while block := file.read(_BLOCK):
        offset = block.find(b"\n")
        if offset >= 0:
            return place + offset + 1
        place += len(block)
    return place


def count_lines(path: Path, start: int, stop: int) -> int:
    """Number of lines in a range that starts at a line start; a last line without line end counts."""
    count, last = 0, b"\n"
    with path.open("rb") as file:
        file.seek(start)
        while start < stop and (block := file.read(min(_BLOCK, stop - start))):
            count += block.count(b"\n")
            start += len(block)
            last = block[-1:]
    return count + (last != b"\n")

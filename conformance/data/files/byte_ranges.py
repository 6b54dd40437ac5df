"""Ranges of bytes of a text file, moved to where lines begin."""

from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 20


def aligned(path: Path, start: int, stop: int) -> tuple[int, int]:
    """The range of the lines that begin within a range. The lines themselves are never held."""
    with path.open("rb") as file:
        return _next_line(file, start), _next_line(file, stop)


def _next_line(file: BinaryIO, at: int) -> int:
    """Where the first line begins that begins at a place or after it; else the end of the file."""
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
    """Lines within a range that begins with a line; one without an end is a line, too."""
    count, last = 0, b"\n"
    with path.open("rb") as file:
        file.seek(start)
        while start < stop and (block := file.read(min(_BLOCK, stop - start))):
            count += block.count(b"\n")
            start += len(block)
            last = block[-1:]
    return count + (last != b"\n")

"""Splits: parts of files that processes or machines can read independently."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from conformance.data.files.byte_ranges import align_to_lines, count_lines
from conformance.data.files.delivery import Compression, File, FileFormat

SPLIT_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Split:
    """A part of a file: a byte range of NDJSON, row groups of Parquet, or the whole file otherwise."""

    file: File
    start: int
    stop: int
    first: int | None
    """Number of its first row within the file, from 0; None until the splits before it are counted."""


def splits(file: File, size: int = SPLIT_BYTES) -> tuple[Split, ...]:
    """The splits of a file, each of about `size` bytes. Raises ReadErrors."""
    if file.format is FileFormat.PARQUET:
        return tuple(_groups(file, size))
    if file.format is FileFormat.NDJSON and file.compression is Compression.NONE:
        edges = [*range(0, file.size, size), file.size]
        parts = tuple(Split(file, a, b, None if a else 0) for a, b in pairwise(edges))
        return parts or (whole(file),)
    return (whole(file),)


def whole(file: File) -> Split:
    """The whole file as one split."""
    if file.format is FileFormat.PARQUET:
        from conformance.data.files.parquet import groups

        return Split(file, 0, len(groups(file)), 0)
    return Split(file, 0, file.size, 0)


def lines(split: Split) -> int:
    """Number of lines that begin in a split of uncompressed NDJSON, to number the rows of later splits."""
    return count_lines(split.file.path, *align_to_lines(split.file.path, split.start, split.stop))


def _groups(file: File, size: int) -> Iterator[Split]:
    """Yield splits of adjacent row groups of about `size` bytes."""
    from conformance.data.files.parquet import groups

    row_groups = groups(file)
    firsts = list(accumulate((group.rows for group in row_groups), initial=0))
    start, size_so_far = 0, 0
    for number, group in enumerate(row_groups):
        if size_so_far and size_so_far + group.packed > size:
            yield Split(file, start, number, firsts[start])
            start, size_so_far = number, 0
        size_so_far += group.packed
    if start < len(row_groups) or not row_groups:
        yield Split(file, start, len(row_groups), firsts[start])

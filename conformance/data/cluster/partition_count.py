"""The number of buckets for the keys of a delivery; those of one bucket are in memory together."""

from collections.abc import Iterable

from conformance.data.files import Compression, File, FileFormat

_PACKED = 16
"""Assumed ratio of the content of a compressed file to its size."""
_PARTS = 4
"""Work units per bucket; keys are seldom more than a fifth of their text."""
_MOST = 4096


def bucket_count(files: Iterable[File], size: int) -> int:
    """Buckets, from 1 to 4096; `size`: octets of a work unit."""
    octets = sum(file.size * (1 if _plain(file) else _PACKED) for file in files)
    return max(1, min(-(-octets // (size * _PARTS)), _MOST))


def _plain(file: File) -> bool:
    return file.format in (FileFormat.NDJSON, FileFormat.CSV) and file.compression is Compression.NONE

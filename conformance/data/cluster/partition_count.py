"""Over how many buckets the keys of a delivery are spread: those of one bucket are in memory together."""

from collections.abc import Iterable

from conformance.data.files import Compression, File, FileFormat

_PACKED = 16
"""How much larger what is in a packed file may well be."""
_PARTS = 4
"""A bucket has the keys of about so many parts of plain text, of which keys are seldom more than a fifth."""
_MOST = 4096


def buckets(files: Iterable[File], size: int) -> int:
    """`size`: octets of a part."""
    octets = sum(file.size * (1 if _plain(file) else _PACKED) for file in files)
    return max(1, min(-(-octets // (size * _PARTS)), _MOST))


def _plain(file: File) -> bool:
    return file.format in (FileFormat.NDJSON, FileFormat.CSV) and file.compression is Compression.NONE

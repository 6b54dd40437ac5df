"""Encoding of delimited text: UTF-8 or GB18030, detected once; rows in another encoding are unreadable.

In both, bytes of line ends, quotes and delimiters occur in no other character, so records are cut first.
"""

import codecs
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conformance.data.files.delimited.records import LF, Records

if TYPE_CHECKING:
    from numpy.typing import NDArray

UTF8, GB18030 = "utf-8", "gb18030"
BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def detect_encoding(data: bytes) -> str | None:
    """Encoding of a block by majority of its lines; None if all are ASCII."""
    if data.isascii():
        return None
    *lines, last = data.split(b"\n")
    votes = sum(_vote(line, decodes) for line in lines) or _vote(last, _decodes_prefix)
    return GB18030 if votes < 0 else UTF8


def _vote(line: bytes, fits: Callable[[bytes, str], bool]) -> int:
    if line.isascii():
        return 0
    return 1 if fits(line, UTF8) else -1 if fits(line, GB18030) else 0


def _decodes_prefix(data: bytes, encoding: str) -> bool:
    """True if the data decodes, apart from a character cut off at the end of the block."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def decodes(data: bytes | bytearray, encoding: str) -> bool:
    """True if the bytes are valid in the encoding."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def to_utf8(records: Records, encoding: str) -> Records:
    """The records transcoded to UTF-8. Records that do not decode are marked bad and blanked."""
    content = records.data[: records.ends[-1]]
    if decodes(content, encoding):
        return records if encoding == UTF8 else _transcode(records, encoding)
    bad = dict(records.bad)
    buffer = bytearray(content)
    for row, (start, end) in enumerate(zip(records.starts.tolist(), records.ends.tolist(), strict=True)):
        if not decodes(buffer[start:end], encoding):
            bad.setdefault(row, "encoding")
            blank(buffer, start, end)
    _blank_gaps(buffer, records)
    mended = replace(records, data=bytes(buffer), bad=bad, regular=False)
    return mended if encoding == UTF8 else _transcode(mended, encoding)


def blank(held: bytearray, start: int, end: int) -> None:
    """Overwrite `[start, end)` with blanks, except line ends."""
    view = np.frombuffer(held, np.uint8)[start:end]
    view[view != LF] = 32


def _blank_gaps(buffer: bytearray, records: Records) -> None:
    """Blank the bytes between records, which need not decode."""
    before = np.concatenate([[0], records.ends[:-1]])
    for start, end in zip(before.tolist(), records.starts.tolist(), strict=True):
        if start < end:
            blank(buffer, start, end)


def _transcode(records: Records, encoding: str) -> Records:
    """The records transcoded to UTF-8; line ends keep their order, so records end at the same ones."""
    data = records.data[: records.ends[-1]]
    transcoded = data.decode(encoding).encode(UTF8)
    return replace(
        records,
        data=transcoded,
        starts=_move_places(records.starts, data, transcoded, begin=True),
        ends=_move_places(records.ends, data, transcoded, begin=False),
    )


def _move_places(
    places: "NDArray[np.int64]", before: bytes, after: bytes, *, begin: bool
) -> "NDArray[np.int64]":
    """Offsets past line ends (and the first and last offset), translated to the transcoded text."""
    old = np.concatenate([[0], np.flatnonzero(np.frombuffer(before, np.uint8) == LF) + 1])
    new = np.concatenate([[0], np.flatnonzero(np.frombuffer(after, np.uint8) == LF) + 1])
    at = np.searchsorted(old, places)
    last = at >= len(old)
    moved: NDArray[np.int64] = new[np.minimum(at, len(new) - 1)]
    return moved if begin else np.where(last, len(after), moved)

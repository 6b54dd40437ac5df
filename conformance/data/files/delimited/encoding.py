"""The encoding of delimited text: UTF-8 or GB18030, decided once; rows in the other one are unreadable.

In both, line ends, quotes and delimiters are part of no other character, so records are found first.
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


def decide(data: bytes) -> str | None:
    """The encoding of the lines of a block, by majority; None where all is ASCII."""
    if data.isascii():
        return None
    *lines, last = data.split(b"\n")
    votes = sum(_vote(line, decodes) for line in lines) or _vote(last, _begins)
    return GB18030 if votes < 0 else UTF8


def _vote(line: bytes, fits: Callable[[bytes, str], bool]) -> int:
    if line.isascii():
        return 0
    return 1 if fits(line, UTF8) else -1 if fits(line, GB18030) else 0


def _begins(data: bytes, encoding: str) -> bool:
    """Whether it is text up to a character that the end of the block may have cut."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def decodes(data: bytes | bytearray, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def in_utf8(records: Records, encoding: str) -> Records:
    """The records in UTF-8. Those that are not of the encoding are noted, and blanks stand in their place."""
    content = records.data[: records.ends[-1]]
    if decodes(content, encoding):
        return records if encoding == UTF8 else _transcoded(records, encoding)
    bad = dict(records.bad)
    buffer = bytearray(content)
    for row, (start, end) in enumerate(zip(records.starts.tolist(), records.ends.tolist(), strict=True)):
        if not decodes(buffer[start:end], encoding):
            bad.setdefault(row, "encoding")
            blank(buffer, start, end)
    _blank_rest(buffer, records)
    mended = replace(records, data=bytes(buffer), bad=bad, regular=False)
    return mended if encoding == UTF8 else _transcoded(mended, encoding)


def blank(held: bytearray, start: int, end: int) -> None:
    """Blanks in place of everything but line ends."""
    view = np.frombuffer(held, np.uint8)[start:end]
    view[view != LF] = 32


def _blank_rest(buffer: bytearray, records: Records) -> None:
    """What is between the records need not be text of the encoding."""
    before = np.concatenate([[0], records.ends[:-1]])
    for start, end in zip(before.tolist(), records.starts.tolist(), strict=True):
        if start < end:
            blank(buffer, start, end)


def _transcoded(records: Records, encoding: str) -> Records:
    """Line ends are the same characters before and after, so the records end at the same ones."""
    data = records.data[: records.ends[-1]]
    transcoded = data.decode(encoding).encode(UTF8)
    return replace(
        records,
        data=transcoded,
        starts=_moved(records.starts, data, transcoded, begin=True),
        ends=_moved(records.ends, data, transcoded, begin=False),
    )


def _moved(places: "NDArray[np.int64]", before: bytes, after: bytes, *, begin: bool) -> "NDArray[np.int64]":
    """Places behind line ends, and the first and the last place, in the text as it is now."""
    old = np.concatenate([[0], np.flatnonzero(np.frombuffer(before, np.uint8) == LF) + 1])
    new = np.concatenate([[0], np.flatnonzero(np.frombuffer(after, np.uint8) == LF) + 1])
    at = np.searchsorted(old, places)
    last = at >= len(old)
    moved: NDArray[np.int64] = new[np.minimum(at, len(new) - 1)]
    return moved if begin else np.where(last, len(after), moved)

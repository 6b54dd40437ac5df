"""Header record of delimited text: dialect, encoding and column names."""

from collections.abc import Sequence
from dataclasses import dataclass

from conformance.data.files.column_layout import Layout
from conformance.data.files.delimited.encoding import BOM, GB18030, UTF8, UTF16, decodes, detect_encoding
from conformance.data.files.delimited.records import BLOCK, Dialect
from conformance.data.files.delivery import File
from conformance.data.files.errors import stop
from conformance.data.files.settings import ReadSettings
from conformance.data.files.text_columns import cell_pattern, split
from conformance.data.lines import ByteSource
from conformance.model.text import Message

DELIMITERS = (",", "\t", ";")
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class TableHeader:
    """Everything before the first row."""

    raw: bytes
    """Bytes in the file, including a byte-order mark."""
    record: bytes
    """Bytes of the header record alone."""
    line: int
    """Line of the first row, from 1."""
    names: tuple[str, ...]
    dialect: Dialect
    encoding: str | None
    """None: everything read so far is ASCII."""


def header(
    file: File, source: ByteSource, layout: Layout, settings: ReadSettings
) -> tuple[TableHeader, bytes]:
    """The header, and the bytes already read past it. Raises ReadErrors."""
    data = source.read(BLOCK)
    if data.startswith(UTF16):
        raise stop(file, Message("files.utf16"))
    start = len(BOM) if data.startswith(BOM) else 0
    while data[start : start + 1] in (b"\n", b"\r") and data[start:]:
        start += 1
    line = 1 + data[:start].count(b"\n")
    delimiter = settings.delimiter or _delimiter(file, data[start:].partition(b"\n")[0])
    dialect = Dialect(delimiter.encode(), settings.limit)
    match = dialect.record().match(data, start)
    if not data[start:]:
        raise stop(file, Message("files.empty"))
    if match is None or len(match[0]) > settings.limit:
        raise stop(file, Message("files.header_broken", {"limit": settings.limit}), line)
    encoding = settings.encoding or (UTF8 if data.startswith(BOM) else detect_encoding(data))
    text = _text(file, match[0], encoding, line)
    names = column_names(file, list(split(text, cell_pattern(dialect))), layout, line)
    below = line + match[0].count(b"\n")
    table_header = TableHeader(data[: match.end()], match[0], below, names, dialect, encoding)
    return table_header, data[match.end() :]


def _delimiter(file: File, line: bytes) -> str:
    """The most frequent delimiter in the first line, outside quotes."""
    bare = b"".join(line.split(b'"')[::2])
    usual = ("\t", ",", ";") if ".tsv" in file.path.name.lower() else DELIMITERS
    return max(usual, key=lambda d: bare.count(d.encode()))


def _text(file: File, record: bytes, encoding: str | None, line: int) -> str:
    if b"\r" in record.removesuffix(b"\n").removesuffix(b"\r"):
        raise stop(file, Message("files.line_ends"), line)
    for candidate in (encoding or UTF8, UTF8, GB18030):
        if decodes(record, candidate):
            return record.decode(candidate)
    raise stop(file, Message("files.header_encoding"), line)


def column_names(file: File, cells: Sequence[str], layout: Layout, line: int) -> tuple[str, ...]:
    """Column names; unnamed columns are numbered `#n` so that their cells are checked. Raises ReadErrors."""
    names = tuple(layout.name(cell) or f"#{n}" for n, cell in enumerate(cells, 1))
    item_columns = [name for name in names if name in layout.columns]
    if layout.columns and not item_columns:  # the cells may be data and are not quoted
        examples = list(layout.columns)[-_EXAMPLES:]
        raise stop(file, Message("files.no_header", {"found": len(names), "examples": examples}), line)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise stop(file, Message("files.columns_twice", {"names": twice}), line)
    return names

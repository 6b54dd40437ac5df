"""Reader for splits of all formats."""

from collections.abc import Iterator
from dataclasses import replace

from conformance.data.batch import Batch
from conformance.data.files.byte_ranges import align_to_lines
from conformance.data.files.column_layout import Layout
from conformance.data.files.delivery import File, FileFormat
from conformance.data.files.errors import ReadErrors
from conformance.data.files.mapping.columns import Mapped, MappedNames
from conformance.data.files.ndjson.read import batches as ndjson_batches
from conformance.data.files.settings import Progress, ReadSettings, silent
from conformance.data.files.splits import Split
from conformance.data.files.stream import open_stream


def read(
    split: Split,
    layout: Layout,
    settings: ReadSettings | None = None,
    *,
    first_line: int = 1,
    progress: Progress = silent,
) -> Iterator[Batch]:
    """Yield the rows of a split as batches, in order. Raises ReadErrors where reading cannot continue.

    `first_line`: line number (from 1) of the first line that begins in an NDJSON split.
    """
    options = settings or ReadSettings()
    if options.mapping is None:
        return _read(split, layout, options, first_line, progress)
    names = MappedNames(options.mapping, layout)
    options = replace(options, ignored=options.ignored | options.mapping.ignored)
    return (Mapped(batch, names) for batch in _read(split, names.source, options, first_line, progress))


def head(file: File, layout: Layout, settings: ReadSettings | None = None) -> tuple[bytes, str | None]:
    """Bytes before the first row (byte-order mark and header), which a file of selected rows must repeat.

    The second value is the encoding; None if the beginning of the file is ASCII or the format fixes it.
    """
    if file.format is not FileFormat.CSV:
        return b"", None
    from conformance.data.files.delimited import read

    options = settings or ReadSettings()
    return read.head(
        file, MappedNames(options.mapping, layout).source if options.mapping else layout, options
    )


def _read(
    split: Split, layout: Layout, options: ReadSettings, first_line: int, progress: Progress
) -> Iterator[Batch]:
    match split.file.format:
        case FileFormat.NDJSON:
            return _ndjson(split, options, first_line, progress)
        case FileFormat.PARQUET:
            from conformance.data.files import parquet

            return parquet.batches(split.file, range(split.start, split.stop), layout, options, progress)
        case FileFormat.CSV:
            from conformance.data.files.delimited import read

            return read.batches(split.file, layout, options, progress)
        case FileFormat.XLSX:
            from conformance.data.files import workbook

            return workbook.batches(split.file, layout, options, progress)


def _ndjson(split: Split, settings: ReadSettings, first_line: int, progress: Progress) -> Iterator[Batch]:
    """Yield the lines of an NDJSON split (RFC 8259, one value per line)."""
    packed = split.file.compression.value != "none"
    start, stop = (0, None) if packed else align_to_lines(split.file.path, split.start, split.stop)
    with open_stream(split.file, start=start, stop=stop, progress=progress) as stream:
        yield from ndjson_batches(stream, split.file.number, rows=settings.rows, start_line=first_line)
        if stream.trouble is not None:
            raise ReadErrors((stream.trouble,))

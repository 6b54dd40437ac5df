"""Search of files: the first occurrences of each value in each file, and the files that cannot be read."""

import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from conformance.data.scan.blocks import WINDOW, blocks
from conformance.data.scan.search import Occurrence, ValueSearch
from conformance.data.scan.streams import BROKEN, ContentStream, content_streams
from conformance.model.text import Message


@dataclass(frozen=True, slots=True)
class FileOccurrence:
    """An occurrence of a value in a file."""

    file: str
    occurrence: Occurrence


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that could not be read to its end; occurrences before that are valid."""

    file: str
    reason: str | Message


def scan_file(
    search: ValueSearch, path: Path, most: int, progress: Callable[[int], None] = lambda _: None
) -> Iterator[FileOccurrence | UnreadFile]:
    """The occurrences in a file, at most `most` of each value, and an unread part.

    `progress` is called with the number of bytes searched.
    """
    name = str(path)
    try:
        for content in content_streams(path):
            name = content.name
            yield from _scan(search, content, most, progress)
    except BROKEN as error:
        yield UnreadFile(name, _reason(error))


def _reason(error: Exception) -> str:
    reason_text = str(getattr(error, "strerror", None) or error or type(error).__name__)
    return reason_text.splitlines()[0] if reason_text else type(error).__name__


def _scan(
    search: ValueSearch, content: ContentStream, most: int, progress: Callable[[int], None]
) -> Iterator[FileOccurrence]:
    counts: Counter[str] = Counter()
    reported: set[tuple[int, str]] = set()
    for block in blocks(content.stream):
        satisfied = frozenset(name for name, count in counts.items() if count >= most)
        # the last lines of a block are repeated in the next one
        for occurrence in search.block(block, satisfied, most + WINDOW):
            key = (occurrence.offset, occurrence.name)
            if key not in reported and counts[occurrence.name] < most:
                reported.add(key)
                counts[occurrence.name] += 1
                yield FileOccurrence(content.name, occurrence)
        progress(len(block.data))


def files_below(paths: Iterable[Path]) -> Iterator[Path | UnreadFile]:
    """The files at paths and below folders, links followed, and the entries that cannot be read."""
    visited: set[tuple[int, int]] = set()
    for path in paths:
        if path.is_dir():
            yield from _files_of_folder(path, visited)
        else:
            yield path


def _files_of_folder(folder: Path, visited: set[tuple[int, int]]) -> Iterator[Path | UnreadFile]:
    """The files below a folder; a folder that links lead to again is skipped."""
    try:
        status = folder.stat()
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield UnreadFile(str(folder), _reason(error))
        return
    if (status.st_dev, status.st_ino) in visited:
        return
    visited.add((status.st_dev, status.st_ino))
    for path in entries:
        yield from _files_of_entry(path, visited)


def _files_of_entry(path: Path, visited: set[tuple[int, int]]) -> Iterator[Path | UnreadFile]:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield UnreadFile(str(path), _reason(error))
        return
    if stat.S_ISDIR(mode):
        yield from _files_of_folder(path, visited)
    elif stat.S_ISREG(mode):
        yield path
    else:  # reading a pipe without a writer would block
        yield UnreadFile(str(path), Message("files.no_file"))

"""Searching files: for each value the first places in each file, and what could not be read."""

import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from conformance.data.scan.blocks import WINDOW, blocks
from conformance.data.scan.search import Found, Search
from conformance.data.scan.streams import BROKEN, Part, parts
from conformance.model.text import Message


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file."""

    file: str
    found: Found


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read to its end; what was found before it broke stands."""

    file: str
    reason: str | Message


def scan_file(
    search: Search, path: Path, most: int, progress: Callable[[int], None] = lambda _: None
) -> Iterator[Place | Unread]:
    """Everything found in a file, at most so many places for each value. `progress` is told of bytes."""
    shown = str(path)
    try:
        for part in parts(path):
            shown = part.shown
            yield from _scan(search, part, most, progress)
    except BROKEN as error:
        yield Unread(shown, _why(error))


def _why(error: Exception) -> str:
    said = str(getattr(error, "strerror", None) or error or type(error).__name__)
    return said.splitlines()[0] if said else type(error).__name__


def _scan(search: Search, part: Part, most: int, progress: Callable[[int], None]) -> Iterator[Place]:
    counted: Counter[str] = Counter()
    known: set[tuple[int, str]] = set()
    for block in blocks(part.stream):
        enough = frozenset(name for name, count in counted.items() if count >= most)
        # lines at the end of a block are in the next one, too
        for found in search.block(block, enough, most + WINDOW):
            key = (found.offset, found.name)
            if key not in known and counted[found.name] < most:
                known.add(key)
                counted[found.name] += 1
                yield Place(part.shown, found)
        progress(len(block.data))


def files_below(paths: Iterable[Path]) -> Iterator[Path | Unread]:
    """Every file that the paths mean; of a folder all that links lead to, too, and what cannot be read."""
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path.is_dir():
            yield from _within(path, seen)
        else:
            yield path


def _within(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path | Unread]:
    """Each folder once, since links may lead round in a circle."""
    try:
        about = folder.stat()
        inside = sorted(folder.iterdir())
    except OSError as error:
        yield Unread(str(folder), _why(error))
        return
    if (about.st_dev, about.st_ino) in seen:
        return
    seen.add((about.st_dev, about.st_ino))
    for path in inside:
        yield from _entry(path, seen)


def _entry(path: Path, seen: set[tuple[int, int]]) -> Iterator[Path | Unread]:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield Unread(str(path), _why(error))
        return
    if stat.S_ISDIR(mode):
        yield from _within(path, seen)
    elif stat.S_ISREG(mode):
        yield path
    else:  # a pipe that nobody writes to would be waited for
        yield Unread(str(path), Message("files.no_file"))

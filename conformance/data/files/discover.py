"""Which files a list of paths, folders and globs means."""

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.data.files.delivery import (
    PACKED,
    STREAMED,
    SUFFIXES,
    Compression,
    Delivery,
    File,
    FileFormat,
)
from conformance.loader import Problem
from conformance.model.text import Message

_GLOB = frozenset("*?[")
_BESIDE = (".", "_")
"""Names in folders that hold no data: hidden files, and what clusters leave (`_SUCCESS`)."""


@dataclass(slots=True)
class _Search:
    files: list[File] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    visited: set[tuple[int, int]] = field(default_factory=set)
    """Files and folders by device and number: links may lead to the same one again, or round in a circle."""
    results: tuple[int, int] | None = None
    """The folder of results, which is no data of the folder that it is in."""

    def path(self, name: str) -> None:
        """One argument: a file, a folder or a pattern."""
        if os.path.lexists(name) or not _GLOB & set(name):
            self.entry(name, explicit=True)
            return
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207  # any path, absolute or not
        if not matches:
            self.refuse(name, "files.no_match")
        for match in matches:
            self.entry(match, explicit=False)

    def entry(self, name: str, *, explicit: bool) -> None:
        try:
            status = os.stat(name)  # noqa: PTH116  # names stay texts: a Path would drop `./`
        except OSError as error:
            is_missing = isinstance(error, FileNotFoundError)
            self.refuse(name, "files.missing" if is_missing else "files.unreadable", reason=_reason(error))
            return
        if stat.S_ISDIR(status.st_mode):
            if explicit or (status.st_dev, status.st_ino) != self.results:
                self.folder(name, status)
        elif stat.S_ISREG(status.st_mode):
            self.file(name, status, explicit=explicit)
        else:
            self.refuse(name, "files.no_file")

    def folder(self, name: str, status: os.stat_result) -> None:
        if self.known(status):
            return
        try:
            inside = sorted(os.listdir(name))  # noqa: PTH208
        except OSError as error:
            self.refuse(name, "files.unreadable", reason=_reason(error))
            return
        for entry in inside:
            if not entry.startswith(_BESIDE):
                self.entry(os.path.join(name, entry), explicit=False)  # noqa: PTH118

    def file(self, name: str, status: os.stat_result, *, explicit: bool) -> None:
        kind = kind_of(name)
        if kind is None:
            if explicit:
                self.refuse(name, "files.suffix", known=" ".join(SUFFIXES), packed=" ".join(PACKED))
            else:
                self.skipped.append(name)
        elif kind[1] is not Compression.NONE and kind[0] not in STREAMED:
            self.refuse(name, "files.packed", format=kind[0].value)
        elif self.readable(name) and not self.known(status):
            number = len(self.files)
            self.files.append(File(number, Path(name), name, *kind, status.st_size))

    def readable(self, name: str) -> bool:
        try:
            with open(name, "rb"):  # noqa: PTH123
                return True
        except OSError as error:
            self.refuse(name, "files.unreadable", reason=_reason(error))
            return False

    def known(self, status: os.stat_result) -> bool:
        """Whether it was met before; from now on it was."""
        identity = (status.st_dev, status.st_ino)
        is_repeated = identity in self.visited
        self.visited.add(identity)
        return is_repeated

    def refuse(self, name: str, key: str, **args: Any) -> None:
        self.problems.append(Problem(name, "", "", Message(key, args)))


def kind_of(name: str) -> tuple[FileFormat, Compression] | None:
    """Format and compression by suffix; None where it is no table that can be read."""
    path = Path(name.lower())
    packed = PACKED.get(path.suffix, Compression.NONE)
    inner = path if packed is Compression.NONE else path.with_suffix("")
    format_ = SUFFIXES.get(inner.suffix)
    return None if format_ is None else (format_, packed)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def discover(paths: Iterable[str | Path], results: Path | None = None) -> Delivery:
    """The files that paths, folders (with all within) and globs mean, each once, in order.

    `results`: a folder that is read only where it is named, since a command writes into it.
    """
    search = _Search(results=_identity(results))
    names = tuple(_texts(paths))
    for name in names:
        search.path(name)
    if not search.files and not search.problems:
        search.refuse(" ".join(names) or ".", "files.none", known=" ".join(SUFFIXES))
    return Delivery(tuple(search.files), tuple(search.problems), tuple(search.skipped))


def _identity(folder: Path | None) -> tuple[int, int] | None:
    if folder is None or not folder.exists():
        return None
    about = folder.stat()
    return about.st_dev, about.st_ino


def _texts(paths: Iterable[str | Path]) -> Iterator[str]:
    for path in paths:
        yield os.fspath(path)

"""Discovery of files from paths, folders and glob patterns."""

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
"""Prefixes of names in folders that hold no data: hidden files and cluster markers (`_SUCCESS`)."""


@dataclass(slots=True)
class _Search:
    files: list[File] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    visited: set[tuple[int, int]] = field(default_factory=set)
    """Device and inode of visited files and folders: links may be duplicates or form a cycle."""
    results: tuple[int, int] | None = None
    """Device and inode of the results folder, which is skipped inside an input folder."""

    def path(self, name: str) -> None:
        """Add one argument: a file, a folder or a glob pattern."""
        if os.path.lexists(name) or not _GLOB & set(name):
            self.entry(name, explicit=True)
            return
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207  # any path, absolute or not
        if not matches:
            self.refuse(name, "files.no_match")
        for match in matches:
            self.entry(match, explicit=False)

    def entry(self, name: str, *, explicit: bool) -> None:
        """Add a file or folder; `explicit` if the user named it."""
        try:
            status = os.stat(name)  # noqa: PTH116  # names stay strings: a Path would drop `./`
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
        """Add all entries of a folder, recursively and in name order."""
        if self.mark_visited(status):
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
        """Add a readable table; report or skip any other file."""
        kind = kind_of(name)
        if kind is None:
            if explicit:
                self.refuse(name, "files.suffix", known=" ".join(SUFFIXES), packed=" ".join(PACKED))
            else:
                self.skipped.append(name)
        elif kind[1] is not Compression.NONE and kind[0] not in STREAMED:
            self.refuse(name, "files.packed", format=kind[0].value)
        elif self.readable(name) and not self.mark_visited(status):
            number = len(self.files)
            self.files.append(File(number, Path(name), name, *kind, status.st_size))

    def readable(self, name: str) -> bool:
        """True if the file can be opened; reports a problem otherwise."""
        try:
            with open(name, "rb"):  # noqa: PTH123
                return True
        except OSError as error:
            self.refuse(name, "files.unreadable", reason=_reason(error))
            return False

    def mark_visited(self, status: os.stat_result) -> bool:
        """Record a visit; true if the file or folder was visited before."""
        identity = (status.st_dev, status.st_ino)
        is_repeated = identity in self.visited
        self.visited.add(identity)
        return is_repeated

    def refuse(self, name: str, key: str, **args: Any) -> None:
        """Add a problem for a path."""
        self.problems.append(Problem(name, "", "", Message(key, args)))


def kind_of(name: str) -> tuple[FileFormat, Compression] | None:
    """Format and compression by file suffix; None if the file is not a readable table."""
    path = Path(name.lower())
    packed = PACKED.get(path.suffix, Compression.NONE)
    inner = path if packed is Compression.NONE else path.with_suffix("")
    format_ = SUFFIXES.get(inner.suffix)
    return None if format_ is None else (format_, packed)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def discover(paths: Iterable[str | Path], results: Path | None = None) -> Delivery:
    """The delivery for paths, folders (recursively) and glob patterns: each file once, in order.

    `results`: output folder of the command, read only if it is named explicitly.
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

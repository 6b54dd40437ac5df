"""Where a command is about to write: what destroys something, or cannot be, is refused before it reads."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from conformance.cli.shared.errors import Failure


def sure_of_files(outputs: Mapping[str, Path | None], inputs: Iterable[Path]) -> None:
    """Files by the option that names them: each can be made, is no other option's, and none is read."""
    named = {option: path for option, path in outputs.items() if path is not None}
    for (one, path), (other, again) in combinations(named.items(), 2):
        if _same(path, again):
            raise Failure("output_twice", options=(one, other), file=str(path))
    read = _identities(inputs) if named else frozenset()
    for option, path in named.items():
        if path.exists() and not path.is_file():
            raise Failure("output_no_file", option=option, file=str(path))
        _not_among(option, path, read)
        _writable(path, path.parent)


def sure_of_folder(option: str, folder: Path, files: Iterable[Path], inputs: Iterable[Path]) -> None:
    """A folder that can be made and written to, and files in it of which none is read."""
    read = _identities(inputs)
    for file in files:
        _not_among(option, file, read)
    _writable(folder, folder)


def _not_among(option: str, path: Path, read: frozenset[tuple[int, int]]) -> None:
    if not read.isdisjoint(_identities([path])):
        raise Failure("output_is_input", option=option, file=str(path))


def _identities(paths: Iterable[Path]) -> frozenset[tuple[int, int]]:
    """Files that exist by device and number, whatever they are called."""
    return frozenset(_stats(paths))


def _stats(paths: Iterable[Path]) -> Iterator[tuple[int, int]]:
    for path in paths:
        try:
            about = path.stat()
        except OSError:
            continue
        yield about.st_dev, about.st_ino


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or not _identities([one]).isdisjoint(_identities([other]))


def _writable(path: Path, folder: Path) -> None:
    """Tries it, since permissions do not tell of file systems that take nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise Failure("file_trouble", file=str(path), error=said) from error

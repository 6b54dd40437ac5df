"""Guards over outputs: what would destroy an input, or cannot be written, is refused before reading."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from conformance.cli.shared.errors import CommandError


def require_output_files(outputs: Mapping[str, Path | None], inputs: Iterable[Path]) -> None:
    """Outputs by the option that names them; None for an option that is not given.

    Raises CommandError for a file that two options name, that is an input, or that cannot be written.
    """
    paths = {option: path for option, path in outputs.items() if path is not None}
    for (first, path), (second, same_path) in combinations(paths.items(), 2):
        if _same(path, same_path):
            raise CommandError("output_twice", options=(first, second), file=str(path))
    input_ids = _identities(inputs) if paths else frozenset()
    for option, path in paths.items():
        if path.exists() and not path.is_file():
            raise CommandError("output_no_file", option=option, file=str(path))
        _require_other_file(option, path, input_ids)
        _require_writable(path, path.parent)


def require_output_folder(option: str, folder: Path, files: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Raises CommandError for a folder that cannot be written to, and for files in it that are inputs."""
    input_ids = _identities(inputs)
    for file in files:
        _require_other_file(option, file, input_ids)
    _require_writable(folder, folder)


def _require_other_file(option: str, path: Path, input_ids: frozenset[tuple[int, int]]) -> None:
    if not input_ids.isdisjoint(_identities([path])):
        raise CommandError("output_is_input", option=option, file=str(path))


def _identities(paths: Iterable[Path]) -> frozenset[tuple[int, int]]:
    """Device and inode of each file that exists."""
    return frozenset(_stats(paths))


def _stats(paths: Iterable[Path]) -> Iterator[tuple[int, int]]:
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        yield status.st_dev, status.st_ino


def _same(first: Path, second: Path) -> bool:
    return first.resolve() == second.resolve() or not _identities([first]).isdisjoint(_identities([second]))


def _require_writable(path: Path, folder: Path) -> None:
    """Write a temporary file: permissions say nothing of a read-only or full file system."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CommandError("file_trouble", file=str(path), error=reason) from error

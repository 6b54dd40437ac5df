"""Rows of earlier selftests: good for as long as nothing changed that they rest on."""

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from conformance.selftest.matrix import Row
from conformance.selftest.mutants import Mutant
from conformance.selftest.worker_pool import Order

JUDGE = Path(__file__).parents[1]
LISTS = frozenset(field.name for field in fields(Row) if field.type == tuple[str, ...])


class Cache:
    """A file of rows by digest: of the judge, of the standard, of the mutant, and of what was asked.

    Only what turned out as expected is kept, so that whatever is wrong is looked at again.
    """

    def __init__(self, file: Path | None, standard: str, order: Order) -> None:
        self._file = file
        self._inputs = [
            judge_digest(),
            standard,
            platform.python_version(),
            str(order.all_checks),
            str(order.most),
        ]
        self._known: dict[str, Any] = _read(file)
        self._used: dict[str, Any] = {}

    def known(self, mutants: Iterable[Mutant]) -> Iterator[Row]:
        """The rows of those of which the outcome is known."""
        for mutant in mutants:
            document = self._known.get(self._key(mutant))
            if document is not None:
                yield self._keep(mutant, _row(document))

    def keep(self, mutant: Mutant, row: Row) -> None:
        """Write down a new row; what nobody asked for in this run is let go."""
        if self._file and row.ok:
            self._keep(mutant, row)
            self._write()

    def _write(self) -> None:
        """Written beside and moved into place: a run that is interrupted leaves the file as it was."""
        if self._file:
            unfinished = self._file.with_name(f"{self._file.name}.part")
            unfinished.write_text(json.dumps(self._used, ensure_ascii=False, indent=0), "utf-8")
            unfinished.replace(self._file)

    def known_sweep(self, platform_digest: str) -> dict[str, Any] | None:
        """The document of the sweep of the disclosure matrix; None where something changed."""
        key = self._sweep_key(platform_digest)
        document: dict[str, Any] | None = self._known.get(key)
        if document is not None:
            self._used[key] = document
        return document

    def keep_sweep(self, platform_digest: str, document: Mapping[str, Any]) -> None:
        """Write down the document of a sweep in which everything was noticed."""
        if self._file and document["ok"]:
            self._used[self._sweep_key(platform_digest)] = dict(document)
            self._write()

    def _sweep_key(self, platform_digest: str) -> str:
        told = (*self._inputs, "disclosure matrix", platform_digest)
        return hashlib.sha256("\0".join(told).encode()).hexdigest()

    def _keep(self, mutant: Mutant, row: Row) -> Row:
        self._used[self._key(mutant)] = asdict(row)
        return row

    def _key(self, mutant: Mutant) -> str:
        told = (*self._inputs, mutant.name, mutant.requirement, *sorted(mutant.also), mutant.digest)
        return hashlib.sha256("\0".join(told).encode()).hexdigest()


def judge_digest() -> str:
    """Of everything that the suite consists of."""
    digest = hashlib.sha256()
    for path in sorted(JUDGE.rglob("*")):
        if path.suffix in {".py", ".yaml"} and "_bundle" not in path.parts:
            digest.update(f"{path.relative_to(JUDGE)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _read(file: Path | None) -> dict[str, Any]:
    """Content of the cache; empty for an unreadable file, as the cache only saves time."""
    try:
        document = json.loads(file.read_text("utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _row(document: dict[str, Any]) -> Row:
    values: dict[str, Any] = {n: tuple(value) if n in LISTS else value for n, value in document.items()}
    return Row(**values)

"""The rows of a file as masking wants them: without columns that nobody gets, and knowing which it has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.bulk.mask.plan import Plan
from conformance.bulk.mask.writing import WRITERS

if TYPE_CHECKING:
    from conformance.bulk.batch import Batch
    from conformance.bulk.files import File, Layout, Progress


_ROWS = 131_072
"""Rows of a batch: more than usual, since asking has a price for each column and batch."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is being read."""

    present: frozenset[str]
    """The columns that it has; of a file without columns, all that its rows may have."""
    batches: "Iterator[Batch]"


def opened(file: "File", plan: Plan, layout: "Layout", progress: "Progress") -> Source:
    """A file, with its first rows read. Raises ReadErrors, also later on."""
    from conformance.bulk.files import Settings, read, whole

    known = frozenset(column.field.name for column in plan.columns) | plan.objects
    rows = _known(read(whole(file), layout, Settings(rows=_ROWS), progress=progress), known)
    first = next(rows, None)
    members = getattr(first, "members", None)
    present = known if members is None else frozenset(member.name for member in members)
    return Source(present, rows if first is None else chain([first], rows))


def _known(batches: "Iterable[Batch]", known: frozenset[str]) -> "Iterator[Batch]":
    """Columns that the item does not know are disclosed to nobody, so that nobody has to look at them."""
    from conformance.bulk.files.table import Table

    for batch in batches:
        if isinstance(batch, Table):
            yield replace(batch, members=tuple(m for m in batch.members if m.name in known))
        else:
            yield batch


def outputs(files: "Sequence[File]", folder: Path) -> dict[Path, "File"]:
    """Where each file goes: the same name below the folder, unpacked; workbooks become CSV."""
    import os

    # A path with `..` in it would lead out of the folder again.
    places = {file: Path(os.path.abspath(file.path)).parent for file in files}  # noqa: PTH100
    common = Path(os.path.commonpath(places.values()))
    return {folder / place.relative_to(common) / _named(file): file for file, place in places.items()}


def _named(file: "File") -> str:
    kind = f".{file.format.value}"
    return file.stem + (kind if kind in WRITERS else ".csv")

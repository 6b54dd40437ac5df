"""The rows of a file as masking wants them: without columns that nobody gets, and knowing which it has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.data.batch import Unreadable
from conformance.data.mask.envelope import ITEM_CODE
from conformance.data.mask.plan import Plan
from conformance.data.mask.writing import WRITERS
from conformance.model.text import Message

if TYPE_CHECKING:
    from conformance.data.batch import Batch
    from conformance.data.files import File, Layout, Progress


_ROWS = 131_072
"""Rows of a batch: more than usual, since asking has a price for each column and batch."""
_LOOKED_AT = 100
"""Rows of which one at least has to have a member of the item, and none may name another."""
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is being read."""

    present: frozenset[str]
    """The columns that it has; of a file without columns, all that its rows may have."""
    batches: "Iterator[Batch]"


def opened(file: "File", plan: Plan, layout: "Layout", progress: "Progress") -> Source:
    """A file, with its first rows read. Raises ReadErrors, also later on."""
    from conformance.data.files import ReadSettings, read, whole

    known = frozenset(column.field.name for column in plan.columns) | plan.objects
    batches = read(whole(file), layout, ReadSettings(rows=_ROWS), progress=progress)
    first = next(batches, None)
    if first is None:
        return Source(known, batches)
    _sure(file, first, plan)
    members = getattr(first, "members", None)
    present = known if members is None else known & {member.name for member in members}
    return Source(present, _known(chain([first], batches), known))


def _sure(file: "File", batch: "Batch", plan: Plan) -> None:
    """Rows of another item would come out empty, as if nothing could be disclosed, or by other rules."""
    from conformance.data.check.value_shape import named, shape
    from conformance.data.files.errors import stop

    values = (batch.value(row) for row in range(min(len(batch), _LOOKED_AT)))
    rows = [value for value in values if not isinstance(value, Unreadable)]
    code, known = plan.terms.item.code, plan.terms.standard.checklist.has
    others = {str(row[ITEM_CODE]) for row in rows if row.get(ITEM_CODE) not in (None, code)}
    if others:
        others = {other if known(other) else shape(other) for other in others}
        raise stop(file, Message("mask.other_item", {"item": code, "found": tuple(sorted(others)[:_SHOWN])}))
    own = {field.name for field in plan.terms.item.fields}
    around = {field.name for field in plan.terms.envelope(natural=False).fields}
    found = sorted({name for row in rows for name in row} - around)
    if found and own.isdisjoint(found):
        about = {"count": len(rows), "item": code, "found": tuple(map(named, found[:_SHOWN]))}
        raise stop(file, Message("mask.nothing_known", about))


def _known(batches: "Iterable[Batch]", known: frozenset[str]) -> "Iterator[Batch]":
    """Columns that the item does not know are disclosed to nobody, so that nobody has to look at them."""
    from conformance.data.files.table_batch import TableBatch

    for batch in batches:
        if isinstance(batch, TableBatch):
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

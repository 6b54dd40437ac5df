"""Reading of files to be masked: the columns of the item and the envelope, and which of them a file has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.data.batch import Unreadable
from conformance.data.mask.plan import MaskPlan
from conformance.data.mask.request import ITEM_CODE
from conformance.data.mask.write import WRITERS, Source
from conformance.model.text import Message

if TYPE_CHECKING:
    from conformance.data.batch import Batch
    from conformance.data.files import File, Layout, Progress


_ROWS = 131_072
"""Rows of a batch: more than usual, since each column of a batch has a fixed cost."""
_SAMPLE = 100
"""Rows of which at least one has to have a field of the item, and none may state another item."""
_MAX_LISTED = 10
"""Names listed in a message."""


def open_source(file: "File", plan: MaskPlan, layout: "Layout", progress: "Progress") -> Source:
    """A file with its first batch read. Raises ReadErrors, the iteration of its batches too."""
    from conformance.data.files import ReadSettings, read, whole

    fields = frozenset(column.field.name for column in plan.columns) | plan.objects
    batches = read(whole(file), layout, ReadSettings(rows=_ROWS), progress=progress)
    first = next(batches, None)
    if first is None:
        return Source(fields, batches)
    _require_rows_of_item(file, first, plan)
    members = getattr(first, "members", None)
    present = fields if members is None else fields & {member.name for member in members}
    return Source(present, _known_columns(chain([first], batches), fields))


def _require_rows_of_item(file: "File", batch: "Batch", plan: MaskPlan) -> None:
    """Require the first rows to be of the item: others would be disclosed as empty. Raises ReadErrors."""
    from conformance.data.check.value_shape import name_for_report, shape
    from conformance.data.files.errors import stop

    values = (batch.value(row) for row in range(min(len(batch), _SAMPLE)))
    rows = [value for value in values if not isinstance(value, Unreadable)]
    code, is_item = plan.request.item.code, plan.request.standard.checklist.has
    other_items = {str(row[ITEM_CODE]) for row in rows if row.get(ITEM_CODE) not in (None, code)}
    if other_items:
        other_items = {other if is_item(other) else shape(other) for other in other_items}
        raise stop(
            file,
            Message("mask.other_item", {"item": code, "found": tuple(sorted(other_items)[:_MAX_LISTED])}),
        )
    fields = {field.name for field in plan.request.item.fields}
    envelope = {field.name for field in plan.request.envelope(natural=False).fields}
    names = sorted({name for row in rows for name in row} - envelope)
    if names and fields.isdisjoint(names):
        args = {"count": len(rows), "item": code, "found": tuple(map(name_for_report, names[:_MAX_LISTED]))}
        raise stop(file, Message("mask.nothing_known", args))


def _known_columns(batches: "Iterable[Batch]", fields: frozenset[str]) -> "Iterator[Batch]":
    """Batches without the columns that are not fields: these are disclosed to nobody."""
    from conformance.data.files.table_batch import TableBatch

    for batch in batches:
        if isinstance(batch, TableBatch):
            yield replace(batch, members=tuple(m for m in batch.members if m.name in fields))
        else:
            yield batch


def output_paths(files: "Sequence[File]", folder: Path) -> dict[Path, "File"]:
    """The files by output: the same relative path below the folder, unpacked; workbooks become CSV."""
    import os

    # A path with `..` would leave the folder.
    places = {file: Path(os.path.abspath(file.path)).parent for file in files}  # noqa: PTH100
    common = Path(os.path.commonpath(places.values()))
    return {folder / place.relative_to(common) / _output_name(file): file for file, place in places.items()}


def _output_name(file: "File") -> str:
    suffix = f".{file.format.value}"
    return file.stem + (suffix if suffix in WRITERS else ".csv")

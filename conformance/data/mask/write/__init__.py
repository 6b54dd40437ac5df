"""Writing of disclosed files: each source becomes a file of the same kind, whole or not at all."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conformance.data.atomic_write import whole_or_nothing
from conformance.data.batch import Batch
from conformance.data.mask.columns import MaskedBatch, mask
from conformance.data.mask.plan import MaskPlan
from conformance.data.mask.write.ndjson import write_ndjson
from conformance.data.mask.write.parquet import write_parquet
from conformance.data.mask.write.table import write_csv

Writer = Callable[[MaskPlan, Collection[str], Iterable[MaskedBatch], Path], None]
WRITERS: dict[str, Writer] = {".parquet": write_parquet, ".csv": write_csv, ".ndjson": write_ndjson}
"""By suffix of the output."""
_MAX_REASONS = 10


@dataclass(frozen=True, slots=True)
class Source:
    """A file being read."""

    present: frozenset[str]
    """The columns of the file; for a file without columns, all that its rows may have."""
    batches: "Iterator[Batch]"


@dataclass(slots=True)
class MaskCounts:
    """Rows of a file by what became of them."""

    rows: int = 0
    """Rows that were disclosed."""
    single: int = 0
    """Rows of these that were disclosed on their own, not by column."""
    unreadable: int = 0
    """Rows that are not in the output, since they could not be read."""
    first_unreadable: list[tuple[int, str]] = field(default_factory=list)
    """Line number (from 1) and reason of the first of these, up to 10."""


def disclose_file(
    plan: MaskPlan, source: Source, output: Path, progress: Callable[[int], None] = lambda _: None
) -> MaskCounts:
    """Write the rows of a file as the plan discloses them. Raises ReadErrors.

    `progress` is called with the number of rows of each batch.
    """
    counts = MaskCounts()
    with whole_or_nothing(output) as temporary:
        batches = _masked_batches(plan, source.batches, counts, progress)
        WRITERS[output.suffix](plan, source.present, batches, temporary)
    return counts


def _masked_batches(
    plan: MaskPlan, batches: Iterable[Batch], counts: MaskCounts, progress: Callable[[int], None]
) -> Iterator[MaskedBatch]:
    for batch in batches:
        masked = mask(plan, batch)
        counts.rows += masked.height - len(masked.unreadable)
        counts.single += len(masked.single)
        counts.unreadable += len(masked.unreadable)
        room = _MAX_REASONS - len(counts.first_unreadable)
        for row, reason in sorted(masked.unreadable.items())[:room]:
            counts.first_unreadable.append((batch.line(row), reason))
        progress(masked.height)
        yield masked

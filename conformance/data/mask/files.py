"""Disclosing files: each becomes a file of the same kind, whole or not at all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conformance.data.atomic_write import whole_or_nothing
from conformance.data.batch import Batch
from conformance.data.mask.plan import Plan
from conformance.data.mask.reading import Source
from conformance.data.mask.rows import Masked, mask
from conformance.data.mask.writing import WRITERS

_SHOWN = 10


@dataclass(slots=True)
class Tally:
    """What became of the rows of a file."""

    rows: int = 0
    alone: int = 0
    """Of these, the rows that were treated by themselves."""
    lost: int = 0
    """Rows that are not in the output, since they could not be read."""
    first_lost: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason of the first of them."""


def disclose_file(
    plan: Plan, source: Source, output: Path, progress: Callable[[int], None] = lambda _: None
) -> Tally:
    """Write the rows of a file as the plan discloses them. `progress` is told of rows. Raises ReadErrors."""
    tally = Tally()
    with whole_or_nothing(output) as temporary:
        batches = _masked(plan, source.batches, tally, progress)
        WRITERS[output.suffix](plan, source.present, batches, temporary)
    return tally


def _masked(
    plan: Plan, batches: Iterable[Batch], tally: Tally, progress: Callable[[int], None]
) -> Iterator[Masked]:
    for batch in batches:
        masked = mask(plan, batch)
        tally.rows += masked.height - len(masked.unreadable)
        tally.alone += len(masked.single)
        tally.lost += len(masked.unreadable)
        for row, reason in sorted(masked.unreadable.items())[: _SHOWN - len(tally.first_lost)]:
            tally.first_lost.append((batch.line(row), reason))
        progress(masked.height)
        yield masked

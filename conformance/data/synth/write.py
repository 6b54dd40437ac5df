"""Execution of a request: rows to files and faults to the truth file, all or nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from conformance.data.synth.counter_random import Rows
from conformance.data.synth.encode import encoder
from conformance.data.synth.fault_kinds import KINDS, NOT_IN, FaultVariant
from conformance.data.synth.faults import FaultInjector
from conformance.data.synth.request import OutputFormat, RowLayout, SynthRequest, SynthRequestError
from conformance.data.synth.rows import RowSource, open_source
from conformance.data.synth.variants import VariantBuilder, row_judge
from conformance.data.synth.writers import Drafts, Writer, writer
from conformance.model.standard import Standard
from conformance.oracles.channels import usual_channel

BLOCK = 32_768
_PROOFS, _SAMPLES = 48, 12
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """Summary of the files written."""

    files: tuple[Path, ...]
    rows: int
    faults: Mapping[str, int]
    """Faulty rows by kind."""
    left_out: tuple[str, ...]
    """Requested fault kinds that the item or the format cannot represent."""
    columns_left_out: tuple[str, ...]
    """Fields omitted because a table cannot hold them."""


def deliver(
    standard: Standard, order: SynthRequest, *, block: int = BLOCK, progress: Progress | None = None
) -> Delivered:
    """Write the rows of a request. Raises SynthRequestError.

    `block`: rows per block; the output does not depend on it.
    """
    if unknown := set(order.kinds) - KINDS:
        raise SynthRequestError("kinds", kinds=sorted(unknown), known=sorted(KINDS))
    source = open_source(standard, order)
    encode = encoder(source, order.layout, order.columns, _constants(standard, source, order))
    kinds = _group_by_kind(_variants(standard, source, order), order)
    marring = FaultInjector(encode, order.faults, kinds)
    files = _files(order)
    counts: Counter[str] = Counter()
    with Drafts() as drafts:
        with drafts.open(order.truth) if order.truth else nullcontext() as truth:
            for entry in _entries(order, files, drafts, marring, block, progress):
                counts[entry["kind"]] += 1
                if truth:
                    truth.write(orjson.dumps(entry) + b"\n")
        drafts.keep()
    omitted = (
        ()
        if order.form is OutputFormat.NDJSON
        else tuple(f.name for f in source.item.fields if encode.lacks(f))
    )
    return Delivered(files, order.rows, dict(sorted(counts.items())), _omitted_kinds(kinds, order), omitted)


def _entries(  # noqa: PLR0913, PLR0917
    order: SynthRequest,
    files: tuple[Path, ...],
    drafts: Drafts,
    marring: FaultInjector,
    block: int,
    progress: Progress | None,
) -> Iterator[dict[str, Any]]:
    """Write all rows; yield the truth entries of faulty rows."""
    for number, path in enumerate(files):
        with writer(order.form, drafts.name(path), marring.encoder) as out:
            for rows in _blocks(order, number, block):
                yield from ({"file": path.name, **entry} for entry in _write_block(out, marring, rows))
                if progress:
                    progress(int(rows[-1]) + 1)


def _write_block(out: Writer, marring: FaultInjector, rows: Rows) -> Iterator[dict[str, Any]]:
    marred = marring.of(rows)
    plain_rows = marring.encoder.source.draw(rows)
    lines = out.write(plain_rows, {one.place: one.changed for one in marred})
    for faulty_row in marred:
        variant = faulty_row.variant
        line = lines[faulty_row.place]
        yield {"line": line, "kind": variant.kind, "field": variant.field, "rule": variant.rule}


def _blocks(order: SynthRequest, number: int, size: int) -> Iterator[Rows]:
    """Yield the row numbers of a file in blocks."""
    first, last = (order.rows * n // order.files for n in (number, number + 1))
    for start in range(first, last, size):
        yield np.arange(start, min(start + size, last), dtype=np.uint64)


def _files(order: SynthRequest) -> tuple[Path, ...]:
    if order.files == 1:
        return (order.output,)
    width = len(str(order.files))
    names = (f"{order.item}-{n:0{width}d}.{order.form}" for n in range(1, order.files + 1))
    return tuple(order.output / name for name in names)


def _constants(standard: Standard, source: RowSource, order: SynthRequest) -> dict[str, Any]:
    if order.layout is not RowLayout.RECORD:
        return {}
    return {
        "item_code": order.item,
        "checklist_version": standard.checklist.version,
        "record_version": 1,
        "operation": "insert",
        "status": "valid",
        "source_channel": usual_channel(standard, source.item.sharing_mode),
    }


def _variants(standard: Standard, source: RowSource, order: SynthRequest) -> list[FaultVariant]:
    """Fault variants of a request, after verifying that sample rows of the source are valid."""
    item, checklist = standard.checklist.item(order.item), standard.checklist
    judge = row_judge(item, checklist)
    rows = np.arange(min(_PROOFS, order.rows), dtype=np.uint64)
    flat = encoder(source, RowLayout.ROW, order.columns, {})
    samples = [orjson.loads(line) for line in flat.lines(source.draw(rows))]
    if wrong := frozenset().union(*map(judge, samples)):
        raise SynthRequestError("invalid", item=item.code, reasons=sorted(wrong))
    if not order.faults:
        return []
    if order.layout is RowLayout.RECORD:
        samples = [{name: value for name, value in row.items() if "." not in name} for row in samples]
    builder = VariantBuilder(source, item, checklist.row_schema, judge, samples[:_SAMPLES], order.layout)
    return builder.variants(order.form)


def _group_by_kind(variants: list[FaultVariant], order: SynthRequest) -> dict[str, tuple[FaultVariant, ...]]:
    variants_by_kind: dict[str, tuple[FaultVariant, ...]] = {}
    for variant in variants:
        variants_by_kind[variant.kind] = (*variants_by_kind.get(variant.kind, ()), variant)
    selected = {
        kind: variants_by_kind[kind]
        for kind in sorted(variants_by_kind)
        if not order.kinds or kind in order.kinds
    }
    if order.faults and not selected:
        raise SynthRequestError("no_kind", kinds=order.kinds, form=str(order.form))
    return selected


def _omitted_kinds(kinds: Mapping[str, object], order: SynthRequest) -> tuple[str, ...]:
    asked = order.kinds or tuple(NOT_IN[order.form])
    return tuple(sorted(set(asked) - kinds.keys())) if order.faults else ()

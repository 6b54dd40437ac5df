"""Lines that judges are compared on: those of `fcsp data synth`, and among half of them random changes."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from conformance.data.lines import BLOCK, LONGEST
from conformance.data.synth import SynthRequest, deliver
from tests.conformance.data.hostile_lines import STYLES
from tests.conformance.data.item_rows import TODAY, judge, standard
from tests.equal.mutants import mutants, written

FAULTS = 0.2
"""Share of wrong rows that synth makes, of all kinds that the item can carry."""
_SHARES = (0.002, 0.02, 0.3, 1.0)
"""Changed lines of a stretch: few, so that blocks are still read by column, to many."""
_STYLES = (*STYLES, None)
_SIZES = {BLOCK: 14, 1 << 16: 4, 1 << 12: 1, 600: 1}
"""How often blocks are of these sizes."""
_LONGEST = (LONGEST, LONGEST, 2048)
_STRETCH = 2000
_OCTETS_A_LINE = 16
"""Small blocks cost much: the smaller they are, the shorter is their stretch."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive lines, and in which blocks they are read."""

    first: int
    """Number of its first line, from 1."""
    lines: tuple[bytes, ...]
    """Without their line ends."""
    size: int = BLOCK
    longest: int = LONGEST

    @property
    def text(self) -> bytes:
        return b"\n".join((*self.lines, b""))


def stretches(code: str, rows: int, seed: int) -> Iterator[Stretch]:
    """So many lines of an item: a function of the arguments alone.

    The first half is what synth writes, read as the check of files reads it. The other half is written in
    several styles, changed, and read in blocks of several sizes.
    """
    with tempfile.TemporaryDirectory(prefix="fcsp-equal-") as folder:
        synthetic_lines = iter(_synthetic(code, rows, seed, Path(folder) / "rows.ndjson"))
        yield Stretch(1, tuple(islice(synthetic_lines, (rows + 1) // 2)))
        first = (rows + 1) // 2 + 1
        while stretch := _varied(
            code, first, synthetic_lines, Random(f"{code}/{seed}/{first}"), max(16, rows // 16)
        ):
            yield stretch
            first += len(stretch.lines)


def _synthetic(code: str, rows: int, seed: int, path: Path) -> list[bytes]:
    deliver(standard(), SynthRequest(code, rows, TODAY, path, seed=seed, faults=FAULTS))
    return path.read_bytes().split(b"\n")[:-1]


def _varied(
    code: str, first: int, synthetic_lines: Iterator[bytes], random: Random, most: int
) -> Stretch | None:
    """Some of the lines that are still to come; None where none are."""
    share, style = random.choice(_SHARES), random.choice(_STYLES)
    (size,) = random.choices([*_SIZES], [*_SIZES.values()])
    mutant = mutants(sorted(judge(code).item.schema["properties"]), random, style)

    def varied(line: bytes) -> bytes:
        row = _row(line)
        if row is None:
            return line
        return mutant(row) if random.random() < share else written(row, random, style)

    lines = tuple(map(varied, islice(synthetic_lines, min(_STRETCH, size // _OCTETS_A_LINE, most))))
    return Stretch(first, lines, size, random.choice(_LONGEST)) if lines else None


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None

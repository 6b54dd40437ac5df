"""Synthesis request: item, number of rows, faults, layout and output format."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from conformance.model.errors import UserError
from conformance.model.text import Message

MOST_ROWS = 2_000_000_000


class OutputFormat(StrEnum):
    """Output format."""

    NDJSON = "ndjson"
    PARQUET = "parquet"
    CSV = "csv"


class RowLayout(StrEnum):
    """Layout of a row."""

    ROW = "row"
    """A flat object: fields of the item, and the envelope members in `row.yaml`."""
    RECORD = "record"
    """A record as delivered by a provider, with envelope and content."""


class SynthRequestError(UserError):
    """A request that cannot be fulfilled."""

    def __init__(self, key: str, /, **args: Any) -> None:
        super().__init__(Message(f"synth.{key}", args))


@dataclass(frozen=True, slots=True)
class SynthRequest:
    """A request for rows of one item. Raises SynthRequestError if a value is out of range."""

    item: str
    rows: int
    day: date
    """The day that counts as today in the data."""
    output: Path
    """Output file; a folder for more than one file."""
    seed: int = 0
    faults: float = 0.0
    """Share of faulty rows, from 0 to 1."""
    kinds: tuple[str, ...] = ()
    """Fault kinds; empty: all that the item and the format can represent."""
    form: OutputFormat = OutputFormat.NDJSON
    layout: RowLayout = RowLayout.ROW
    files: int = 1
    truth: Path | None = None
    columns: frozenset[str] = field(default_factory=frozenset)
    """Optional columns present in every row, all others absent; empty: each is present at random."""

    def __post_init__(self) -> None:
        if not 0 <= self.faults <= 1:
            raise SynthRequestError("rate", rate=self.faults)
        if not 1 <= self.rows <= MOST_ROWS:
            raise SynthRequestError("rows", rows=self.rows, most=MOST_ROWS)
        if not 1 <= self.files <= self.rows:
            raise SynthRequestError("files", files=self.files, rows=self.rows)
        if self.layout is RowLayout.RECORD and self.form is not OutputFormat.NDJSON:
            raise SynthRequestError("record_in_table", form=str(self.form))

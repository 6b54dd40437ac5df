"""What is wanted: which rows, how many, wrong how often and in which ways, written how."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from conformance.model.errors import UserError
from conformance.model.text import Message

MOST_ROWS = 2_000_000_000


class OutputFormat(StrEnum):
    """How rows are written."""

    NDJSON = "ndjson"
    PARQUET = "parquet"
    CSV = "csv"


class RowLayout(StrEnum):
    """What a row is."""

    ROW = "row"
    """A flat object: the item's fields, and of the envelope what `row.yaml` names."""
    RECORD = "record"
    """A whole record, as a provider delivers it."""


class SynthRequestError(UserError):
    """What is wanted cannot be made; the message says why."""

    def __init__(self, key: str, /, **args: Any) -> None:
        super().__init__(Message(f"synth.{key}", args))


@dataclass(frozen=True, slots=True)
class SynthRequest:
    """An order for rows of one item."""

    item: str
    rows: int
    day: date
    """Today, as far as the data know."""
    output: Path
    """A file; where more than one is wanted, a folder."""
    seed: int = 0
    faults: float = 0.0
    """Share of wrong rows."""
    kinds: tuple[str, ...] = ()
    """Kinds of faults; empty for all that the item and the format can carry."""
    form: OutputFormat = OutputFormat.NDJSON
    layout: RowLayout = RowLayout.ROW
    files: int = 1
    truth: Path | None = None
    columns: frozenset[str] = field(default_factory=frozenset)
    """Optional columns that every row has; all others are left out. Empty: each now and then."""

    def __post_init__(self) -> None:
        if not 0 <= self.faults <= 1:
            raise SynthRequestError("rate", rate=self.faults)
        if not 1 <= self.rows <= MOST_ROWS:
            raise SynthRequestError("rows", rows=self.rows, most=MOST_ROWS)
        if not 1 <= self.files <= self.rows:
            raise SynthRequestError("files", files=self.files, rows=self.rows)
        if self.layout is RowLayout.RECORD and self.form is not OutputFormat.NDJSON:
            raise SynthRequestError("record_in_table", form=str(self.form))

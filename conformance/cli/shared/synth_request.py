"""A request for rows of one item, as it stands on the command line."""

from dataclasses import dataclass
from pathlib import Path

from conformance.model.errors import UserError
from conformance.model.text import Message


class SynthError(UserError):
    """Data cannot be made as asked; the message is one of the area `synth`."""

    def __init__(self, key: str, /, **args: object) -> None:
        super().__init__(Message(f"synth.{key}", args))


@dataclass(frozen=True, slots=True)
class RowsRequest:
    """The options of `fcsp data synth --item`; None for one that is not given."""

    item: str | None
    rows: int | None
    faults: float | None
    """Share of faulty rows, from 0 to 1."""
    kinds: str | None
    """Kinds of faults, with commas between them."""
    form: str | None
    layout: str | None
    columns: str | None
    """Optional columns, with commas between them."""
    truth: Path | None
    files: int | None
    as_of: str | None
    output: Path | None
    seed: int
    standard: Path | None
    force: bool

    def options(self) -> dict[str, object]:
        """The options that belong to rows alone, by their spelling."""
        return {
            "--item": self.item,
            "--rows": self.rows,
            "--faults": self.faults,
            "--kinds": self.kinds,
            "--format": self.form,
            "--layout": self.layout,
            "--columns": self.columns,
            "--truth": self.truth,
            "--files": self.files,
            "--as-of": self.as_of,
        }

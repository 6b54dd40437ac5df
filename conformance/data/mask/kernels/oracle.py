"""The last kernel: every distinct value by the oracle."""

from dataclasses import dataclass
from dataclasses import field as dc_field
from typing import TYPE_CHECKING

from conformance.data.mask.kernels.kernel import DisclosedColumn
from conformance.data.mask.request import DisclosureRequest
from conformance.data.mask.values_as_text import CODES, value_text
from conformance.model.shapes import Field, Kind

if TYPE_CHECKING:
    import polars as pl

_MAX_REMEMBERED = 65_536
"""Values."""
_TEXT, _FORM = "\0text", "\0form"


@dataclass(frozen=True)
class OracleKernel:
    """The kernel that is sure of every value: by definition, what it discloses is right.

    Its columns hold values, or structs of a value and the names of persons of the same record (null: none).
    """

    request: DisclosureRequest
    field: Field
    kind: Kind
    remembered: dict[tuple[object, ...], tuple[str | None, int]] = dc_field(
        default_factory=dict, compare=False
    )
    """Disclosed text and code of the form, by value and names."""

    def __call__(self, column: "pl.Series") -> "tuple[DisclosedColumn, pl.Series]":
        import polars as pl

        rows = column.struct.unnest() if column.dtype == pl.Struct else column.to_frame()
        distinct = rows.unique()
        disclosed = [self._disclose(*row) for row in distinct.iter_rows()]
        results = pl.DataFrame(disclosed, {_TEXT: pl.String, _FORM: pl.UInt8}, orient="row")
        by_row = distinct.hstack(results)
        joined = rows.join(by_row, rows.columns, "left", nulls_equal=True, maintain_order="left")
        return DisclosedColumn(joined[_TEXT], joined[_FORM]), pl.Series([False]).new_from_index(
            0, len(column)
        )

    def _disclose(self, value: object, *names: str | None) -> tuple[str | None, int | None]:
        if value is None:
            return None, None
        key = value, *names
        if key not in self.remembered:
            if len(self.remembered) >= _MAX_REMEMBERED:
                self.remembered.clear()
            present = tuple(name for name in names if name is not None)
            disclosed = self.request.value(self.field, self.kind, value, present)
            self.remembered[key] = value_text(disclosed), CODES[disclosed.form]
        return self.remembered[key]

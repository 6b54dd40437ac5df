"""Masking of a batch by columns: kernels in order of speed on the rows that are still unsure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.data.batch import Batch, Unreadable
from conformance.data.mask.kernels.kernel import DisclosedColumn
from conformance.data.mask.kernels.vectorized import VectorizedKernel
from conformance.data.mask.plan import ColumnPlan, MaskPlan
from conformance.model.shapes import Kind
from conformance.oracles.desensitization import Disclosed

if TYPE_CHECKING:
    import polars as pl

_AMOUNT = r"\A-?[0-9]{1,15}(?:\.[0-9]{1,2})?\z"


@dataclass(frozen=True)
class MaskedBatch:
    """The disclosed rows of a batch."""

    columns: Mapping[str, DisclosedColumn]
    """By field. Undefined for rows in `single` and `unreadable`."""
    single: Mapping[int, Mapping[str, Disclosed]]
    """Rows that were disclosed on their own, by row number in the batch (0-based)."""
    unreadable: Mapping[int, str]
    """Reasons (keys of the message registry) of rows that cannot be disclosed, by row number (0-based)."""
    height: int
    """Rows of the batch."""


def mask(plan: MaskPlan, batch: Batch) -> MaskedBatch:
    """The rows of a batch as the plan discloses them."""
    source = batch.columns(plan.shape)
    columnar = source.faithful & _decidable(plan, source.frame)
    single: dict[int, Mapping[str, Disclosed]] = {}
    unreadable: dict[int, str] = {}
    for row in map(int, (~columnar).nonzero()[0]):
        value = batch.value(row)
        if isinstance(value, Unreadable):
            unreadable[row] = value.reason
        else:
            single[row] = plan.request.disclose(value)
    columns = _disclose(plan, source.frame) if columnar.any() else {}
    return MaskedBatch(columns, single, unreadable, len(batch))


def _decidable(plan: MaskPlan, frame: "pl.DataFrame") -> Any:
    """Boolean array, one entry a row: the row's columns decide everything that its kinds depend on."""
    import numpy as np

    if not plan.expressible:
        return np.zeros(frame.height, dtype=bool)
    decidable = np.ones(frame.height, dtype=bool)
    for name in plan.amounts & set(frame.columns):
        decidable &= frame[name].str.contains(_AMOUNT).fill_null(True).to_numpy()
    return decidable


def _disclose(plan: MaskPlan, frame: "pl.DataFrame") -> dict[str, DisclosedColumn]:
    """The columns of a frame that hold any value."""
    present = [c for c in plan.columns if c.field.name in frame.columns]
    return {
        column.field.name: _disclose_column(plan, column, frame)
        for column in present
        if frame[column.field.name].null_count() < frame.height
    }


def _disclose_column(plan: MaskPlan, column: ColumnPlan, frame: "pl.DataFrame") -> DisclosedColumn:
    """A column, whose rows may be of several kinds."""
    import polars as pl

    kinds = column.resolver.kinds(frame)
    if len(kinds) == 1:
        return ColumnJob(plan, column, kinds[0][0], frame).run()
    rows = [rows for _, rows in kinds if rows is not None]
    parts = [ColumnJob(plan, column, kind, frame[rows]).run() for kind, rows in kinds if rows is not None]
    order = pl.concat(rows).arg_sort()
    values, forms = pl.concat([p.values for p in parts]), pl.concat([p.forms for p in parts])
    return DisclosedColumn(values[order], forms[order])


@dataclass(frozen=True, slots=True)
class ColumnJob:
    """The disclosure of a column in one kind."""

    plan: MaskPlan
    column: ColumnPlan
    kind: Kind
    frame: "pl.DataFrame"
    """The rows of the kind, with all their columns."""

    def run(self) -> DisclosedColumn:
        """The disclosed column."""
        import polars as pl

        source = self.frame[self.column.field.name]
        *faster, oracle = self.column.kernels(self.kind, text=source.dtype == pl.String)
        if not faster:
            return oracle(self._with_names)[0]
        disclosed, unsure = faster[0](source)
        rows = (unsure | self._named_rows(source)).arg_true()
        declined = len(rows) == len(source) - source.null_count()
        # few rows are faster normalized at once than tried as they are before
        later = [k for k in faster[1:] if declined or not isinstance(k, VectorizedKernel)]
        for kernel in (*later, oracle):
            if rows.is_empty():
                break
            column = self._with_names if kernel is oracle else source
            # where no row is sure, no row has to be moved
            every = len(rows) == len(source)
            refined, unsure = kernel(column if every else column.gather(rows))
            disclosed, rows = refined if every else _scatter(disclosed, rows, refined), rows.filter(unsure)
        return disclosed

    @property
    def _name_columns(self) -> tuple[str, ...]:
        """The columns with the names that the values depend on."""
        return self.plan.name_columns if self.column.depends_on_names(self.kind) else ()

    @property
    def _with_names(self) -> "pl.Series":
        """The column; where it depends on names, as structs of a value and the names of its row."""
        import polars as pl

        name, names = self.column.field.name, self._name_columns
        return self.frame.select(pl.struct(name, *names)).to_series() if names else self.frame[name]

    def _named_rows(self, source: "pl.Series") -> "pl.Series":
        """Booleans (one a row, or a single False): the value depends on a name, so the oracle decides it."""
        import polars as pl

        if not self._name_columns:
            return pl.Series([False])
        has_name = pl.any_horizontal(pl.col(name).is_not_null() for name in self._name_columns)
        return source.is_not_null() & self.frame.select(has_name).to_series()


def _scatter(disclosed: DisclosedColumn, rows: "pl.Series", part: DisclosedColumn) -> DisclosedColumn:
    """A disclosed column with some of its rows replaced."""
    return DisclosedColumn(
        disclosed.values.scatter(rows, part.values), disclosed.forms.scatter(rows, part.forms)
    )

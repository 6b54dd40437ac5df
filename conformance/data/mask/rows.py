"""Disclosing a batch of rows: by columns where that is proved, by the reference where it is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.data.batch import Batch, Unreadable
from conformance.data.mask.columns import Disclosing, disclose
from conformance.data.mask.plan import Plan
from conformance.oracles.desensitization import Disclosed

if TYPE_CHECKING:
    import polars as pl

_AMOUNT = r"\A-?[0-9]{1,15}(?:\.[0-9]{1,2})?\z"


@dataclass(frozen=True)
class Masked:
    """A batch, disclosed."""

    columns: Mapping[str, Disclosing]
    """By field. Of rows that were treated by themselves, or are not readable, they say nothing."""
    single: Mapping[int, Mapping[str, Disclosed]]
    """The rows that were treated by themselves, by their number in the batch."""
    unreadable: Mapping[int, str]
    """The rows of which nothing can be disclosed, and why (a key of the message registry)."""
    height: int


def mask(plan: Plan, batch: Batch) -> Masked:
    """The rows of a batch as the terms disclose them."""
    given = batch.columns(plan.shape)
    sure = given.faithful & _decidable(plan, given.frame)
    single: dict[int, Mapping[str, Disclosed]] = {}
    unreadable: dict[int, str] = {}
    for row in map(int, (~sure).nonzero()[0]):
        value = batch.value(row)
        if isinstance(value, Unreadable):
            unreadable[row] = value.reason
        else:
            single[row] = plan.terms.disclosed(value)
    columns = disclose(plan, given.frame) if sure.any() else {}
    return Masked(columns, single, unreadable, len(batch))


def _decidable(plan: Plan, frame: "pl.DataFrame") -> Any:
    """Rows of which columns tell everything that the terms depend on."""
    import numpy as np

    if not plan.expressible:
        return np.zeros(frame.height, dtype=bool)
    sure = np.ones(frame.height, dtype=bool)
    for name in plan.amounts & set(frame.columns):
        sure &= frame[name].str.contains(_AMOUNT).fill_null(True).to_numpy()
    return sure

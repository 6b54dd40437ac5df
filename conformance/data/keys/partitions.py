"""Keys by partitions: equal ones are in the same, and what those of one partition are to each other."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl

PLACE = ("source", "line")
"""Where a key was found: number of the file, and line."""
_HASH = "#hash"
_SEED = 1

Hashes = Callable[[pl.DataFrame], pl.Series]


def hashes(keys: pl.DataFrame) -> pl.Series:
    """A number for each row: equal for equal rows, whatever the names of their columns."""
    return keys.hash_rows(seed=_SEED)


def trial(hashed: Hashes) -> tuple[int, ...]:
    """Hashes of some texts, short, long and missing, to compare those of two machines."""
    return tuple(hashed(pl.DataFrame({"short": ["", "a", None], "long": [None, "测试" * 99, "1"]})))


def key_columns(keys: pl.DataFrame) -> tuple[str, ...]:
    """The columns that are compared."""
    return tuple(name for name in keys.columns if name not in (*PLACE, _HASH))


def with_hashes(keys: pl.DataFrame, hashed: Hashes = hashes) -> pl.DataFrame:
    """The same with a hash beside each key, in one chunk: picking texts out of many is slow."""
    made = hashed(keys.select(key_columns(keys)))
    return keys.with_columns(made.alias(_HASH)).rechunk()


def spread(keys: pl.DataFrame, partitions: int) -> Iterator[tuple[int, Any]]:
    """Partitions by number, and the keys of each as a table of Arrow."""
    numbers = (keys[_HASH] % partitions).cast(pl.UInt16)
    table = keys[numbers.arg_sort()].to_arrow(compat_level=pl.CompatLevel.oldest())
    ends = np.cumsum(np.bincount(numbers.to_numpy(), minlength=partitions)).tolist()
    for number, (start, end) in enumerate(zip((0, *ends[:-1]), ends, strict=True)):
        if end > start:
            yield number, table.slice(start, end - start)


def later(keys: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The places of keys that stand at an earlier place, too: hashes say which to compare."""
    again = keys.filter(keys[_HASH].is_duplicated()).sort(PLACE)
    first = again.select(pl.struct(columns).is_first_distinct()).to_series()
    return again.filter(~first).select(PLACE)


def absent(
    keys: pl.DataFrame,
    columns: tuple[str, ...],
    reference_keys: pl.DataFrame | None,
    reference_columns: tuple[str, ...],
) -> pl.DataFrame:
    """The places of keys that are not among those known, which are in other columns."""
    if reference_keys is not None:
        keys = keys.join(
            reference_keys, left_on=columns, right_on=reference_columns, how="anti", nulls_equal=True
        )
    return keys.select(PLACE)

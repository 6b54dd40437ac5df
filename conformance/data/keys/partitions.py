"""Hash partitions of keys, and comparisons within a partition; equal keys share a partition."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl

PLACE = ("source", "line")
"""Place of a key: number of the file and line."""
_HASH = "#hash"
_SEED = 1

Hashes = Callable[[pl.DataFrame], pl.Series]


def hashes(keys: pl.DataFrame) -> pl.Series:
    """Hash of each row: equal for equal rows, independent of column names."""
    return keys.hash_rows(seed=_SEED)


def trial(hashed: Hashes) -> tuple[int, ...]:
    """Hashes of sample texts (short, long, missing), to compare the hash functions of two machines."""
    return tuple(hashed(pl.DataFrame({"short": ["", "a", None], "long": [None, "测试" * 99, "1"]})))


def key_columns(keys: pl.DataFrame) -> tuple[str, ...]:
    """The compared columns: all but place and hash."""
    return tuple(name for name in keys.columns if name not in (*PLACE, _HASH))


def with_hashes(keys: pl.DataFrame, hashed: Hashes = hashes) -> pl.DataFrame:
    """The keys with a hash column, in one chunk because gathering text from many chunks is slow."""
    made = hashed(keys.select(key_columns(keys)))
    return keys.with_columns(made.alias(_HASH)).rechunk()


def spread(keys: pl.DataFrame, partitions: int) -> Iterator[tuple[int, Any]]:
    """Yield the number of each nonempty partition with its keys as an Arrow table."""
    numbers = (keys[_HASH] % partitions).cast(pl.UInt16)
    table = keys[numbers.arg_sort()].to_arrow(compat_level=pl.CompatLevel.oldest())
    ends = np.cumsum(np.bincount(numbers.to_numpy(), minlength=partitions)).tolist()
    for number, (start, end) in enumerate(zip((0, *ends[:-1]), ends, strict=True)):
        if end > start:
            yield number, table.slice(start, end - start)


def repeated_places(keys: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Places of keys that also occur at an earlier place; only rows with equal hashes are compared."""
    again = keys.filter(keys[_HASH].is_duplicated()).sort(PLACE)
    first = again.select(pl.struct(columns).is_first_distinct()).to_series()
    return again.filter(~first).select(PLACE)


def absent_places(
    keys: pl.DataFrame,
    columns: tuple[str, ...],
    reference_keys: pl.DataFrame | None,
    reference_columns: tuple[str, ...],
) -> pl.DataFrame:
    """Places of keys that are not among the reference keys; all if there are none."""
    if reference_keys is not None:
        keys = keys.join(
            reference_keys, left_on=columns, right_on=reference_columns, how="anti", nulls_equal=True
        )
    return keys.select(PLACE)

"""Keys of which some occur again, the places of those, and hashes that many keys have in common."""

from random import Random

import polars as pl

COLUMNS = ("#subject", "name")


def frames(random: Random, rows: int, at_once: int) -> list[pl.DataFrame]:
    tuples = [
        (n % 3, n, f"s{random.randrange(60)}", random.choice(["a", "b", "a\x1fb", "", None]))
        for n in range(rows)
    ]
    schema = {"source": pl.UInt32, "line": pl.Int64, "#subject": pl.String, "name": pl.String}
    return [
        pl.DataFrame(tuples[n : n + at_once], schema=schema, orient="row") for n in range(0, rows, at_once)
    ]


def repeated_places(key_frames: list[pl.DataFrame]) -> set[tuple[int, int]]:
    """Judged row by row."""
    earlier_keys: set[tuple[str, str | None]] = set()
    repeated = set()
    for source, line, *key in sorted(row for frame in key_frames for row in frame.rows()):
        if tuple(key) in earlier_keys:
            repeated.add((source, line))
        earlier_keys.add((key[0], key[1]))
    return repeated


def alike(keys: pl.DataFrame) -> pl.Series:
    """One hash for all keys."""
    return pl.zeros(keys.height, pl.UInt64, eager=True)


def nearly_alike(keys: pl.DataFrame) -> pl.Series:
    """Three hashes for all keys."""
    return keys.hash_rows(seed=5) % 3


def different(keys: pl.DataFrame) -> pl.Series:
    """Another hash for each row, equal keys or not."""
    return pl.int_range(0, keys.height, dtype=pl.UInt64, eager=True)

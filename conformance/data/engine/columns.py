"""Lines of JSON as columns, and for which lines that is the whole truth.

The reader of columns takes a number for a text, keeps the last of two equal members, skips unknown ones and
reads null as absent. So a line is faithful only where that cannot have happened: it has no escape and no
control character, each colon stands right behind a quote and before a text (or before a number or a truth
value, where the shape has a member of that name), and it is exactly as long as its members together. An
unknown member, a second one of a name, or white space elsewhere would make it longer, and nothing shorter.
"""

import io
import operator
from collections.abc import Iterator
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray
from polars.exceptions import PolarsError

from conformance.data.batch import Columns, Shape, Type
from conformance.data.engine.suspicious_lines import Style, suspects
from conformance.data.lines import Block

_NOTHING = b"{}\n"
_SAMPLED = 200
"""Lines of a block that are asked for their members."""
_POLARS = {Type.TEXT: pl.String, Type.INTEGER: pl.Int64, Type.BOOLEAN: pl.Boolean}
_CANONICAL = {Type.INTEGER: r"^(0|-?[1-9][0-9]{0,17})$", Type.BOOLEAN: r"^(true|false)$"}


def columns(block: Block, shape: Shape) -> Columns:
    """The lines of a block as columns of a shape."""
    style = Style.of(block)
    met_with = _met(block, shape)
    scalars = {name: kind for name, kind in met_with.items() if kind is not Type.TEXT}
    if block.too_long is not None or not met_with or not style.is_provable(len(scalars)):
        return _unknown(len(block), shape)
    ends = trimmed(block)
    plain, scalar_counts = suspects(block, ends, style, tuple(scalars))
    frame = _read(block, plain, met_with)
    if frame is None:
        plain[plain] = [_is_json(block.data[start:end]) for start, end in _places(block, plain)]
        frame = _read(block, plain, met_with)
    if frame is None:
        return _unknown(len(block), shape)
    faithful = plain & (_lengths(frame, plain, scalars, style) == ends - block.starts)
    for name, kind in scalars.items():
        faithful &= (scalar_counts[name] == 1) == frame[name].str.contains(_CANONICAL[kind]).fill_null(
            value=False
        ).to_numpy()
        faithful &= (scalar_counts[name] == 0) == frame[name].is_null().to_numpy()
    return Columns(_whole(_typed(frame, scalars), shape), faithful)


def _met(block: Block, shape: Shape) -> Shape:
    """The members of the shape that some lines of the block have. A line with another one is not faithful."""
    step = max(len(block) // _SAMPLED, 1)
    names: set[str] = set()
    for row in range(0, len(block), step):
        value = _object(block.data[block.starts[row] : block.ends[row]])
        names.update(value if isinstance(value, dict) else ())
    return {name: kind for name, kind in shape.items() if name in names}


def _object(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _whole(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """The frame with every member of the shape, in its order."""
    completed = frame.with_columns(
        pl.lit(None, _POLARS[shape[n]]).alias(n) for n in shape if n not in frame.columns
    )
    return completed.select(shape.keys())


def _unknown(height: int, shape: Shape) -> Columns:
    nothing = {name: pl.repeat(None, height, dtype=_POLARS[kind], eager=True) for name, kind in shape.items()}
    frame = pl.DataFrame(nothing) if nothing else pl.DataFrame(height=height)
    return Columns(frame, np.zeros(height, np.bool_))


def trimmed(block: Block) -> NDArray[np.int64]:
    """Where the lines end without their line ends."""
    octets, ends = np.frombuffer(block.data, np.uint8), block.ends.copy()
    for octet in b"\n\r":
        ends -= (octets[np.maximum(ends - 1, 0)] == octet) & (ends > block.starts)
    return ends


def _read(block: Block, plain: NDArray[np.bool_], shape: Shape) -> pl.DataFrame | None:
    """The plain lines as texts, with nothing in place of the others; None where they cannot be read."""
    text = b"".join(_pieces(block, plain))
    try:
        frame = pl.read_ndjson(io.BytesIO(text), schema=dict.fromkeys(shape, pl.String))
    except PolarsError:
        return None
    return frame if frame.height == len(block) else None


def _pieces(block: Block, plain: NDArray[np.bool_]) -> Iterator[bytes]:
    begun = 0
    for row in map(int, np.flatnonzero(~plain)):
        if begun < row:
            yield block.data[block.starts[begun] : block.starts[row]]
        yield _NOTHING
        begun = row + 1
    if begun < len(block):
        yield block.data[block.starts[begun] : block.ends[-1]]


def _places(block: Block, chosen: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    return zip(block.starts[chosen].tolist(), block.ends[chosen].tolist(), strict=True)


def _is_json(line: bytes) -> bool:
    return _object(line) is not None


def _lengths(
    frame: pl.DataFrame, plain: NDArray[np.bool_], scalars: Shape, style: Style
) -> NDArray[np.int64]:
    """How long each plain line is if it has these members and nothing else."""
    nothing = int((~plain).sum())
    everywhere = frozenset(name for name in frame.columns if frame[name].null_count() == nothing)
    length = _length(tuple(frame.columns), everywhere, frozenset(scalars), style)
    return frame.select(length).to_series().to_numpy()


@lru_cache(maxsize=256)
def _length(
    names: tuple[str, ...], everywhere: frozenset[str], scalars: frozenset[str], style: Style
) -> pl.Expr:
    """`everywhere`: members that all lines have; of the rest each line counts those that it has."""
    around = {
        name: len(name.encode()) + (2 if name in scalars else 4) + 2 * style.separator for name in names
    }
    always = 2 - style.separator + sum(around[name] for name in everywhere)  # one separator less than members
    values = pl.sum_horizontal(pl.col(names).str.len_bytes()).cast(pl.Int64)
    optional_lengths = (
        pl.col(n).is_not_null().cast(pl.Int64) * around[n] for n in names if n not in everywhere
    )
    total = reduce(operator.add, optional_lengths, values + always)
    return (
        total
        if everywhere
        else pl.when(pl.any_horizontal(pl.col(names).is_not_null())).then(total).otherwise(2)
    )


def _typed(frame: pl.DataFrame, others: Shape) -> pl.DataFrame:
    casts = {Type.INTEGER: lambda c: c.cast(pl.Int64, strict=False), Type.BOOLEAN: lambda c: c == "true"}
    return frame.with_columns(*(casts[kind](pl.col(name)) for name, kind in others.items()))

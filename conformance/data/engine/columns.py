"""JSON lines as columns, with a proof of which lines the columns represent exactly.

The columnar reader turns numbers into text, keeps the last of two equal members, skips unknown members and
reads null as absent. A line is faithful only if none of this can have happened: it has no escape and no
control character, each colon directly follows a quote and precedes a string (or a number or boolean
if the shape has such a member of that name), and its length equals that of its members. An
unknown or duplicate member, or white space elsewhere, would make it longer, and nothing shorter.
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
"""Lines per block that are sampled for their members."""
_POLARS = {Type.TEXT: pl.String, Type.INTEGER: pl.Int64, Type.BOOLEAN: pl.Boolean}
_CANONICAL = {Type.INTEGER: r"^(0|-?[1-9][0-9]{0,17})$", Type.BOOLEAN: r"^(true|false)$"}


def columns(block: Block, shape: Shape) -> Columns:
    """The lines of a block as columns of the shape, with the mask of faithful lines."""
    style = Style.of(block)
    met_with = _sampled_members(block, shape)
    scalars = {name: kind for name, kind in met_with.items() if kind is not Type.TEXT}
    if block.too_long is not None or not met_with or not style.is_provable(len(scalars)):
        return _unfaithful_columns(len(block), shape)
    ends = trimmed_ends(block)
    plain, scalar_counts = suspects(block, ends, style, tuple(scalars))
    frame = _read(block, plain, met_with)
    if frame is None:
        plain[plain] = [_is_json(block.data[start:end]) for start, end in _places(block, plain)]
        frame = _read(block, plain, met_with)
    if frame is None:
        return _unfaithful_columns(len(block), shape)
    faithful = plain & (_lengths(frame, plain, scalars, style) == ends - block.starts)
    for name, kind in scalars.items():
        faithful &= (scalar_counts[name] == 1) == frame[name].str.contains(_CANONICAL[kind]).fill_null(
            value=False
        ).to_numpy()
        faithful &= (scalar_counts[name] == 0) == frame[name].is_null().to_numpy()
    return Columns(_complete(_cast_scalars(frame, scalars), shape), faithful)


def _sampled_members(block: Block, shape: Shape) -> Shape:
    """Members of the shape that occur in sampled lines. A line with any other member is not faithful."""
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


def _complete(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """The frame extended to every member of the shape, in order."""
    completed = frame.with_columns(
        pl.lit(None, _POLARS[shape[n]]).alias(n) for n in shape if n not in frame.columns
    )
    return completed.select(shape.keys())


def _unfaithful_columns(height: int, shape: Shape) -> Columns:
    nothing = {name: pl.repeat(None, height, dtype=_POLARS[kind], eager=True) for name, kind in shape.items()}
    frame = pl.DataFrame(nothing) if nothing else pl.DataFrame(height=height)
    return Columns(frame, np.zeros(height, np.bool_))


def trimmed_ends(block: Block) -> NDArray[np.int64]:
    """Offset of the end of each line, without its line end; shape `(lines,)`."""
    octets, ends = np.frombuffer(block.data, np.uint8), block.ends.copy()
    for octet in b"\n\r":
        ends -= (octets[np.maximum(ends - 1, 0)] == octet) & (ends > block.starts)
    return ends


def _read(block: Block, plain: NDArray[np.bool_], shape: Shape) -> pl.DataFrame | None:
    """The plain lines as text columns, with empty objects for the others; None if they cannot be parsed."""
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
    """Length in octets of each plain line, assuming it has these members and nothing else."""
    nothing = int((~plain).sum())
    everywhere = frozenset(name for name in frame.columns if frame[name].null_count() == nothing)
    length = _length(tuple(frame.columns), everywhere, frozenset(scalars), style)
    return frame.select(length).to_series().to_numpy()


@lru_cache(maxsize=256)
def _length(
    names: tuple[str, ...], everywhere: frozenset[str], scalars: frozenset[str], style: Style
) -> pl.Expr:
    """Expression for the length of a line. `everywhere`: members of all lines; others count if present."""
    around = {
        name: len(name.encode()) + (2 if name in scalars else 4) + 2 * style.separator for name in names
    }
    always = 2 - style.separator + sum(around[name] for name in everywhere)  # n - 1 commas
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


def _cast_scalars(frame: pl.DataFrame, others: Shape) -> pl.DataFrame:
    casts = {Type.INTEGER: lambda c: c.cast(pl.Int64, strict=False), Type.BOOLEAN: lambda c: c == "true"}
    return frame.with_columns(*(casts[kind](pl.col(name)) for name, kind in others.items()))

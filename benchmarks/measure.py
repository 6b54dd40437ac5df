"""Pairs of measurements: ours and a peer's in turn, so that a busy machine slows both alike."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

PAIRS = 7
"""Enough for a median that one bad moment does not move."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the middle and the greatest of some measurements."""

    least: float
    middle: float
    greatest: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        return cls(min(values), median(values), max(values))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How long a peer takes for what we do, and how many times as long that is."""

    job: str
    ours: str
    peer: str
    units: int
    """Pieces of work in one measurement."""
    our_microseconds: Spread
    """CPU time for one piece."""
    peer_microseconds: Spread
    ratio: Spread
    """The peer's time over ours, pair by pair; below 1 the peer is faster."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measurement of our own that has no peer."""

    title: str
    unit: str
    spread: Spread


def compare(  # noqa: PLR0913, PLR0917
    job: str,
    ours: str,
    peer: str,
    units: int,
    we_do: Callable[[], object],
    they_do: Callable[[], object],
) -> Comparison:
    """Measure both in turn after one unmeasured round each."""
    we_do()
    they_do()
    pairs = [(_cpu(we_do), _cpu(they_do)) for _ in range(PAIRS)]
    return Comparison(
        job,
        ours,
        peer,
        units,
        Spread.of([1e6 * a / units for a, _ in pairs]),
        Spread.of([1e6 * b / units for _, b in pairs]),
        Spread.of([b / a for a, b in pairs]),
    )


def repeated(what: str, do: Callable[[], object], times: int = 5) -> Figure:
    """CPU seconds of a job."""
    return Figure(what, "CPU s", Spread.of([_cpu(do) for _ in range(times)]))


def _cpu(do: Callable[[], object]) -> float:
    gc.collect()
    started = time.process_time()
    do()
    return time.process_time() - started

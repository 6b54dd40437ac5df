"""Progress of executors while the driver waits for them."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark import SparkContext

    from conformance.data.files import Progress

_PAUSE = 0.25
"""Seconds between two readings of the counts."""


class ProgressCounts:
    """Rows that executors have checked and octets that they have read, updated after each work unit."""

    def __init__(self, context: "SparkContext") -> None:
        self._rows = context.accumulator(0)
        self._octets = context.accumulator(0)

    def add_rows(self, rows: int) -> None:
        """Count checked rows; on executors."""
        self._rows += rows

    def add_octets(self, octets: int) -> None:
        """Count octets that were read; on executors."""
        self._octets += octets

    @property
    def value(self) -> tuple[int, int]:
        """Rows and octets; readable on the driver only."""
        return self._rows.value, self._octets.value


def wait_for(
    context: "SparkContext", counts: ProgressCounts, action: Callable[[], object], progress: "Progress"
) -> Iterator[int]:
    """Yield numbers of newly checked rows until the action ends. Closing the iterator cancels the action."""
    reported = (0, 0)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(action)
        try:
            while not wait([future], _PAUSE).done:
                reported = yield from _report_news(counts, reported, progress)
            future.result()
        except BaseException:
            context.cancelAllJobs()
            raise
    yield from _report_news(counts, reported, progress)


def _report_news(
    counts: ProgressCounts, reported: tuple[int, int], progress: "Progress"
) -> Generator[int, None, tuple[int, int]]:
    """Report counts above those already reported; returns the counts."""
    rows, octets = counts.value
    if (rows, octets) != reported:
        progress(octets - reported[1])
        yield rows - reported[0]
    return rows, octets

"""Waiting for executors, and how far they are in the meantime."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark import SparkContext

    from conformance.data.files import Progress

_PAUSE = 0.25
"""Seconds between two looks at the counts."""


class Counts:
    """Rows that executors have judged and octets that they have read; known when a part is done."""

    def __init__(self, context: "SparkContext") -> None:
        self._rows = context.accumulator(0)
        self._octets = context.accumulator(0)

    def judged(self, rows: int) -> None:
        self._rows += rows

    def read(self, octets: int) -> None:
        self._octets += octets

    @property
    def value(self) -> tuple[int, int]:
        """Rows and octets; on the driver alone."""
        return self._rows.value, self._octets.value


def waited(
    context: "SparkContext", counts: Counts, action: Callable[[], object], progress: "Progress"
) -> Iterator[int]:
    """Tells rows as they are judged, until the action is over. Leaving earlier cancels it."""
    told = (0, 0)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(action)
        try:
            while not wait([running], _PAUSE).done:
                told = yield from _news(counts, told, progress)
            running.result()
        except BaseException:
            context.cancelAllJobs()
            raise
    yield from _news(counts, told, progress)


def _news(
    counts: Counts, told: tuple[int, int], progress: "Progress"
) -> Generator[int, None, tuple[int, int]]:
    """What was counted since; returns what is told by then."""
    rows, octets = counts.value
    if (rows, octets) != told:
        progress(octets - told[1])
        yield rows - told[0]
    return rows, octets

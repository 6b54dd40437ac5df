"""The slowness of the machine, and the time limits that grow with it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conformance.loader import load_standard
from conformance.selftest.slowness import MOST, MOST_IN_STANDARD, slowed, slowness
from reference_impl.settings import Limits

LIMIT = ("COL-012", "source_answer_seconds")


@contextmanager
def busy(threads: int) -> Iterator[None]:
    """Threads of this process that compute and so keep one another waiting."""
    end = threading.Event()

    def compute() -> None:
        while not end.is_set():
            pass

    workers = [threading.Thread(target=compute) for _ in range(threads)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        end.set()
        for worker in workers:
            worker.join()


def test_a_busy_machine_is_slow_within_bounds() -> None:
    with busy(3):
        assert 1.5 < slowness() <= MOST
    assert slowness() >= 1.0


@pytest.mark.parametrize(("factor", "seconds"), [(1.0, 6), (1.01, 7), (4.0, 24)])
def test_the_limit_of_sources_grows(factor: float, seconds: int) -> None:
    standard = load_standard()
    longer = slowed(standard, factor)
    assert longer.parameter(*LIMIT).value == seconds
    assert standard.parameter(*LIMIT).value == 6
    unchanged = [r for r in longer.requirements.values() if r.id != LIMIT[0]]
    assert unchanged == [r for r in standard.requirements.values() if r.id != LIMIT[0]]


def test_a_reference_platform_that_waits_longer_stays_within_the_standard() -> None:
    limit = float(load_standard().parameter(*LIMIT).value)
    assert Limits().source_seconds * MOST_IN_STANDARD <= limit - 1

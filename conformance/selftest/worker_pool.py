"""Several platforms at a time, each judged in a process of its own, so that its processor time is its own."""

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from conformance.runner import Selection
from conformance.selftest import matrix
from conformance.selftest.fork_server import Nursery
from conformance.selftest.mutants import Mutant
from conformance.selftest.process import end_on_signals
from conformance.selftest.trial import Suite


@dataclass(frozen=True, slots=True)
class Order:
    """Settings of the examination of mutants."""

    all_checks: bool
    """By the whole suite, or by the checks of the named requirement alone."""
    jobs: int
    workers: int
    root: Path | None
    most: int | None = None
    """Cases of each check at most; of the named requirement all."""

    def selection(self, mutant: Mutant) -> Selection:
        ids = (mutant.requirement,) if mutant.requirement and not self.all_checks else ()
        return Selection(ids=ids, most=self.most, in_full=frozenset({mutant.requirement}))


class _Worker:
    """State that a process of the pool keeps between two mutants; its platforms end with it."""

    suite: Suite
    order: Order
    nursery: Nursery


def examined(mutants: Sequence[Mutant], order: Order) -> Iterator[matrix.Row]:
    """A row for each mutant as soon as it is through."""
    if order.workers == 1:
        _prepare(order)
        with _Worker.nursery:
            yield from map(_examine, mutants)
        return
    executor = ProcessPoolExecutor(order.workers, get_context("spawn"), _start, (order,))
    try:
        futures = [executor.submit(_examine, mutant) for mutant in mutants]
        yield from (future.result() for future in as_completed(futures))
    finally:
        executor.shutdown(cancel_futures=True)


def _start(order: Order) -> None:
    end_on_signals()
    _prepare(order)


def _prepare(order: Order) -> None:
    _Worker.order, _Worker.nursery = order, Nursery(order.root)
    _Worker.suite = Suite.of(order.root, order.jobs, _Worker.nursery.platform)
    gc.freeze()  # what was read stays for good: no collection needs to look at it


def _examine(mutant: Mutant) -> matrix.Row:
    return matrix.examine(mutant, _Worker.suite.judge, _Worker.order.selection(mutant), _spent)


def _spent() -> float:
    return matrix.core_seconds() + _Worker.nursery.core_seconds

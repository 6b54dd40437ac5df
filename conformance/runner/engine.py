"""Runs a plan: a lane of threads, then the cases that need the platform to themselves, then the monitors."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from itertools import count
from threading import local

from conformance.expect import Inconclusive, NotVerified, SuiteError, Undecided, Violation
from conformance.model.judgement import Case, Fault, Finding, Result, Verdict
from conformance.model.run import Plan, Planned
from conformance.model.text import Message
from conformance.monitors import Monitor
from conformance.runner.contexts import CaseContext
from conformance.runner.monitoring import Watch, crash
from conformance.verdict import violation

ContextFactory = Callable[[Case], CaseContext]
Outcome = tuple[Verdict, tuple[Finding, ...]]
UNDECIDED: Mapping[type[Undecided], tuple[Verdict, Fault]] = {
    NotVerified: (Verdict.NOT_VERIFIED, Fault.CONFIGURATION),
    Inconclusive: (Verdict.INCONCLUSIVE, Fault.CONFIGURATION),
    SuiteError: (Verdict.ERRORED, Fault.SUITE),
}


def run(
    plan: Plan, context_factory: ContextFactory, jobs: int = 4, monitors: Iterable[Monitor] = ()
) -> Generator[Result, None, None]:
    """Yield results as they finish, those of monitors last.

    Exchanges and calls are as they crossed the wire: redact a result before showing or writing it. A fault of
    the suite becomes the verdict `errored` of its case and is never raised.
    """
    watches = tuple(_watches(plan, monitors))
    for result in _cases(plan, context_factory, jobs):
        for watch in watches:
            watch.observe(result.case, result.exchanges, result.received)
        yield result
    yield from (watch.result() for watch in watches)


def _cases(plan: Plan, context_factory: ContextFactory, jobs: int) -> Iterator[Result]:
    yield from (_decided(planned) for planned in plan.planned if planned.verdict)
    began = time.monotonic()
    waiting = [planned for planned in plan.planned if planned.check and not planned.verdict]
    yield from _parallel([p for p in waiting if not p.case.exclusive], context_factory, jobs, began)
    yield from (_timed(p, context_factory, began, 0) for p in waiting if p.case.exclusive)


def _parallel(
    planned: list[Planned], context_factory: ContextFactory, jobs: int, began: float
) -> Iterator[Result]:
    numbers, thread_state = count(1), local()

    def judged(one: Planned) -> Result:
        if not hasattr(thread_state, "lane"):
            thread_state.lane = next(numbers)
        return _timed(one, context_factory, began, thread_state.lane)

    executor = ThreadPoolExecutor(max(1, jobs), thread_name_prefix="case")
    try:
        futures: set[Future[Result]] = {executor.submit(judged, one) for one in planned}
        for future in as_completed(futures):
            futures.discard(future)  # a finished case holds its exchanges no longer than needed
            yield future.result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _watches(plan: Plan, monitors: Iterable[Monitor]) -> Iterator[Watch]:
    by_name = {(monitor.requirement, monitor.name): monitor for monitor in monitors}
    for planned in plan.planned:
        monitor = by_name.get((planned.case.requirement, planned.case.check))
        if monitor and planned.check is None and planned.verdict is None:
            yield Watch(monitor, planned)


def _decided(planned: Planned) -> Result:
    assert planned.verdict  # noqa: S101 - for the type checker; the caller has filtered
    why = (Finding(planned.why, fault=Fault.CONFIGURATION),) if planned.why else ()
    return Result(planned.case, planned.verdict, why)


def _timed(planned: Planned, context_factory: ContextFactory, began: float, lane: int) -> Result:
    started = time.monotonic() - began
    return replace(_judged(planned, context_factory), started=started, lane=lane)


def _judged(planned: Planned, context_factory: ContextFactory) -> Result:
    started = time.monotonic()
    try:
        context = context_factory(planned.case)
    except Undecided as ended:
        verdict, fault = UNDECIDED[type(ended)]
        return Result(planned.case, verdict, (Finding(ended.message, fault=fault),))
    except Exception as error:  # noqa: BLE001 - whatever breaks here is the suite's fault
        return Result(planned.case, Verdict.ERRORED, (crash(error),))
    verdict, findings = _verdict(planned, context)
    spent = time.monotonic() - started
    return Result(planned.case, verdict, findings, context.exchanges, spent, received=context.incoming)


def _verdict(planned: Planned, context: CaseContext) -> Outcome:
    assert planned.check  # noqa: S101 - for the type checker; the caller has filtered
    try:
        planned.check.run(context)
    except Violation as found:
        suite = found.finding.fault is Fault.SUITE
        return Verdict.ERRORED if suite else violation(planned.level), (found.finding,)
    except Undecided as ended:
        verdict, fault = UNDECIDED[type(ended)]
        return verdict, (Finding(ended.message, where=ended.where, fault=fault),)
    except Exception as error:  # noqa: BLE001 - a check that breaks is the suite's fault, never a verdict on the platform
        return Verdict.ERRORED, (crash(error),)
    if not context.exchanges:
        return Verdict.ERRORED, (Finding(Message("runner.nothing_sent"), fault=Fault.SUITE),)
    return Verdict.PASSED, ()

"""Times of a run: number of calls and response times, by operation."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from conformance.model.judgement import Result
from conformance.results.document import OperationTimes


def waited(result: Result) -> float:
    """Seconds in which a case waited for replies of the platform."""
    return sum(max(exchange.reply.elapsed, 0.0) for exchange in result.exchanges)


def operations(results: Iterable[Result]) -> list[OperationTimes]:
    """Every operation called, the one that took longest in all first."""
    elapsed: dict[str, list[float]] = defaultdict(list)
    for result in results:
        for exchange in result.exchanges:
            elapsed[exchange.request.operation].append(max(exchange.reply.elapsed, 0.0))
    rows = [_row(operation, sorted(times)) for operation, times in elapsed.items()]
    return sorted(rows, key=lambda row: (-row.seconds, row.operation))


def _row(operation: str, times: Sequence[float]) -> OperationTimes:
    return OperationTimes(
        operation=operation,
        count=len(times),
        seconds=round(sum(times), 6),
        median_seconds=round(_quantile(times, 0.5), 6),
        p95_seconds=round(_quantile(times, 0.95), 6),
        slowest_seconds=round(times[-1], 6),
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The nearest rank: a time that was measured, not one between two."""
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

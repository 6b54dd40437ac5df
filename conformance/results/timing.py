"""Where the time of a run went: for each operation how often it was asked and how long the platform took."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from conformance.model.judgement import Result


def waited(result: Result) -> float:
    """Seconds in which a case waited for replies of the platform."""
    return sum(max(exchange.reply.elapsed, 0.0) for exchange in result.exchanges)


def operations(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Every operation that was asked, the one that took longest in all first. Times are seconds."""
    found: dict[str, list[float]] = defaultdict(list)
    for result in results:
        for exchange in result.exchanges:
            found[exchange.request.operation].append(max(exchange.reply.elapsed, 0.0))
    rows = [_row(operation, sorted(times)) for operation, times in found.items()]
    return sorted(rows, key=lambda row: (-row["seconds"], row["operation"]))


def _row(operation: str, times: Sequence[float]) -> dict[str, Any]:
    return {
        "operation": operation,
        "count": len(times),
        "seconds": round(sum(times), 6),
        "median_seconds": round(_quantile(times, 0.5), 6),
        "p95_seconds": round(_quantile(times, 0.95), 6),
        "slowest_seconds": round(times[-1], 6),
    }


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The nearest rank: a time that was measured, not one between two."""
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

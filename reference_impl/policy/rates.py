"""Rate limits: a token bucket for each client and group of operations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from reference_impl.settings import Rate

MOST_BUCKETS = 20_000
"""Buckets kept at most; beyond, full ones are dropped, which changes nothing."""


@dataclass(slots=True)
class Bucket:
    """Tokens left to a client, and the clock's seconds at which they were counted."""

    left: float
    at: float


@dataclass(frozen=True, slots=True)
class Throttle:
    """Counts the requests of all clients in the memory of this process; `clock` counts seconds."""

    rates: Sequence[Rate]
    clock: Callable[[], float]
    _buckets: dict[tuple[str, int], Bucket] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, client_id: str, operation: str) -> float:
        """Seconds until the client may send this request; 0 if it may now, and then it is counted."""
        number = self._rate_of(operation)
        if number is None:
            return 0.0
        rate, now = self.rates[number], self.clock()
        with self._lock:
            bucket = self._buckets.setdefault((client_id, number), Bucket(rate.burst, now))
            bucket.left = _left(bucket, rate, now)
            bucket.at = now
            self._forget(now)
            if bucket.left < 1:
                return (1 - bucket.left) * 60 / rate.per_minute
            bucket.left -= 1
            return 0.0

    def _rate_of(self, operation: str) -> int | None:
        """The rate that names the operation, else the one for all others."""
        named = (n for n, rate in enumerate(self.rates) if operation in rate.operations)
        others = (n for n, rate in enumerate(self.rates) if not rate.operations)
        return next(named, next(others, None))

    def _forget(self, now: float) -> None:
        if len(self._buckets) <= MOST_BUCKETS:
            return
        full = [
            key
            for key, bucket in self._buckets.items()
            if _left(bucket, rate := self.rates[key[1]], now) >= rate.burst
        ]
        for key in full:
            del self._buckets[key]


def _left(bucket: Bucket, rate: Rate, now: float) -> float:
    return min(rate.burst, bucket.left + (now - bucket.at) * rate.per_minute / 60)

"""Waiting time that a platform asks for (429 with Retry-After; RFC 6585, RFC 9110)."""

import math
from email.utils import parsedate_to_datetime

from conformance.model.wire import Reply

TOO_MANY_REQUESTS = 429
LONGEST = 30.0
"""Seconds that the suite waits for one request at most, all its repetitions together."""


def pause(reply: Reply, now: float) -> float | None:
    """Seconds to wait before the same request is sent again; None for any reply that does not ask for it.

    `now` is the platform's time in POSIX seconds: Retry-After may be a number of seconds or a date.
    """
    if reply.status != TOO_MANY_REQUESTS:
        return None
    value = (reply.header("retry-after") or "").strip()
    if value.isascii() and value.isdecimal():
        return float(value) if len(value) < 10 else math.inf
    try:
        # A date is told in whole seconds, so that it may name the second that has just begun.
        return max(0.0, parsedate_to_datetime(value).timestamp() - now) + 1
    except (ValueError, OverflowError):
        return None

"""What a 429 asks of the suite: as long as it says, in seconds or as a date; no guess where it is silent."""

import math
from email.utils import formatdate

import pytest

from conformance.model.wire import Reply
from conformance.wire.retry_after import pause

NOW = 1_800_000_000.0


def refused(told: str | None, status: int = 429) -> Reply:
    headers = () if told is None else (("retry-after", told),)
    return Reply(status, headers, b"", 0.01)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0.0),
        (" 7 ", 7.0),
        (formatdate(NOW + 5, usegmt=True), 6.0),
        (formatdate(NOW - 5, usegmt=True), 1.0),
        ("9" * 40, math.inf),
        (None, None),
        ("soon", None),
        ("-1", None),
    ],
)
def test_retry_after(told: str | None, seconds: float | None) -> None:
    assert pause(refused(told), NOW) == seconds


def test_only_a_429_asks_for_time() -> None:
    assert pause(refused("5", status=503), NOW) is None

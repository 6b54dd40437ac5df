"""A deadline for calls that have none of their own."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def within(act: Callable[[], T], seconds: float) -> T:
    """Run `act`; raises TimeoutError when it takes longer (it is then left behind in a daemon thread)."""
    outcome: SimpleQueue[tuple[T, None] | tuple[None, Exception]] = SimpleQueue()

    def work() -> None:
        try:
            outcome.put((act(), None))
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            outcome.put((None, error))

    Thread(target=work, daemon=True).start()
    try:
        value, error = outcome.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]

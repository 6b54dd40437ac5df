"""Background work: one thread that does bounded pieces of it until none is left."""

from collections.abc import Callable
from threading import Lock, Thread


class Worker:
    """Runs `work` in the background, one call after the other, for as long as it says that there is more."""

    def __init__(self, work: Callable[[], bool]) -> None:
        self._work = work
        self._lock = Lock()
        self._running = False
        self._more = False

    def wake(self) -> None:
        """There may be something to do. Never waits for it to be done."""
        with self._lock:
            self._more = True
            if self._running:
                return
            self._running = True
        Thread(target=self._run, name="worker", daemon=True).start()

    def _run(self) -> None:
        while self._asked():
            while self._work():
                pass

    def _asked(self) -> bool:
        with self._lock:
            self._running, self._more = self._more, False
            return self._running

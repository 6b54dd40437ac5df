"""Randomness and attempts of a case: equal for equal seeds, however long a wait takes."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import TypeVar

from conformance.expect import SuiteError
from conformance.model.judgement import Case
from conformance.model.text import Message

T = TypeVar("T")


def seeded(seed: int, nonce: str, case: Case) -> Random:
    """Random numbers of a case: equal for equal seed and nonce, whatever runs beside it."""
    text = f"{seed}|{nonce}|{case.requirement}/{case.check}|{case.id}"
    return Random(int.from_bytes(hashlib.sha256(text.encode()).digest()))


class Attempts:
    """Numbers the waits of a case and their attempts.

    Each attempt draws random numbers of its own, so that what follows a wait does not depend on its length.
    """

    def __init__(self, random: Random) -> None:
        self.wait = self.attempt = 0
        """Numbers of the current wait and attempt, from 1; 0 outside a wait."""
        self._random = random
        self._waits = self._seed = 0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """One wait. Raises SuiteError within another one."""
        if self.wait:
            raise SuiteError(Message("runner.nested_wait"))
        self._waits += 1
        self.wait, self.attempt = self._waits, 0
        self._seed = self._random.getrandbits(64)
        state_after = self._random.getstate()
        try:
            yield
        finally:
            self.wait = self.attempt = 0
            self._random.setstate(state_after)

    def make(self, probe: Callable[[], T | None]) -> T | None:
        """One attempt of the current wait."""
        self.attempt += 1
        self._random.seed(self._seed + self.attempt)
        return probe()

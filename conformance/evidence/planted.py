"""Vault of a run: planted values and secrets that evidence must not hold, each with its placeholder."""

import hashlib
import hmac
from collections.abc import Mapping
from operator import add
from threading import Lock

from conformance.evidence import personal

SECRET_LENGTH = 8
"""A shorter secret is hidden in its own place only; elsewhere it would be found in harmless words."""


_LONG = 6
"""Values of this length are found by as many first characters: of these few are alike."""


class Index:
    """Values with their placeholders, found by their first characters and their length.

    So one pass over a text replaces them all, and takes no longer when thousands are known.
    """

    def __init__(self) -> None:
        self.labels: dict[str, str] = {}
        self._long: dict[str, tuple[int, ...]] = {}
        self._short: dict[str, tuple[int, ...]] = {}

    def add(self, value: str, label: str) -> str:
        """The placeholder of a value: the first one it was given."""
        if len(value) > 1 and value not in self.labels:
            table, start = (self._long, value[:_LONG]) if len(value) >= _LONG else (self._short, value[:2])
            table[start] = tuple(sorted({len(value), *table.get(start, ())}, reverse=True))
        return self.labels.setdefault(value, label)

    def may_hold(self, runs: list[str], pairs: list[str]) -> bool:
        """False if no known value fits these runs and pairs of neighboring characters of a text."""
        return not (self._long.keys().isdisjoint(runs) and self._short.keys().isdisjoint(pairs))

    def at(self, text: str, place: int) -> str:
        """The longest known value at a place of a text; empty if there is none."""
        long, short = text[place : place + _LONG], text[place : place + 2]
        for length in (*self._long.get(long, ()), *self._short.get(short, ())):
            candidate = text[place : place + length]
            if candidate in self.labels:
                return candidate
        return ""


class Finder:
    """Replaces what indexes hold: the longest value at each place, of the first index that has it."""

    def __init__(self, *indexes: Index) -> None:
        self._indexes = indexes

    @property
    def labels(self) -> Mapping[str, str]:
        merged: dict[str, str] = {}
        for index in reversed(self._indexes):
            merged |= index.labels.copy()  # one step, while other threads add
        return merged

    def replace(self, text: str) -> str:
        for index in self._indexes:
            if text in index.labels:
                return index.labels[text]
        runs = [text[n : n + _LONG] for n in range(len(text) - _LONG + 1)]
        pairs = list(map(add, text, text[1:]))
        if not any(index.may_hold(runs, pairs) for index in self._indexes):
            return text
        parts: list[str] = []
        start = place = 0
        while place < len(text) - 1:
            value, label = self._at(text, place)
            if value:
                parts += (text[start:place], label)
                start = place = place + len(value)
            else:
                place += 1
        return "".join((*parts, text[start:])) if parts else text

    def _at(self, text: str, place: int) -> tuple[str, str]:
        value, label = "", ""
        for index in self._indexes:
            candidate = index.at(text, place)
            if len(candidate) > len(value):
                value, label = candidate, index.labels[candidate]
        return value, label


class Vault:
    """Planted values and secrets of one run; shared by all threads."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._lock = Lock()
        self._planted: dict[str, Index] = {}
        self._shared = Index()
        """Secrets, and planted values that are to be hidden in the evidence of every case."""

    def plant(self, case: str, value: str) -> str:
        """Note a value as planted by a case; equal values of one case have one placeholder."""
        with self._lock:
            index = self._planted.setdefault(case, Index())
            label = index.add(value, f"{{planted:{case}#{len(index.labels) + 1}}}")
            if _identifying(value):
                self._shared.add(value, label)
            return label

    def secret(self, name: str, value: str) -> str:
        """Note a secret; its placeholder tells equal secrets from different ones and nothing else."""
        label = f"{{secret:{name}-{self._digest(value)[:8]}}}"
        if len(value) < SECRET_LENGTH:
            return label
        with self._lock:
            return self._shared.add(value, label)

    def commitment(self, kind: str, value: str) -> str:
        """Placeholder for personal data of unknown origin; with the salt, a guess can be verified."""
        return f"{{commitment:{kind}-{self._digest(value)[:32]}}}"

    def stand_in(self, label: str) -> str:
        """A well-formed value in the place of one that was hidden, so that a record can be judged again."""
        value = personal.stand_in(label) or label.strip("{}").replace(":", ".")
        with self._lock:
            self._shared.add(value, label)
        return value

    def planted(self, case: str) -> Mapping[str, str]:
        """Placeholders of a case's planted values."""
        with self._lock:
            return dict(self._planted[case].labels) if case in self._planted else {}

    def value_of(self, label: str) -> str | None:
        """The planted value behind a placeholder, whichever case planted it."""
        case, _, _ = label.removeprefix("{planted:").rpartition("#")
        with self._lock:
            index = self._planted.get(case)
            return (
                None if index is None else next((v for v, own in index.labels.items() if own == label), None)
            )

    def finder(self, case: str) -> Finder:
        """Finder of all values to hide in the evidence of a case; placeholders of the case come first."""
        with self._lock:
            return Finder(self._planted.get(case, Index()), self._shared)

    def _digest(self, value: str) -> str:
        return hmac.new(self._salt, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _identifying(value: str) -> bool:
    """True for a value distinctive enough to be hidden in the evidence of other cases, too."""
    return len(value) >= 6 or (len(value) >= 2 and not value.isascii())

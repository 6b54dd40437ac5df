"""Realistic values: recent dates, small amounts and usual codes are frequent."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from conformance.synth.values import Values

_MEAN_AGE, _OLDEST = 420, 9000
_AMOUNT, _SPREAD, _GREATEST = 9.2, 1.7, 9e11


@dataclass(frozen=True, slots=True)
class Lifelike(Values):
    """A source of valid values with skewed frequencies."""

    def _day(self) -> date:
        age = int(self.random.expovariate(1 / _MEAN_AGE))
        return self.today - timedelta(days=1 + min(age, _OLDEST))

    def _decimal(self) -> str:
        if self.random.random() < 0.05:
            return "0"
        return f"{min(self.random.lognormvariate(_AMOUNT, _SPREAD), _GREATEST):.2f}"

    def _code(self, codes: list[Any]) -> Any:
        known = [c for c in codes if c in self.reserved["divisions"]] or codes
        return known[int(len(known) ** self.random.random()) - 1]

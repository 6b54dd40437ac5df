"""Operators on numbers: `bucket` and `round`, in decimal arithmetic. They raise UnfitError."""

import re
from bisect import bisect_right
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any

from reference_impl.desensitization.model import Parameters, Scene, UnfitError

DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
EXACT = Context(prec=60)
MODES = {"floor": ROUND_FLOOR, "half_up": ROUND_HALF_UP}


def bucket(value: Any, p: Parameters, _: Scene) -> dict[str, Any]:
    edges = p["edges"]
    above = bisect_right(edges, _decimal(value))
    return {
        "min": edges[above - 1] if above else None,
        "max": edges[above] if above < len(edges) else None,
        "unit": p["unit"],
    }


def round_to(value: Any, p: Parameters, _: Scene) -> str:
    step = Decimal(p["to"])
    steps = EXACT.divide(_decimal(value), step).to_integral_value(MODES[p["mode"]])
    text = f"{EXACT.multiply(steps, step):f}"
    digits = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if digits == "-0" else digits


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise UnfitError
    text = str(value)
    if not DECIMAL.fullmatch(text):
        raise UnfitError
    return Decimal(text)

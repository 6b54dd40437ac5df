"""The operator `date`: a calendar date (ISO 8601, extended or basic) cut to its year, quarter or month."""

import re
from datetime import date
from typing import Any

from reference_impl.desensitization.model import Parameters, Scene, UnfitError, string

SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})",
        r"([0-9]{4})([0-9]{2})([0-9]{2})",
        r"([0-9]{4})-?([0-9]{2})()",
    )
)


def truncate(value: Any, p: Parameters, _: Scene) -> str:
    day = _read(string(value))
    match p["to"]:
        case "year":
            return f"{day.year:04}"
        case "quarter":
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case _:
            return f"{day.year:04}-{day.month:02}"


def _read(text: str) -> date:
    for shape in SHAPES:
        if match := shape.fullmatch(text):
            year, month, day = match.groups()
            return date(int(year), int(month), int(day or 1))
    raise UnfitError

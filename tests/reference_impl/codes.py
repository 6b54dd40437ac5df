"""Code sets, read by the exemplar's own reader."""

from functools import cache
from typing import Any

from reference_impl.standard.source import read
from tests.reference_impl.platform_process import ROOT


@cache
def code_set(name: str) -> dict[str, Any]:
    rows = read(ROOT / "schemas" / "codes" / f"{name}.yaml")["codes"]
    return {row["code"]: row for row in rows}

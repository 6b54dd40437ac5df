"""Named parameters of requirements: numbers and levels that the standard sets, never retyped in code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reference_impl.standard.source import StandardError, read


def parameters(root: Path) -> dict[str, Mapping[str, Any]]:
    """Value of each parameter by name, by part. Raises StandardError where a part gives a name two values."""
    files = sorted((root / "standard" / "requirements").glob("*.yaml"))
    return {file.stem: _of_part(file) for file in files}


def _of_part(file: Path) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    for requirement in read(file):
        for name, parameter in requirement.get("parameters", {}).items():
            if values.setdefault(name, parameter["value"]) != parameter["value"]:
                raise StandardError(f"{file.stem}: {name} has two values")
    return values

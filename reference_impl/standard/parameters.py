"""Named parameters of requirements that a platform goes by: numbers and levels, never retyped in code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reference_impl.standard.source import StandardError, read


def parameters(root: Path, part: str) -> Mapping[str, Any]:
    """Value of each parameter of a part, by its name; StandardError where a name stands for two values."""
    found: dict[str, Any] = {}
    for requirement in read(root / "standard" / "requirements" / f"{part}.yaml"):
        for name, parameter in requirement.get("parameters", {}).items():
            if found.setdefault(name, parameter["value"]) != parameter["value"]:
                raise StandardError(f"{part}: {name} has two values")
    return found

"""What a platform consists of, as a digest: the same digest means the same platform."""

import hashlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]
WRONG = "reference_impl.mutants."
"""Modules that only the mutants of which they speak consist of."""


def program_digest(make: Callable[..., Any]) -> str:
    """Of the platform that this function makes: of all code but that of other mutants."""
    files = {Path(sys.modules[name].__file__ or "") for name in _modules(make.__module__, set())}
    told = hashlib.sha256(_shared().encode())
    for path in sorted(files):
        told.update(path.read_bytes())
    return told.hexdigest()


def _modules(name: str, seen: set[str]) -> set[str]:
    """The module, if it is one of mutants, and those from which it takes something."""
    if not name.startswith(WRONG) or name in seen:
        return seen
    seen.add(name)
    for value in list(vars(sys.modules[name]).values()):
        _modules(str(getattr(value, "__module__", None) or getattr(value, "__name__", "")), seen)
    return seen


@cache
def _shared() -> str:
    told = hashlib.sha256()
    for path in sorted(HERE.rglob("*.py")):
        below = path.relative_to(HERE)
        if below.parts[0] != "mutants" or below.parts[1:] == ("__init__.py",):
            told.update(f"{below.as_posix()}\0".encode() + path.read_bytes())
    return told.hexdigest()

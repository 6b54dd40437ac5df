"""Digest of a platform's program: equal digests mean equal platforms."""

import hashlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
MUTANTS = "reference_impl.mutants."
"""Modules that belong only to the mutants that they define."""


def program_digest(function: Callable[..., Any]) -> str:
    """SHA-256 of all code of the platform that a function makes, without that of other mutants."""
    files = {Path(sys.modules[name].__file__ or "") for name in _modules(function.__module__, set())}
    digest = hashlib.sha256(_shared().encode())
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _modules(name: str, visited: set[str]) -> set[str]:
    """The module, if it defines mutants, and the other such modules that it imports from."""
    if not name.startswith(MUTANTS) or name in visited:
        return visited
    visited.add(name)
    for value in list(vars(sys.modules[name]).values()):
        _modules(str(getattr(value, "__module__", None) or getattr(value, "__name__", "")), visited)
    return visited


@cache
def _shared() -> str:
    """SHA-256 of the code that all platforms have in common."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        if place.parts[0] != "mutants" or place.parts[1:] == ("__init__.py",):
            digest.update(f"{place.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()

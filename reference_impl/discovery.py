"""Discovery of modules: a new file in a package joins without an entry in any table."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType


def modules(package: str) -> Iterator[ModuleType]:
    """All modules below a package, imported, in the order of their names."""
    path = import_module(package).__path__
    for name in sorted(info.name for info in walk_packages(path, f"{package}.")):
        yield import_module(name)

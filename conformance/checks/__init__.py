"""The checks: one module for each part of the standard, gathered here and nowhere registered."""

from importlib import import_module
from pkgutil import walk_packages

from conformance.checks.verifies import MARK
from conformance.model.judgement import Check


def collect() -> tuple[Check, ...]:
    """All checks below this package, by requirement and name."""
    names = sorted(info.name for info in walk_packages(__path__, f"{__name__}."))
    members = [member for name in names for member in vars(import_module(name)).values()]
    checks = {(c.requirement, c.name): c for m in members if isinstance(c := getattr(m, MARK, None), Check)}
    return tuple(checks[key] for key in sorted(checks))

"""Everything that can judge a platform."""

from conformance.checks import collect as collect_checks
from conformance.model.judgement import Check
from conformance.model.standard import Standard
from conformance.monitors import Monitor
from conformance.monitors import collect as collect_monitors


def all_checks_and_monitors(standard: Standard) -> tuple[tuple[Check, ...], tuple[Monitor, ...]]:
    """The checks and the monitors of the suite."""
    return collect_checks(), collect_monitors(standard)

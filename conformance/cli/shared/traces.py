"""Requirements traced to what judges them and to the mutants that break them."""

from collections.abc import Iterable

from conformance.cli.shared.judges import all_checks_and_monitors
from conformance.model.standard import Standard
from conformance.selftest.mutants import mutants


def judges_by_requirement(standard: Standard) -> dict[str, list[str]]:
    """Names of checks and monitors by requirement, both in order."""
    checks, monitors = all_checks_and_monitors(standard)
    return _by_requirement(
        [
            *((check.requirement, check.name) for check in checks),
            *((monitor.requirement, monitor.name) for monitor in monitors),
        ]
    )


def mutants_by_requirement() -> dict[str, list[str]]:
    """Names of mutants by requirement, both in order."""
    return _by_requirement((mutant.requirement, mutant.name) for mutant in mutants())


def _by_requirement(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for requirement, name in pairs:
        names.setdefault(requirement, []).append(name)
    return {requirement: sorted(group) for requirement, group in sorted(names.items())}

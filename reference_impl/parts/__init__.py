"""The parts of a platform: for each part of the standard its replaceable decisions, and the honest ones.

Each module holds one group, a frozen dataclass, and `honest(setup)`, the group of a platform that obeys.
`CAPABILITIES` names the capabilities that a platform claims for the part, `TEST_CAPABILITIES` those that it
claims in a test environment only. A new module joins by itself.
"""

from reference_impl.discovery import modules
from reference_impl.groups import Group, Parts
from reference_impl.knowledge import Setup

__all__ = ["Group", "Parts", "capabilities", "honest"]


def honest(setup: Setup) -> Parts:
    """All groups of a platform that obeys."""
    return Parts(module.honest(setup) for module in modules(__name__))


def capabilities(environment: str) -> tuple[str, ...]:
    """The capabilities that the parts claim, in alphabetical order, those of a test environment last."""
    return (
        *_declared("CAPABILITIES"),
        *(_declared("TEST_CAPABILITIES") if environment == "test" else ()),
    )


def _declared(name: str) -> list[str]:
    return sorted(capability for module in modules(__name__) for capability in getattr(module, name, ()))

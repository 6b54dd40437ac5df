"""Decisions about toys."""

from collections.abc import Callable
from dataclasses import dataclass

from reference_impl.knowledge import Setup
from reference_impl.policy import toy
from reference_impl.policy.model import Document

CAPABILITIES = ("toys",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyParts:
    """Decisions about toys."""

    new_toy: Callable[[str, Document], Document]
    """The toy that is recorded, by its identifier and the application."""


def honest(_setup: Setup) -> ToyParts:
    """Toys are recorded as they are described."""
    return ToyParts(new_toy=toy.new_toy)

"""Decisions about admission: applications of institutions, and changes of their status."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from reference_impl.knowledge import Setup
from reference_impl.policy import admission
from reference_impl.policy.admission import Rule
from reference_impl.policy.model import Document

CAPABILITIES = ("credit-service-agencies", "guarantee-institutions")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionParts:
    """Decisions about institutions."""

    rules: Mapping[str, Rule]
    """By name; an application is admitted when none of them finds a fault."""
    admit: Callable[[str, Document, Document | None, str], dict[str, Any]]
    """The institution after a PUT, by its id, the body, the institution before it, and the moment."""
    may_become: Callable[[str, str], bool]
    """True if a status of an institution can be changed to another."""
    institution_view: Callable[[Document], dict[str, Any]]
    """The institution as the hub and the institution read it."""
    effective_status: Callable[[Document, Document | None], str]
    """The status of an institution in view of its head office."""


def honest(setup: Setup) -> AdmissionParts:
    """The rules of admission, and the transitions of status that the code set publishes."""
    statuses = setup.knowledge.catalogue.codes["institution_status"]
    return AdmissionParts(
        rules=admission.RULES,
        admit=admission.admit,
        may_become=partial(admission.may_become, statuses),
        institution_view=admission.view,
        effective_status=admission.effective_status,
    )

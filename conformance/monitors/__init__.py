"""Judges of every exchange, whichever check made it."""

from conformance.model.standard import Standard
from conformance.monitors.contract import Contract
from conformance.monitors.exposure import Hardened, Inside, NoStore
from conformance.monitors.monitor import Monitor
from conformance.monitors.problem_details import ProblemDetails
from conformance.monitors.url_privacy import UrlPrivacy

__all__ = [
    "Contract",
    "Hardened",
    "Inside",
    "Monitor",
    "NoStore",
    "ProblemDetails",
    "UrlPrivacy",
    "collect",
]


def collect(standard: Standard) -> tuple[Monitor, ...]:
    """All monitors, their schemas compiled once."""
    cards = tuple(str(prefix) for prefix in standard.reserved.get("bank_card_bins", ()))
    return (
        Contract(standard.api),
        ProblemDetails(standard.api, standard.codes["problem"]),
        UrlPrivacy(standard, cards),
        Inside(),
        NoStore(standard.api),
        Hardened(),
    )

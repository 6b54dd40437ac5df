"""Monitors: judges of every exchange and of every call of the platform, whichever check caused it."""

from conformance.model.standard import Standard
from conformance.monitors.contract import Contract
from conformance.monitors.exposure import Hardened, Inside, NoStore
from conformance.monitors.monitor import Direction, Findings, Monitor
from conformance.monitors.problem_details import ProblemDetails
from conformance.monitors.url_privacy import UrlPrivacy

__all__ = [
    "Contract",
    "Direction",
    "Findings",
    "Hardened",
    "Inside",
    "Monitor",
    "NoStore",
    "ProblemDetails",
    "UrlPrivacy",
    "collect",
]


def collect(standard: Standard) -> tuple[Monitor, ...]:
    """All monitors, with the schemas of the standard compiled once."""
    cards = tuple(str(prefix) for prefix in standard.reserved.get("bank_card_bins", ()))
    return (
        Contract(standard.api),
        ProblemDetails(standard.api, standard.codes["problem"]),
        UrlPrivacy(standard, cards),
        Inside(),
        NoStore(standard.api),
        Hardened(),
    )

"""Decisions about docking: the descriptor, notices of the network, rates."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from reference_impl.knowledge import Setup
from reference_impl.parts.base import BaseParts
from reference_impl.parts.catalog import CatalogParts
from reference_impl.policy import docking
from reference_impl.policy.docking import Notice
from reference_impl.policy.model import Document, Refusal
from reference_impl.policy.rates import Throttle
from reference_impl.settings import Limits
from reference_impl.store.network import Network
from reference_impl.wire.message import Call, moment

CAPABILITIES = ("rate-limits",)
LISTED_SINCE = "2026-01-01"
NAME = {"zh": "融资信用服务平台参考实现", "en": "Reference financing-credit service platform"}
DECLARED_LIMITS = (
    "max_body_bytes",
    "max_batch_records",
    "max_query_batch_lines",
    "query_batch_hours",
    "idempotency_hours",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DockingParts:
    """Decisions about the platform's place in the network."""

    describe: Callable[[Call], dict[str, Any]]
    """The descriptor of the platform."""
    stops: Callable[[str, str], bool]
    """True if an operation is stopped in a status of the network."""
    after_notice: Callable[[str, str], str]
    """The status after a notice, by the status before it and the notice's kind."""
    order_notices: Callable[[Sequence[Notice]], Sequence[Notice]]
    """Notices in the order in which they take effect."""
    referral: Callable[[Document], dict[str, Any]]
    """Members of a retired platform's problem that name its successor, by the notice of retirement."""
    throttle: Callable[[str, str], float]
    """Seconds for which a client has to wait with an operation; 0 admits the request and counts it."""


def honest(setup: Setup) -> DockingParts:
    """A platform that follows the network's notices and keeps the rates that it declares."""
    operations = setup.knowledge.contract.operations.values()
    disclosing = frozenset(operation.id for operation in operations if operation.discloses)
    return DockingParts(
        describe=describe,
        stops=partial(docking.stops, disclosing),
        after_notice=docking.after,
        order_notices=docking.in_order,
        referral=referral,
        throttle=Throttle(setup.settings.limits.rates, time.monotonic).wait,
    )


def describe(call: Call) -> dict[str, Any]:
    """The descriptor: identity, claims, addresses, keys and limits of this platform."""
    settings, catalogue = call.settings, call.parts[BaseParts].catalogue
    return {
        "platform_id": f"fcsp-reference-{settings.division_code}",
        "name": NAME,
        "operator": {"name": settings.operator["name"], "uscc": settings.operator["uscc"]},
        "environment": settings.environment,
        "level": settings.level,
        "division_code": settings.division_code,
        "issuer": settings.base_url,
        "token_endpoint": f"{settings.base_url}/v1/oauth/token",
        "api_base": settings.base_url,
        "standard_versions": [catalogue.standard_version],
        "checklist_version": catalogue.version,
        "checklist_versions": call.parts[CatalogParts].checklist_versions(call),
        "conformance": {"profile": settings.profile, "capabilities": list(settings.capabilities)},
        "jwks": {"keys": [call.keys.public_jwk()]},
        "list_entry": {
            "number": f"FCSP-{settings.division_code}-001",
            "status": network_status(call),
            "since": LISTED_SINCE,
        },
        "limits": declared_limits(settings.limits),
        "tariff": {"checklist_items_cny": "0"},
        "time": moment(call.now),
    }


def declared_limits(limits: Limits) -> dict[str, Any]:
    """The limits that callers have to know, rates included."""
    rates = [{**asdict(rate), "operations": list(rate.operations)} for rate in limits.rates]
    return {**{name: getattr(limits, name) for name in DECLARED_LIMITS}, "rates": rates}


def network_status(call: Call) -> str:
    """The platform's status in the network after all notices so far."""
    status = "active"
    for kind, _ in _notices(call):
        status = call.parts[DockingParts].after_notice(status, kind)
    return status


def stopped(status: str, call: Call) -> Refusal:
    """The refusal of an operation that the network's status stops."""
    if status != "retired":
        return Refusal("platform_suspended")
    last = next(notice for kind, notice in reversed(_notices(call)) if kind == "retirement")
    return Refusal("platform_retired", members=call.parts[DockingParts].referral(last))


def referral(notice: Document) -> dict[str, Any]:
    """The successor that a notice of retirement names, as a member of the problem; empty without one."""
    successor = notice.get("detail", {}).get("successor")
    return {"successor": successor} if successor else {}


def _notices(call: Call) -> Sequence[Notice]:
    return call.parts[DockingParts].order_notices(call.store[Network].kinds(docking.NOTICE_EFFECTS))

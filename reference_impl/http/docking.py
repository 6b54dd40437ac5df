"""Docking: the descriptor, health, and notices of the network."""

from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from reference_impl.http.message import Call, Reply, moment
from reference_impl.policy import docking
from reference_impl.policy.model import Document, Refusal
from reference_impl.settings import Limits

LISTED_SINCE = "2026-01-01"
NAME = {"zh": "融资信用服务平台参考实现", "en": "Reference financing-credit service platform"}


def get_descriptor(call: Call) -> Reply:
    return Reply(200, call.parts.describe(call))


def describe(call: Call) -> dict[str, Any]:
    """Who this platform is and what it claims."""
    settings, limits = call.settings, call.settings.limits
    return {
        "platform_id": f"fcsp-reference-{settings.division_code}",
        "name": NAME,
        "operator": {"name": call.parts.operator["name"], "uscc": call.parts.operator["uscc"]},
        "environment": settings.environment,
        "level": settings.level,
        "division_code": settings.division_code,
        "issuer": settings.base_url,
        "token_endpoint": f"{settings.base_url}/v1/oauth/token",
        "api_base": settings.base_url,
        "standard_versions": [call.parts.catalogue.standard_version],
        "checklist_version": call.parts.catalogue.version,
        "checklist_versions": call.parts.checklist_versions(call),
        "conformance": {"profile": settings.profile, "capabilities": list(settings.capabilities)},
        "jwks": {"keys": [call.vault.public_jwk()]},
        "list_entry": {
            "number": f"FCSP-{settings.division_code}-001",
            "status": network_status(call),
            "since": LISTED_SINCE,
        },
        "limits": declared(limits),
        "tariff": {"checklist_items_cny": "0"},
        "time": moment(call.now),
    }


def declared(limits: Limits) -> dict[str, Any]:
    """The limits that callers have to know."""
    names = (
        "max_body_bytes",
        "max_batch_records",
        "max_query_batch_lines",
        "query_batch_hours",
        "idempotency_hours",
    )
    rates = [{**asdict(rate), "operations": list(rate.operations)} for rate in limits.rates]
    return {**{name: getattr(limits, name) for name in names}, "rates": rates}


def get_health(call: Call) -> Reply:
    status = network_status(call)
    shown = "ok" if status == "active" else status
    return Reply(200, {"status": shown, "version": software_version(), "time": moment(call.now)})


def post_notice(call: Call) -> Reply:
    notice_id = call.parts.new_id("notice", call.body)
    call.store.network.add(notice_id, call.body["kind"], call.body)
    call.note("network_notice", call.body["kind"])
    return Reply(202, {"notice_id": notice_id, "kind": call.body["kind"], "received_at": call.at})


def network_status(call: Call) -> str:
    """What the notices so far make of the platform's place in the network."""
    status = "active"
    for kind, _ in _notices(call):
        status = call.parts.after_notice(status, kind)
    return status


def stopped(status: str, call: Call) -> Refusal:
    """What a caller is told whose disclosure the network has stopped."""
    if status != "retired":
        return Refusal("platform_suspended")
    last = next(notice for kind, notice in reversed(_notices(call)) if kind == "retirement")
    return Refusal("platform_retired", members=call.parts.referral(last))


def referral(notice: Document) -> dict[str, Any]:
    """To whom a retired platform sends its callers."""
    successor = notice.get("detail", {}).get("successor")
    return {"successor": successor} if successor else {}


def _notices(call: Call) -> Sequence[docking.Notice]:
    return call.parts.order_notices(call.store.network.kinds(docking.NOTICE_EFFECTS))


def software_version() -> str:
    try:
        return version("fcsp")
    except PackageNotFoundError:
        return "0+checkout"

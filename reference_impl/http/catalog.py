"""Catalog: the items of a version of the checklist, and how fresh the platform's records are."""

from typing import Any

from reference_impl.http import paging
from reference_impl.policy.model import Refusal
from reference_impl.store.records import Freshness
from reference_impl.wire.message import Call, Reply


def list_items(call: Call) -> Reply:
    edition, entries = call.parts.asked_edition(call), call.parts.catalog(call)
    place = f"catalog {edition.version}"
    start, size = paging.position(call, place) + 1, paging.limit(call)
    end = start + size
    body = {
        **dates(edition),
        "status": dict(call.parts.catalogue.status),
        "items": entries[start:end],
        "next_cursor": paging.cursor(call, place, end - 1) if end < len(entries) else None,
    }
    return Reply(200, body)


def get_item(call: Call) -> Reply:
    code = call.request.parameters["item_code"]
    item = call.parts.asked_edition(call).items.get(code)
    if item is None:
        raise Refusal("not_found")
    freshness = call.store.records.freshness().get(code, Freshness())
    return Reply(200, call.parts.catalog_entry(call, item, freshness))


def asked_edition(call: Call) -> Any:
    """The version that the caller names; without a name, the one in force."""
    catalogue, named = call.parts.catalogue, call.request.query.get("version")
    found = catalogue.current if named is None else catalogue.edition(named)
    if found is None:
        raise Refusal("unknown_checklist_version")
    return found


def dates(edition: Any) -> dict[str, Any]:
    until = edition.effective_until
    return {
        "checklist_version": edition.version,
        "effective_from": edition.effective_from.isoformat(),
        "effective_until": until.isoformat() if until else None,
    }


def catalog(call: Call) -> list[dict[str, Any]]:
    """An entry for every item, records or not."""
    freshness = call.store.records.freshness()
    items = call.parts.asked_edition(call).items.values()
    return [call.parts.catalog_entry(call, item, freshness.get(item.code, Freshness())) for item in items]


def entry(call: Call, item: Any, freshness: Freshness) -> dict[str, Any]:
    return {
        "item_code": item.code,
        "title": dict(item.title),
        "version": item.version,
        "checklist_version": call.parts.asked_edition(call).version,
        "schema_digest": item.digest,
        "update_frequency": item.update_frequency,
        # Without records, every channel by which the item may come.
        "channel": list(freshness.channels or call.parts.codes["source_channel"]),
        "disclosure": item.disclosure,
        "collection_mode": item.collection_mode,
        "freshness": _freshness(item, freshness),
        "overlay": call.parts.overlay(item),
    }


def overlay(item: Any) -> dict[str, Any] | None:
    """What the province adds to the item, each addition with its legal basis."""
    fields = [
        {"name": field.name, "title": dict(field.title), "legal_basis": dict(field.legal_basis)}
        for field in item.fields
        if field.legal_basis
    ]
    if not fields and not item.legal_basis:
        return None
    return {"legal_basis": item.legal_basis and dict(item.legal_basis), "fields": fields}


def _freshness(item: Any, freshness: Freshness) -> dict[str, Any]:
    found = {
        "records": freshness.records,
        "last_collected_at": freshness.last_collected_at,
        "latest_as_of": freshness.latest_as_of,
    }
    timely = {"on_time": freshness.on_time, "late": freshness.late} if item.timeliness else {}
    return {**found, **timely}

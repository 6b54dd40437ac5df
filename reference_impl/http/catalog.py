"""Catalog: the items of a version of the checklist, and how fresh the platform's records are."""

from typing import Any

from reference_impl.http import paging
from reference_impl.http.operations import handles
from reference_impl.parts.base import BaseParts
from reference_impl.parts.catalog import CatalogParts
from reference_impl.policy.model import Refusal
from reference_impl.standard import Edition
from reference_impl.store.records import Freshness, Records
from reference_impl.wire.message import Call, Reply


@handles("getCatalog")
def list_items(call: Call) -> Reply:
    """A page of the entries of one version of the checklist."""
    group = call.parts[CatalogParts]
    edition, entries = group.requested_edition(call), group.entries(call)
    place = f"catalog {edition.version}"
    start, size = paging.position(call, place) + 1, paging.limit(call)
    end = start + size
    body = {
        **_dates(edition),
        "status": dict(call.parts[BaseParts].catalogue.status),
        "items": entries[start:end],
        "next_cursor": paging.cursor(call, place, end - 1) if end < len(entries) else None,
    }
    return Reply(200, body)


@handles("getCatalogItem")
def get_item(call: Call) -> Reply:
    """The entry of one item."""
    group, code = call.parts[CatalogParts], call.request.parameters["item_code"]
    item = group.requested_edition(call).items.get(code)
    if item is None:
        raise Refusal("not_found")
    freshness = call.store[Records].freshness().get(code, Freshness())
    return Reply(200, group.entry(call, item, freshness))


def _dates(edition: Edition) -> dict[str, Any]:
    until = edition.effective_until
    return {
        "checklist_version": edition.version,
        "effective_from": edition.effective_from.isoformat(),
        "effective_until": until.isoformat() if until else None,
    }

"""What a province adds to the checklist, told wrong."""

from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts.catalog import CatalogParts
from reference_impl.wire.message import Call

Overlay = dict[str, Any] | None
OF_THE_LAW = {"zh": "依法依规", "en": "According to law"}


@breaks("CAT-004")
def legal_basis_is_the_law(catalog: CatalogParts) -> CatalogParts:
    """Every added field names the law as such for its legal basis."""

    def overlay(item: Any) -> Overlay:
        told = catalog.overlay(item)
        if told is None:
            return None
        return {**told, "fields": [{**field, "legal_basis": OF_THE_LAW} for field in told["fields"]]}

    return replace(catalog, overlay=overlay)


@breaks("CAT-004")
def legal_basis_of_added_items_is_left_out(catalog: CatalogParts) -> CatalogParts:
    """An item of the province is listed as if it were one of the nation, without its legal basis."""

    def overlay(item: Any) -> Overlay:
        told = catalog.overlay(item)
        return told and {**told, "legal_basis": None}

    return replace(catalog, overlay=overlay)


@breaks(
    "CAT-004",
    also={
        "CAT-001": "an item is missing",
        "CAT-006": "an item is missing from the next version, too",
        "CAT-009": "an item is missing",
    },
)
def items_of_the_province_are_not_listed(entries: CatalogParts) -> CatalogParts:
    """The catalogue is that of the nation; what the province adds is collected in silence."""

    def catalog(call: Call) -> list[dict[str, Any]]:
        added = {i.code for i in entries.requested_edition(call).items.values() if i.legal_basis}
        return [entry for entry in entries.entries(call) if entry["item_code"] not in added]

    return replace(entries, entries=catalog)

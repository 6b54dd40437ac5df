"""Checks of the part catalog (CAT): what the province of the platform adds to the checklist."""

from typing import Any

from conformance import expect
from conformance.actors import Network
from conformance.checks.shared.parameters import added_items, extended_items
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.text import Text
from conformance.model.wire import Reply


@verifies("CAT-004", expand=added_items)
def overlay_items_are_listed_with_their_legal_basis(ctx: Context) -> None:
    item = ctx.standard.checklist.item(ctx.case.parameter)

    overlay, reply = overlay_of(ctx, item)

    where = "reply.body/overlay/legal_basis"
    expect.equal(overlay.get("legal_basis"), bilingual(item.legal_basis), where, reply)


@verifies("CAT-004", expand=extended_items)
def added_fields_are_listed_with_their_legal_basis(ctx: Context) -> None:
    item = ctx.standard.checklist.item(ctx.case.parameter)

    overlay, reply = overlay_of(ctx, item)

    expected = {f.name: bilingual(f.legal_basis) for f in item.fields if f.legal_basis}
    listed_fields = {f.get("name"): f.get("legal_basis") for f in expect.objects(reply, "/overlay/fields")}
    expect.equal(listed_fields, expected, "reply.body/overlay/fields (legal_basis)", reply)
    expect.equal(overlay.get("legal_basis"), None, "reply.body/overlay/legal_basis", reply)


def overlay_of(ctx: Context, item: Item) -> tuple[dict[str, Any], Reply]:
    """The province's additions to an item as its catalogue entry states them, and the entry."""
    network = Network(ctx)
    entries, listing = network.institution().list_catalog()
    expect.contains([e.get("item_code") for e in entries], item.code, "reply.body/items (item_code)", listing)
    reply = network.institution().read_catalog_entry(item)
    expect.status(reply, 200)
    return expect.at(reply, "/overlay", dict), reply


def bilingual(text: Text | None) -> dict[str, str] | None:
    """A text as the API states it in both languages; None where there is none."""
    return {"zh": text.zh, "en": text.en} if text else None

"""Checks of the part catalog (CAT): what the province of the platform adds to the checklist."""

from typing import Any

from conformance import expect
from conformance.actors import Cast
from conformance.checks.shared.parameters import added_items, extended_items
from conformance.checks.verifies import verifies
from conformance.model.context import Context
from conformance.model.text import Text
from conformance.model.wire import Reply


@verifies("CAT-004", expand=added_items)
def overlay_items_are_listed_with_their_legal_basis(ctx: Context) -> None:
    item = ctx.standard.checklist.item(ctx.case.parameter)

    overlay, reply = overlay_of(ctx, item.code)

    where = "reply.body/overlay/legal_basis"
    expect.equal(overlay.get("legal_basis"), both(item.legal_basis), where, reply)


@verifies("CAT-004", expand=extended_items)
def added_fields_are_listed_with_their_legal_basis(ctx: Context) -> None:
    item = ctx.standard.checklist.item(ctx.case.parameter)

    overlay, reply = overlay_of(ctx, item.code)

    wanted = {f.name: both(f.legal_basis) for f in item.fields if f.legal_basis}
    stated = {f.get("name"): f.get("legal_basis") for f in expect.objects(reply, "/overlay/fields")}
    expect.equal(stated, wanted, "reply.body/overlay/fields (legal_basis)", reply)
    expect.equal(overlay.get("legal_basis"), None, "reply.body/overlay/legal_basis", reply)


def overlay_of(ctx: Context, item_code: str) -> tuple[dict[str, Any], Reply]:
    """What the listed entry of an item says of the province's additions."""
    cast = Cast(ctx)
    entries, listing = cast.catalog(cast.institution().token)
    expect.contains([e.get("item_code") for e in entries], item_code, "reply.body/items (item_code)", listing)
    reply = cast.catalog_item(item_code, cast.institution().token)
    expect.status(reply, 200)
    return expect.at(reply, "/overlay", dict), reply


def both(text: Text | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text else None

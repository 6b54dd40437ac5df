"""Items for a check, chosen by their properties in the schema and never by code.

Each function raises NotVerified where the checklist has no such item.
"""

from conformance.expect import NotVerified
from conformance.model.context import Context
from conformance.model.shapes import Field, Item, Kind
from conformance.model.text import Message


def is_collected(item: Item) -> bool:
    """True if records of the item are delivered to the platform rather than kept at their source."""
    return item.collection_mode == "physical"


def two_restricted_items(ctx: Context, subject_type: str = "enterprise") -> tuple[Item, Item]:
    """The first two items that nobody sees without authorization."""
    items = [
        i
        for i in ctx.standard.checklist.items
        if i.disclosure == "authorized" and subject_type in i.subject_types and is_collected(i)
    ]
    if len(items) < 2:
        raise NotVerified(Message("checks.no_such_item", {"kind": "authorized"}))
    return items[0], items[1]


def restricted_item(ctx: Context, subject_type: str = "enterprise") -> Item:
    """An item that nobody sees without authorization."""
    return two_restricted_items(ctx, subject_type)[0]


def public_item(ctx: Context, subject_type: str = "enterprise") -> Item:
    """An item that every admitted institution may see."""
    for item in ctx.standard.checklist.items:
        if item.disclosure == "public" and subject_type in item.subject_types and is_collected(item):
            return item
    raise NotVerified(Message("checks.no_such_item", {"kind": "public"}))


def open_item_with_person_field(ctx: Context) -> tuple[Item, Field]:
    """An item open to institutions, with a field that belongs to a person other than the subject."""
    for item in filter(is_collected, ctx.standard.checklist.items):
        for field in item.fields:
            person = field.person if item.disclosure != "authorized" and not field.class_when else None
            if person and person.identified_by == field.name:
                return item, field
    raise NotVerified(Message("checks.no_such_item", {"kind": "person"}))


def is_collected_from_enterprises(item: Item) -> bool:
    """True if records of the item about enterprises are delivered to the platform."""
    return "enterprise" in item.subject_types and is_collected(item)


def item_for_type(ctx: Context, subject_type: str) -> Item:
    """An item that lists the subject type, one that is open to institutions if there is any."""
    items = [i for i in ctx.standard.checklist.items if subject_type in i.subject_types and is_collected(i)]
    if not items:
        raise NotVerified(Message("checks.no_such_item", {"kind": subject_type}))
    return next((i for i in items if i.disclosure != "authorized"), items[0])


def item_with_key(ctx: Context, disclosure: str) -> Item:
    """An item of this disclosure of which a subject can have several records."""
    for item in ctx.standard.checklist.items:
        if item.disclosure == disclosure and item.key and is_collected_from_enterprises(item):
            return item
    raise NotVerified(Message("checks.no_such_item", {"kind": f"{disclosure}, with a key"}))


def item_with_last_day(ctx: Context) -> tuple[Item, str]:
    """A public item with the field that holds the last day on which a record is served."""
    for item in ctx.standard.checklist.items:
        if item.serve_until and item.disclosure == "public" and is_collected_from_enterprises(item):
            return item, item.serve_until
    raise NotVerified(Message("checks.no_such_item", {"kind": "serve_until"}))


def partly_masked_item(ctx: Context) -> tuple[Item, Field]:
    """An item open to institutions, with a field that they see masked or generalized."""
    cells = ctx.standard.desensitization.cells
    for item in ctx.standard.checklist.items:
        if item.disclosure == "authorized" or not is_collected_from_enterprises(item):
            continue
        for field in item.fields:
            cell = cells.get((field.sensitivity, "financial_institution"))
            if cell and cell.none in {Kind.PART, Kind.GEN} and not field.class_when:
                return item, field
    raise NotVerified(Message("checks.no_such_field", {"kind": "part, gen"}))

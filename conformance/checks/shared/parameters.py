"""Case parameters of data-driven checks, in a stable order, computed from the standard at plan time."""

from collections.abc import Callable
from datetime import date

from conformance.checks.shared.items import is_collected
from conformance.model.shapes import Field, Item, Kind
from conformance.model.standard import Standard
from conformance.oracles.working_days import covered_years

SEPARATOR = ","
ANY_DAY = date(2026, 6, 1)
"""Day for the kinds of faults of an item, which do not depend on it."""


def items(standard: Standard) -> tuple[str, ...]:
    """Every item of the checklist."""
    return tuple(item.code for item in standard.checklist.items)


def subject_types(standard: Standard) -> tuple[str, ...]:
    """Every subject type that some item whose records are delivered lists."""
    collected = collected_items(standard)
    listed = {one for i in standard.checklist.items if i.code in collected for one in i.subject_types}
    return tuple(code for code in standard.codes["subject_type"].codes if code in listed)


def timely_items(standard: Standard) -> tuple[str, ...]:
    """Every item that has to come within working days of an event."""
    return tuple(item.code for item in standard.checklist.items if item.timeliness)


EDGES = ("plain", "holidays", "worked_weekend", "year_end")
"""Calendar features between an event and the last day on which its record is on time."""
THIS_YEAR = "this_year"
"""In place of an edge: the year of the run, where the calendar does not have it."""


def timely_edges(standard: Standard) -> tuple[str, ...]:
    """Every such item with each edge of the calendar, and with this year where the calendar lacks it."""
    is_covered = standard.as_of.year in covered_years(standard.holidays)
    edges = EDGES if is_covered else (*EDGES, THIS_YEAR)
    return tuple(SEPARATOR.join((code, edge)) for code in timely_items(standard) for edge in edges)


def collected_items(standard: Standard) -> tuple[str, ...]:
    """Every item whose records are delivered to the platform."""
    return tuple(item.code for item in standard.checklist.items if item.collection_mode == "physical")


def utility_items(standard: Standard) -> tuple[str, ...]:
    """Every collected item of a category of public utilities."""
    utilities = standard.checklist.utilities
    return tuple(i.code for i in standard.checklist.items if i.category in utilities and is_collected(i))


def added_items(standard: Standard) -> tuple[str, ...]:
    """Every item that a province adds."""
    return tuple(item.code for item in standard.checklist.items if item.legal_basis)


def extended_items(standard: Standard) -> tuple[str, ...]:
    """Every item to which a province adds fields."""
    return tuple(i.code for i in standard.checklist.items if any(f.legal_basis for f in i.fields))


def extended_collected(standard: Standard) -> tuple[str, ...]:
    """Of these, the items whose records are delivered."""
    return tuple(c for c in extended_items(standard) if is_collected(standard.checklist.item(c)))


def protected_operations(standard: Standard) -> tuple[str, ...]:
    """Every operation that needs a token."""
    return tuple(o.id for o in standard.api.operations.values() if o.scopes)


def rural_items(standard: Standard) -> tuple[str, ...]:
    """Every item with each rural subject type it lists."""
    kinds = standard.codes["subject_type"].codes
    return tuple(
        SEPARATOR.join((item.code, subject_type))
        for item in standard.checklist.items
        for subject_type in item.subject_types
        if item.collection_mode == "physical" and kinds[subject_type].properties.get("rural")
    )


def listed_subject_types(standard: Standard) -> tuple[str, ...]:
    """Every subject type that some item lists, the one with the fewest items first."""
    items = standard.checklist.items
    counts = {
        name: sum(name in i.subject_types for i in items) for name in standard.codes["subject_type"].codes
    }
    return tuple(sorted((name for name in counts if counts[name]), key=counts.__getitem__))


def items_by_subject_type(standard: Standard) -> dict[str, tuple[str, ...]]:
    """Every item once, with the subject type among its own that has the fewest: small scenes come first."""
    items = standard.checklist.items
    counts = {
        name: sum(name in item.subject_types for item in items) for name in listed_subject_types(standard)
    }
    shares: dict[str, tuple[str, ...]] = {}
    for item in items:
        name = min(item.subject_types, key=counts.__getitem__)
        shares[name] = (*shares.get(name, ()), item.code)
    return dict(sorted(shares.items(), key=lambda share: len(share[1])))


def dividing_subject_types(standard: Standard) -> tuple[str, ...]:
    """The subject types among which the items are shared out."""
    return tuple(items_by_subject_type(standard))


def items_with_conditional_class(standard: Standard) -> tuple[str, ...]:
    """Every item in which the class of some field depends on the record."""
    return tuple(i.code for i in standard.checklist.items if any(f.class_when for f in i.fields))


def open_free_texts(standard: Standard) -> tuple[str, ...]:
    """Every published free text of an item open to institutions."""
    cleaned = {t.id for t in standard.desensitization.types.values() if Kind.RAW in t.operators}
    return fields(
        standard, lambda item, f: item.disclosure != "authorized" and f.desensitization_type in cleaned
    )


def tokenized_fields(standard: Standard) -> tuple[str, ...]:
    """Every required field that both hub and upstream node see as a token."""
    cells = standard.desensitization.cells

    def both(_: Item, field: Field) -> bool:
        met = [cells.get((field.sensitivity, audience)) for audience in ("hub", "upstream")]
        return field.required and all(cell and cell.none is Kind.TOK for cell in met)

    return fields(standard, both)


def person_like_types(standard: Standard) -> tuple[str, ...]:
    """Every subject type that counts as a natural person and has an item with commercial secrets."""
    rules = standard.desensitization
    secret = [
        item
        for item in standard.checklist.items
        if any(f.sensitivity in rules.raised_by_subject for f in item.fields)
    ]
    listed = {name for item in secret for name in item.subject_types}
    return tuple(
        name for name in listed_subject_types(standard) if name in rules.natural_person_like & listed
    )


def preview_operators(standard: Standard) -> tuple[str, ...]:
    """Every operator with published vectors."""
    return tuple(standard.desensitization.vectors)


def scoped_operations(standard: Standard) -> tuple[str, ...]:
    """Every operation that some client of the network has no scope for."""
    roles = [set(role.properties["scopes"]) for role in standard.codes["client_role"].codes.values()]
    operations = standard.api.operations.values()
    return tuple(o.id for o in operations if o.scopes and any(r.isdisjoint(o.scopes) for r in roles))


def fields(standard: Standard, suits: Callable[[Item, Field], bool]) -> tuple[str, ...]:
    return tuple(
        SEPARATOR.join((item.code, field.name))
        for item in standard.checklist.items
        for field in item.fields
        if suits(item, field)
    )

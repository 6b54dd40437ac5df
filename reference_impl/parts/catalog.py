"""Decisions about the catalog: versions of the checklist, entries of items, freshness."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reference_impl.knowledge import Setup
from reference_impl.parts.base import BaseParts
from reference_impl.policy.model import Refusal
from reference_impl.standard import Edition, ItemSpec
from reference_impl.store.network import Network
from reference_impl.store.records import Freshness, Records
from reference_impl.wire.message import Call

CHECKLIST_NOTICE = "checklist_version"
"""Kind of the notices that announce a version of the checklist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogParts:
    """Decisions about what the platform says of its items."""

    knows_item: Callable[[str], bool]
    requested_edition: Callable[[Call], Edition]
    """The version of the checklist that a request is about. Raises Refusal for an unknown one."""
    overlay: Callable[[ItemSpec], dict[str, Any] | None]
    """The additions of the province to an item; None without any."""
    checklist_versions: Callable[[Call], list[dict[str, Any]]]
    """The versions of the checklist in the descriptor."""
    entries: Callable[[Call], list[dict[str, Any]]]
    """All entries of the requested version."""
    entry: Callable[[Call, ItemSpec, Freshness], dict[str, Any]]


def honest(setup: Setup) -> CatalogParts:
    """An entry for every item of the checklist, with or without records."""
    return CatalogParts(
        knows_item=setup.knowledge.catalogue.knows,
        requested_edition=requested_edition,
        overlay=overlay,
        checklist_versions=checklist_versions,
        entries=entries,
        entry=entry,
    )


def requested_edition(call: Call) -> Edition:
    """The version in the query of the request; without one, the version in force. Raises Refusal."""
    catalogue, version = call.parts[BaseParts].catalogue, call.request.query.get("version")
    edition = catalogue.current if version is None else catalogue.edition(version)
    if edition is None:
        raise Refusal("unknown_checklist_version")
    return edition


def entries(call: Call) -> list[dict[str, Any]]:
    """An entry for every item, records or not."""
    group, freshness = call.parts[CatalogParts], call.store[Records].freshness()
    items = group.requested_edition(call).items.values()
    return [group.entry(call, item, freshness.get(item.code, Freshness())) for item in items]


def entry(call: Call, item: ItemSpec, freshness: Freshness) -> dict[str, Any]:
    """One item: its version, its schema's digest, its channels and the freshness of its records."""
    group = call.parts[CatalogParts]
    channels = call.parts[BaseParts].catalogue.codes["source_channel"]
    return {
        "item_code": item.code,
        "title": dict(item.title),
        "version": item.version,
        "checklist_version": group.requested_edition(call).version,
        "schema_digest": item.digest,
        "update_frequency": item.update_frequency,
        # Without records, every channel by which the item may come.
        "channel": list(freshness.channels or channels),
        "disclosure": item.disclosure,
        "collection_mode": item.collection_mode,
        "freshness": _freshness(item, freshness),
        "overlay": group.overlay(item),
    }


def overlay(item: ItemSpec) -> dict[str, Any] | None:
    """The additions of the province to the item, each with its legal basis."""
    fields = [
        {"name": field.name, "title": dict(field.title), "legal_basis": dict(field.legal_basis)}
        for field in item.fields
        if field.legal_basis
    ]
    if not fields and not item.legal_basis:
        return None
    return {"legal_basis": item.legal_basis and dict(item.legal_basis), "fields": fields}


def checklist_versions(call: Call) -> list[dict[str, Any]]:
    """The version in force, the one before while its records are accepted, later and announced ones."""
    catalogue = call.parts[BaseParts].catalogue
    current, day = catalogue.current, catalogue.today()
    standing = {current.version: "in_force"}
    for edition in catalogue.accept(catalogue.editions, day, catalogue.transition_days):
        standing.setdefault(edition.version, "previous")
    for edition in catalogue.editions:
        if edition.effective_from > day:
            standing.setdefault(edition.version, "next")
    published = [
        _version(e.version, standing[e.version], e.effective_from, e.effective_until)
        for e in catalogue.editions
        if e.version in standing
    ]
    return [*published, *(version for version in announced(call) if version["version"] not in standing)]


def announced(call: Call) -> list[dict[str, Any]]:
    """The versions that notices of the network announced and did not withdraw."""
    versions: dict[str, dict[str, Any]] = {}
    for _, notice in call.store[Network].kinds((CHECKLIST_NOTICE,)):
        detail = notice.get("detail", {})
        version, since = detail.get("checklist_version"), detail.get("effective_from")
        if not isinstance(version, str):
            continue
        if detail.get("withdrawn") is True:
            versions.pop(version, None)
        elif isinstance(since, str):
            versions[version] = _version(version, "announced", since, None)
    return list(versions.values())


def _version(version: str, standing: str, since: object, until: object) -> dict[str, Any]:
    return {
        "version": version,
        "standing": standing,
        "effective_from": str(since),
        "effective_until": None if until is None else str(until),
    }


def _freshness(item: ItemSpec, freshness: Freshness) -> dict[str, Any]:
    members = {
        "records": freshness.records,
        "last_collected_at": freshness.last_collected_at,
        "latest_as_of": freshness.latest_as_of,
    }
    timely = {"on_time": freshness.on_time, "late": freshness.late} if item.timeliness else {}
    return {**members, **timely}

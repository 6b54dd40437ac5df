"""Versions of the checklist done wrong."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from reference_impl.clock import on_day
from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.catalog import CatalogParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.model import Refusal
from reference_impl.store.network import Network
from reference_impl.wire.message import Call, Reply

OTHER_VERSION = {
    "CAT-001": "the other version has other items",
    "CAT-002": "the other version has other versions of items",
    "CAT-003": "the other version has other digests",
    "CAT-005": "the catalogue states the dates of the other version",
    "CAT-009": "the other version has other items",
}


def with_versions(catalog: CatalogParts, **changed: Any) -> CatalogParts:
    """The parts with members of each version of the descriptor overwritten."""

    def versions(call: Call) -> list[dict[str, Any]]:
        return [{**version, **changed} for version in catalog.checklist_versions(call)]

    return replace(catalog, checklist_versions=versions)


def with_list(wire: WireParts, **changed: Any) -> WireParts:
    """The parts with members of every page of the catalogue overwritten."""

    def finish(operation: str, reply: Reply) -> Reply:
        reply = wire.finish(operation, reply)
        listing = operation == "getCatalog" and reply.status == 200
        return replace(reply, body={**reply.body, **changed}) if listing else reply

    return replace(wire, finish=finish)


def asked(parts: Parts, call: Call, day: date) -> Any:
    """The version that is asked for, where none is named that of another day."""
    catalogue = parts[BaseParts].catalogue
    if "version" in call.request.query:
        return parts[CatalogParts].requested_edition(call)
    return catalogue.choose(catalogue.editions, day)


@breaks("CAT-005")
def no_version_ever_ends(catalog: CatalogParts) -> CatalogParts:
    """The descriptor leaves open until when a version holds, though its end is known."""
    return with_versions(catalog, effective_until=None)


@breaks("CAT-005", also={"CAT-006": "the next version states its dates in the same way"})
def version_holds_since_it_was_installed(wire: WireParts) -> WireParts:
    """The catalogue tells since when the platform has a version, and not since when it holds."""
    return with_list(wire, effective_from="2026-02-11")


@breaks("CAT-006")
def next_version_is_not_there_yet(parts: Parts) -> Parts:
    """The files of the next version are installed on the day it takes effect."""

    def edition(call: Call) -> Any:
        found = parts[CatalogParts].requested_edition(call)
        if found.effective_from > parts[BaseParts].catalogue.today():
            raise Refusal("unknown_checklist_version")
        return found

    return parts.with_groups(replace(parts[CatalogParts], requested_edition=edition))


@breaks("CAT-006")
def next_version_has_the_items_of_this_one(parts: Parts) -> Parts:
    """The next version is answered under its own name, with the items as they are now."""

    def edition(call: Call) -> Any:
        return replace(parts[CatalogParts].requested_edition(call), items=parts[BaseParts].catalogue.items)

    return parts.with_groups(replace(parts[CatalogParts], requested_edition=edition))


@breaks("CAT-007", also=OTHER_VERSION)
def version_switches_a_day_late(parts: Parts) -> Parts:
    """True if a version has begun is compared by greater-than, so that its first day is not its own."""
    parts = on_day(parts, parts[BaseParts].catalogue.editions[-1].effective_from)
    catalogue = parts[BaseParts].catalogue
    return parts.with_groups(
        replace(
            parts[CatalogParts],
            requested_edition=lambda call: asked(parts, call, catalogue.today() - timedelta(1)),
        )
    )


@breaks("CAT-007", also=OTHER_VERSION)
def version_switches_a_day_early(parts: Parts) -> Parts:
    """The switch is made on the eve, by a job that runs at noon."""
    parts = on_day(parts, parts[BaseParts].catalogue.editions[-1].effective_from - timedelta(1))
    catalogue = parts[BaseParts].catalogue
    return parts.with_groups(
        replace(
            parts[CatalogParts],
            requested_edition=lambda call: asked(parts, call, catalogue.today() + timedelta(1)),
        )
    )


@breaks("CAT-008")
def unknown_version_is_the_one_in_force(parts: Parts) -> Parts:
    """Whatever version is asked for, a version that is not known is answered by the one in force."""

    def edition(call: Call) -> Any:
        try:
            return parts[CatalogParts].requested_edition(call)
        except Refusal:
            return parts[BaseParts].catalogue.current

    return parts.with_groups(replace(parts[CatalogParts], requested_edition=edition))


@breaks("CAT-008")
def unknown_version_is_not_found(catalog: CatalogParts) -> CatalogParts:
    """An unknown version is not told from an unknown address."""

    def edition(call: Call) -> Any:
        try:
            return catalog.requested_edition(call)
        except Refusal:
            raise Refusal("not_found") from None

    return replace(catalog, requested_edition=edition)


@breaks("CAT-009")
def the_last_page_is_lost(catalog: CatalogParts) -> CatalogParts:
    """Only whole pages are given: what does not fill the last one is dropped."""
    return paged(catalog, lambda entries, size: entries[: len(entries) // size * size])


@breaks("CAT-009")
def borders_of_pages_come_twice(catalog: CatalogParts) -> CatalogParts:
    """A page begins with the entry that ended the one before."""

    def overlapping(entries: list[Any], size: int) -> Iterable[Any]:
        step = max(size - 1, 1)
        return (entry for at in range(0, len(entries), step) for entry in entries[at : at + size])

    return paged(catalog, overlapping)


def paged(parts: CatalogParts, change: Any) -> CatalogParts:
    """The parts with another catalogue for those who ask for pages of a size."""

    def catalog(call: Call) -> list[dict[str, Any]]:
        entries, size = parts.entries(call), call.request.query.get("limit")
        return list(change(entries, int(size))) if size and size.isdecimal() and int(size) else entries

    return replace(parts, entries=catalog)


@breaks("CAT-010")
def announced_versions_stay_unmentioned(catalog: CatalogParts) -> CatalogParts:
    """A notice of a new version is taken and filed, and nothing is seen of it."""
    return announcing(catalog, lambda _call, versions: [v for v in versions if v["standing"] != "announced"])


@breaks("CAT-010")
def announcements_are_never_taken_back(catalog: CatalogParts) -> CatalogParts:
    """What was announced once stays announced, though the network took it back."""

    def all_told(call: Call, versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        by_version = {v["version"]: v for v in versions}
        for _, notice in call.store[Network].kinds(("checklist_version",)):
            detail = notice.get("detail", {})
            if "effective_from" in detail:
                announcement = {
                    "version": detail["checklist_version"],
                    "effective_from": detail["effective_from"],
                }
                announcement |= {"standing": "announced", "effective_until": None}
                by_version.setdefault(announcement["version"], announcement)
        return list(by_version.values())

    return announcing(catalog, all_told)


def announcing(catalog: CatalogParts, change: Any) -> CatalogParts:
    return replace(catalog, checklist_versions=lambda call: change(call, catalog.checklist_versions(call)))

"""Channels, owners and limits of deliveries taken wrongly."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts.collection import CollectionParts
from reference_impl.parts.docking import DockingParts
from reference_impl.policy import collection
from reference_impl.policy.collection import Incoming, Line, Stored
from reference_impl.policy.model import Document
from reference_impl.wire.message import Call

Found = list[tuple[Document, str]]


@breaks("COL-016", also={"COL-018": "what another sender delivered came later"})
def the_latest_arrival_prevails(collection_parts: CollectionParts) -> CollectionParts:
    """Of two records of the same matter the one that came last is served, whichever channel brought it."""

    def prevailing(item: Any, records: Found) -> Found:
        latest = {collection.key(record, item.key): (record, at) for record, at in records}
        return list(latest.values())

    return replace(collection_parts, prevailing=prevailing)


@breaks("COL-016")
def every_channel_is_served(collection: CollectionParts) -> CollectionParts:
    """Records of the same matter are served side by side, once for each channel that brought them."""
    return replace(collection, prevailing=lambda _item, records: records)


@breaks("COL-017")
def local_copies_are_taken(collection: CollectionParts) -> CollectionParts:
    """What headquarters share is collected again by whoever delivers it."""
    return replace(collection, repeats_locally=lambda _item, _channel: False)


@breaks("COL-017")
def only_provincial_copies_are_refused(collection: CollectionParts) -> CollectionParts:
    """Of what headquarters share only the copies of the province are refused."""

    def repeats(item: Any, channel: str) -> bool:
        return channel == "provincial" and collection.repeats_locally(item, channel)

    return replace(collection, repeats_locally=repeats)


@breaks("COL-018")
def records_belong_to_whom_they_name(collection: CollectionParts) -> CollectionParts:
    """Whoever writes a provider's code into a record changes the records of that provider."""

    def collect(call: Call, lines: Iterable[Line]) -> list[dict[str, Any]]:
        return collection.collect(replace(call, caller=replace(call.party, client_id="")), lines)

    return replace(collection, collect=collect)


@breaks("COL-018")
def batches_are_read_by_every_provider(collection: CollectionParts) -> CollectionParts:
    """Whoever may deliver reads every batch and its outcomes."""
    return replace(collection, own_batch=lambda _caller, _sender: True)


def declaring(docking: DockingParts, limit: Callable[[int], int]) -> DockingParts:
    """The parts with a descriptor that declares another number of records than holds."""

    def describe(call: Call) -> dict[str, Any]:
        found = docking.describe(call)
        limits = {**found["limits"], "max_batch_records": limit(found["limits"]["max_batch_records"])}
        return {**found, "limits": limits}

    return replace(docking, describe=describe)


@breaks("COL-019")
def fewer_records_are_taken_than_declared(docking: DockingParts) -> DockingParts:
    """The descriptor still declares the limit of the old system, twice what is taken now."""
    return declaring(docking, lambda limit: limit * 2)


@breaks("COL-019")
def more_records_are_taken_than_declared(docking: DockingParts) -> DockingParts:
    """The declared limit holds nowhere: a batch beyond it is taken."""
    return declaring(docking, lambda limit: limit // 2)


@breaks("COL-002")
def the_sender_says_when_it_was_collected(collection: CollectionParts) -> CollectionParts:
    """A record with `collected_at` is accepted, although only the receiver knows."""

    def validate(record: object) -> Sequence[Any]:
        if isinstance(record, dict):
            record = {name: value for name, value in record.items() if name != "collected_at"}
        return collection.validate_record(record)

    return replace(collection, validate_record=validate)


@breaks("COL-006")
def a_redelivery_revives_what_was_withdrawn(collection: CollectionParts) -> CollectionParts:
    """A withdrawn record counts as one that was never there, so that an old delivery brings it back."""

    def supersedes(new: Incoming, stored: Stored) -> bool:
        return (stored.withdrawn and not new.withdraws) or collection.supersedes(new, stored)

    return replace(collection, supersedes=supersedes)


@breaks("COL-007")
def a_half_written_last_line_is_dropped(collection: CollectionParts) -> CollectionParts:
    """What stands behind the last line break is taken for a broken transfer, and not mentioned."""

    def read_lines(body: bytes) -> Iterable[Line]:
        return collection.read_lines(body[: body.rfind(b"\n") + 1])

    return replace(collection, read_lines=read_lines)

"""Bringing the platform to ask a source: the proof that it reaches the sources that the suite plays."""

from conformance.actors import Subject
from conformance.actors.subject import SELF_INQUIRY, new_subject, usual_capacity
from conformance.counterpart import Desk
from conformance.expect import Undecided, Violation
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.standard import Standard
from conformance.model.target import DataSet
from conformance.model.text import Message


def ask(ctx: Context, desk: Desk) -> Message | None:
    """A subject asks the platform for its own item that stays at the source. None if the source was asked."""
    item = at_source(ctx.standard)
    if item is None:
        return Message("counterpart.no_item")
    subject = new_subject(ctx, item.subject_types[0])
    try:
        reply = subject.query(subject, item, purpose=SELF_INQUIRY)
    except Undecided as fault:
        return fault.message
    except Violation as found:
        return found.finding.message
    if desk.arrivals:
        return None
    values = {"url": ctx.target.provider_url, "item": item.code, "status": reply.status}
    return Message("counterpart.not_reached", values)


def find(ctx: Context, data_set: DataSet) -> Message | None:
    """A subject asks for a record of the data set. None if the platform has it."""
    record = data_set.sample
    identifier = record["subject"]["ids"][0]
    kind, name = record["subject"]["type"], record["subject"]["name"]
    subject = Subject(
        ctx,
        type=kind,
        name=name,
        scheme=identifier["scheme"],
        value=identifier["value"],
        capacity=usual_capacity(ctx, kind),
    )
    item = ctx.standard.checklist.item(record["item_code"])
    try:
        reply = subject.query(subject, item, purpose=SELF_INQUIRY)
        if record["record_id"].encode() in reply.body:
            return None
    except Undecided as fault:
        return fault.message
    return Message("data.not_loaded", {"id": data_set.id, "item": item.code, "status": reply.status})


def at_source(standard: Standard) -> Item | None:
    """The first item that is asked at its source."""
    items = standard.checklist.items
    return next((item for item in items if item.collection_mode == "on_demand"), None)

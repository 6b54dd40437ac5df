"""Probes before a run: does the platform call the suite, and has it loaded the data set?"""

from conformance.actors import Subject
from conformance.actors.subject import SELF_INQUIRY, new_subject, usual_capacity
from conformance.counterpart import Inbox
from conformance.expect import Undecided, Violation
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.standard import Standard
from conformance.model.target import DataSet
from conformance.model.text import Message


def why_no_call(ctx: Context, inbox: Inbox) -> Message | None:
    """A subject queries its own item that stays at its source: why no call arrived; None if one did."""
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
    if inbox.arrivals:
        return None
    arguments = {"url": ctx.target.provider_url, "item": item.code, "status": reply.status}
    return Message("counterpart.not_reached", arguments)


def why_not_loaded(ctx: Context, data_set: DataSet) -> Message | None:
    """A subject queries a record of the data set: why it is not there; None if the platform has it."""
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

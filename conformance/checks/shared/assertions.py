"""Assertions about replies to queries, and the positive control of a value."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from conformance import expect
from conformance.expect import NotVerified, Violation
from conformance.model.shapes import Form
from conformance.model.text import Message
from conformance.model.wire import Reply

REFUSED = (400, 401, 403, 404, 422)
"""Statuses of a refusal where the standard leaves the status open."""
RECORD = "/results/0/records/0"


def is_closed(reply: Reply) -> bool | None:
    """True for a reply that no longer opens its only item; None otherwise, so that a wait goes on."""
    try:
        require_not_authorized(reply)
    except Violation:
        return None
    return True


def require_not_authorized(reply: Reply) -> None:
    """The only item is answered `not_authorized` and carries no record."""
    only_result = result(reply)
    expect.equal(only_result.get("status"), "not_authorized", "reply.body/results/0/status", reply)
    expect.equal(only_result.get("records", []), [], "reply.body/results/0/records", reply)


def results(reply: Reply) -> list[dict[str, Any]]:
    """The results of a query that is answered 200."""
    expect.status(reply, 200)
    return expect.objects(reply, "/results")


def result(reply: Reply) -> dict[str, Any]:
    """The result of a query for one item."""
    expect.equal(len(results(reply)), 1, "reply.body/results (count)", reply)
    return expect.at(reply, "/results/0", dict)


def only_record(reply: Reply) -> dict[str, Any]:
    """The single record of the single result, which has to hold exactly one."""
    expect.equal(result(reply).get("status"), "ok", "reply.body/results/0/status", reply)
    count = len(expect.at(reply, "/results/0/records", list))
    expect.equal(count, 1, "reply.body/results/0/records (count)", reply)
    return expect.at(reply, RECORD, dict)


def fields_of(reply: Reply) -> dict[str, Any]:
    """The fields of the single record."""
    only_record(reply)
    return expect.at(reply, f"{RECORD}/fields", dict)


def form_of(fields: Mapping[str, Any], name: str) -> Any:
    """The form of a disclosed field: withheld if it is left out, None if it is not an object."""
    disclosed = fields.get(name)
    if disclosed is None:
        return Form.WITHHELD
    return disclosed.get("form") if isinstance(disclosed, dict) else None


def require_form(fields: Mapping[str, Any], name: str, form: Form, reply: Reply) -> None:
    """The field is disclosed in this form."""
    expect.equal(form_of(fields, name), form, f"reply.body{RECORD}/fields/{name}/form", reply)


def raw_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the fields that are disclosed as collected, by name."""
    return {name: fields[name].get("value") for name in fields if form_of(fields, name) == Form.RAW}


def require_raw_control(fields: Mapping[str, Any], name: str, value: Any) -> None:
    """Positive control: the value is disclosed as collected. Raises NotVerified where it is not."""
    if not expect.same(raw_values(fields).get(name), value):
        raise NotVerified(Message("checks.control_not_raw"))


def require_filled(value: object, where: str, reply: Reply) -> None:
    """The member is present and not empty."""
    expect.true(value, Message("checks.empty", {"where": where}), where=where, reply=reply)


def moment(text: Any) -> Any:
    """A moment in UTC, as RFC 3339 allows several spellings of one; anything else unchanged."""
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return text
    return instant.astimezone(UTC).isoformat() if instant.tzinfo else text

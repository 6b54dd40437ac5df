"""Query: what a caller may see of a subject, item by item."""

from collections.abc import Sequence
from typing import Any

from reference_impl.policy import query, source
from reference_impl.policy.authorization import Authorization, Need, matching
from reference_impl.policy.model import CHINA, Document, Refusal, Subject
from reference_impl.wire.message import JSON, Call, Reply


def create(call: Call) -> Reply:
    """Answer a query."""
    call.parts.check_query(call)
    return Reply(200, answer(call))


def check(call: Call) -> None:
    """Refuse a query that nobody could answer, before anything is looked up. The body obeys the contract."""
    faults = [
        {"pointer": f"/items/{n}", "message": "not in the checklist in force"}
        for n, code in enumerate(call.body["items"])
        if not call.parts.knows_item(code)
    ]
    at_odds = call.parts.contradictions(call.body["subject"]["ids"])
    faults += [{"pointer": pointer, "message": "contradicts another identifier"} for pointer in at_odds]
    if faults:
        raise Refusal("invalid_request", errors=faults)
    call.parts.refuse_reserved(call.body)


def check_line(call: Call) -> None:
    """Refuse a query of a batch as it would be refused alone."""
    errors = call.parts.request_errors("createQuery", JSON, call.body)
    if errors:
        raise Refusal("invalid_request", errors=errors)
    call.parts.check_query(call)


def answer(call: Call) -> dict[str, Any]:
    """The reply to a query. Its audit event is in the same transaction: no disclosure without its trace."""
    asked = Subject.of(call.body["subject"])
    if not call.parts.is_own(call.party, asked):
        raise Refusal("forbidden")
    known_claims(call)
    cited = _cited(call)
    results = [call.parts.query_item(call, code, asked, cited) for code in call.body["items"]]
    query_id = call.parts.new_id("query", call.body)
    reply = call.parts.query_reply(query_id, call.party, call.body, call.at, call.parts.arrange(results))
    call.parts.note_query(call, query_id, results)
    return reply


def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
    disclosed = any(result["status"] == "ok" for result in results)
    used = {result["authorization_id"] for result in results if result["authorization_id"]}
    call.note(
        "query",
        "disclosed" if disclosed else "nothing_disclosed",
        recipient=call.party.client_id,
        purpose=call.body["purpose"],
        subject_ref=call.subject_ref(call.body["subject"]),
        items=call.body["items"],
        authorization_ids=sorted(used),
        query_id=query_id,
    )


def _cited(call: Call) -> list[Authorization]:
    """The cited authorizations that exist. An unknown one counts as none."""
    found = (call.store.authorizations.get(name) for name in call.body["authorizations"])
    return [Authorization.of(document) for document in found if document is not None]


def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
    """The result of one item: the grant first, and records only by what it makes visible."""
    parts, item = call.parts, call.parts.catalogue.items[code]
    need = Need(call.party.client_id, call.body["purpose"], code)
    matched = matching(parts.conditions, cited, need, call.now)
    grant = parts.grant(call.party, asked, item.disclosure, matched)
    if not parts.serves(call.party.audience):
        grant = query.CLOSED
    claims = call.body.get("claims", {}).get(code)
    if claims is not None:
        return _verified(call, item, grant, asked, claims)
    if item.collection_mode == "verify":
        return query.result(code, grant, [], status="not_collected")
    found = _found(call, item, grant, asked)
    if found is None:
        return query.result(code, grant, [], status="source_unavailable")
    records = [_record(call, item, grant, record, collected_at) for record, collected_at in found]
    return query.result(code, grant, records)


def known_claims(call: Call) -> None:
    """Refuse claims about an item that is not asked for, or about what cannot be verified."""
    for code, claims in call.body.get("claims", {}).items():
        item = call.parts.catalogue.items.get(code)
        if item is None or code not in call.body["items"] or item.check_claims(claims):
            errors = [{"pointer": f"/claims/{code}", "message": "cannot be verified"}]
            raise Refusal("invalid_request", errors=errors)


def _found(call: Call, item: Any, grant: query.Grant, asked: Subject) -> list[tuple[Any, str]] | None:
    """Records with the moment they came: from the store or their source; None where that is silent."""
    if item.collected or grant.refused:
        today = str(call.now.astimezone(CHINA).date())
        found = call.parts.find_records(call, item.code, grant.visible, today)
        own = [(record, at) for record, at in found if call.parts.concerns(record, asked.ids)]
        return call.parts.prevailing(item, own)
    answer = call.consultation.ask(source.question(item.code, asked, grant, call.body["purpose"]))
    return [(record, call.at) for record in answer] if isinstance(answer, tuple) else None


def _verified(call: Call, item: Any, grant: query.Grant, asked: Subject, claims: Document) -> dict[str, Any]:
    """The result of an item whose values are to be verified: yes or no, and no record."""
    if not call.parts.may_verify(grant, item, claims):
        return query.result(item.code, grant, [], status="not_authorized")
    asking = source.question(item.code, asked, grant, call.body["purpose"], claims)
    answer = call.consultation.ask(asking)
    if not isinstance(answer, bool):
        return query.result(item.code, grant, [], status="source_unavailable")
    return {**query.result(item.code, grant, [], status="ok"), "verified": answer}


def _record(call: Call, item: Any, grant: query.Grant, record: Any, collected_at: str) -> dict[str, Any]:
    fields = call.parts.view(
        item,
        record.get("content") or {},
        record["subject"]["type"],
        call.party.audience,
        authorized=query.authorizes(grant, record),
        own=grant.own,
        persons=grant.persons,
        recipient=call.party.client_id,
    )
    return call.parts.served(record, collected_at, fields)

"""Decisions about queries: what a caller may see of a subject, item by item."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.knowledge import Setup
from reference_impl.parts.authorization import AuthorizationParts
from reference_impl.parts.base import BaseParts, refuse_reserved
from reference_impl.parts.catalog import CatalogParts
from reference_impl.parts.collection import Collected, CollectionParts
from reference_impl.parts.desensitization import DesensitizationParts
from reference_impl.parts.security import log_event
from reference_impl.parts.source import SourceParts
from reference_impl.policy import query, source, subjects
from reference_impl.policy.authorization import Authorization, Need, matching
from reference_impl.policy.model import Caller, Document, Identifier, Refusal, Subject
from reference_impl.policy.query import Grant
from reference_impl.standard import ItemSpec
from reference_impl.store.authorizations import Authorizations
from reference_impl.store.records import Records
from reference_impl.wire.message import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryParts:
    """Decisions about queries."""

    check_query: Callable[[Call], None]
    """Raises Refusal for a query that obeys the contract and that nobody could answer."""
    contradictions: Callable[[Sequence[Mapping[str, str]]], Sequence[str]]
    """JSON pointers of identifiers that contradict an earlier one."""
    concerns: Callable[[Document, Iterable[Identifier]], bool]
    """True if a record can be about the subject of these identifiers."""
    find_records: Callable[[Call, str, Iterable[Identifier], str], Iterable[tuple[Any, str]]]
    """Records of an item in force on a day about any of these identifiers, with the moment of collection."""
    query_item: Callable[[Call, str, Subject, Sequence[Authorization]], dict[str, Any]]
    """The result of one item, by its code, the queried subject and the cited authorizations."""
    grant: Callable[[Caller, Subject, str, Sequence[Authorization]], Grant]
    """The grant for an item of this disclosure rule, by the matching authorizations."""
    served: Callable[[Document, str, Document], dict[str, Any]]
    """One record of a reply, by record, moment of collection, and disclosed fields."""
    arrange: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
    """The results in the order of the reply."""
    reply: Callable[[str, Caller, Document, str, Iterable[Document]], dict[str, Any]]
    """The reply, by query id, caller, body, moment, and results."""
    note_query: Callable[[Call, str, Sequence[dict[str, Any]]], None]
    """Writes the audit event of a query, by its id and results."""


def honest(_setup: Setup) -> QueryParts:
    """The grant comes first; records are looked up only by what it makes visible."""
    return QueryParts(
        check_query=check_query,
        contradictions=subjects.contradictions,
        concerns=subjects.about,
        find_records=lambda call, code, ids, day: call.store[Records].of(code, ids, day),
        query_item=query_item,
        grant=query.grant,
        served=query.served,
        arrange=list,
        reply=query.reply,
        note_query=note_query,
    )


def check_query(call: Call) -> None:
    """Raises Refusal for unknown items, contradicting identifiers and reserved identities."""
    errors = [
        {"pointer": f"/items/{n}", "message": "not in the checklist in force"}
        for n, code in enumerate(call.body["items"])
        if not call.parts[CatalogParts].knows_item(code)
    ]
    pointers = call.parts[QueryParts].contradictions(call.body["subject"]["ids"])
    errors += [{"pointer": pointer, "message": "contradicts another identifier"} for pointer in pointers]
    if errors:
        raise Refusal("invalid_request", errors=errors)
    refuse_reserved(call, call.body)


def answer(call: Call) -> dict[str, Any]:
    """The reply to a query. Its audit event is in the same transaction: no disclosure without its trace."""
    group = call.parts[QueryParts]
    subject = Subject.of(call.body["subject"])
    if not query.is_own(call.party, subject):
        raise Refusal("forbidden")
    check_claims(call)
    cited = _cited(call)
    results = [group.query_item(call, code, subject, cited) for code in call.body["items"]]
    query_id = call.parts[BaseParts].new_id("query", call.body)
    reply = group.reply(query_id, call.party, call.body, call.at, group.arrange(results))
    group.note_query(call, query_id, results)
    return reply


def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
    """Log who queried which subject and items, for which purpose, by which authorizations."""
    disclosed = any(result["status"] == "ok" for result in results)
    authorizations = {result["authorization_id"] for result in results if result["authorization_id"]}
    log_event(
        call,
        "query",
        "disclosed" if disclosed else "nothing_disclosed",
        recipient=call.party.client_id,
        purpose=call.body["purpose"],
        subject_ref=call.subject_ref(call.body["subject"]),
        items=call.body["items"],
        authorization_ids=sorted(authorizations),
        query_id=query_id,
    )


def query_item(call: Call, code: str, subject: Subject, cited: Sequence[Authorization]) -> dict[str, Any]:
    """The result of one item: the grant first, and records only by what it makes visible."""
    item = call.parts[BaseParts].catalogue.items[code]
    grant = _grant(call, item, subject, cited)
    claims = call.body.get("claims", {}).get(code)
    if claims is not None:
        return _verification(call, item, grant, subject, claims)
    if item.collection_mode == "verify":
        return query.result(code, grant, [], status="not_collected")
    visible = _visible_records(call, item, grant, subject)
    if visible is None:
        return query.result(code, grant, [], status="source_unavailable")
    records = [_disclosed(call, item, grant, record, collected_at) for record, collected_at in visible]
    return query.result(code, grant, records)


def check_claims(call: Call) -> None:
    """Raises Refusal for claims about an item that is not queried, or about what cannot be verified."""
    for code, claims in call.body.get("claims", {}).items():
        item = call.parts[BaseParts].catalogue.items.get(code)
        if item is None or code not in call.body["items"] or item.check_claims(claims):
            errors = [{"pointer": f"/claims/{code}", "message": "cannot be verified"}]
            raise Refusal("invalid_request", errors=errors)


def _cited(call: Call) -> list[Authorization]:
    """The cited authorizations that exist. An unknown one counts as none."""
    documents = (call.store[Authorizations].get(name) for name in call.body["authorizations"])
    return [Authorization.of(document) for document in documents if document is not None]


def _grant(call: Call, item: ItemSpec, subject: Subject, cited: Sequence[Authorization]) -> Grant:
    need = Need(call.party.client_id, call.body["purpose"], item.code)
    matched = matching(call.parts[AuthorizationParts].conditions, cited, need, call.now)
    grant = call.parts[QueryParts].grant(call.party, subject, item.disclosure, matched)
    return grant if call.parts[DesensitizationParts].serves(call.party.audience) else query.CLOSED


def _visible_records(call: Call, item: ItemSpec, grant: Grant, subject: Subject) -> Collected | None:
    """Records with the moment of collection, from the store or their source; None where that is silent."""
    if item.collected or grant.refused:
        group, today = call.parts[QueryParts], str(call.now.astimezone(CHINA).date())
        records = group.find_records(call, item.code, grant.visible, today)
        concerning = [(record, at) for record, at in records if group.concerns(record, subject.ids)]
        return call.parts[CollectionParts].prevailing(item, concerning)
    answer = call.consultation.ask(source.question(item.code, subject, grant, call.body["purpose"]))
    return [(record, call.at) for record in answer] if isinstance(answer, tuple) else None


def _verification(
    call: Call, item: ItemSpec, grant: Grant, subject: Subject, claims: Document
) -> dict[str, Any]:
    """The result of an item whose values are to be verified: yes or no, without a record."""
    if not call.parts[SourceParts].may_verify(grant, item, claims):
        return query.result(item.code, grant, [], status="not_authorized")
    question = source.question(item.code, subject, grant, call.body["purpose"], claims)
    answer = call.consultation.ask(question)
    if not isinstance(answer, bool):
        return query.result(item.code, grant, [], status="source_unavailable")
    return {**query.result(item.code, grant, [], status="ok"), "verified": answer}


def _disclosed(
    call: Call, item: ItemSpec, grant: Grant, record: Document, collected_at: str
) -> dict[str, Any]:
    fields = call.parts[DesensitizationParts].view(
        item,
        record.get("content") or {},
        record["subject"]["type"],
        call.party.audience,
        authorized=query.authorizes(grant, record),
        own=grant.own,
        persons=grant.persons,
        recipient=call.party.client_id,
    )
    return call.parts[QueryParts].served(record, collected_at, fields)

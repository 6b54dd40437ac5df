"""What is sent to a source, and what is made of a yes or a no, done wrongly."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.mutants.collection.sources import DAY, Result, with_answer
from reference_impl.parts import Parts
from reference_impl.parts.base import BaseParts
from reference_impl.parts.collection import CollectionParts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.source import SourceParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy import collection
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.collection import Line
from reference_impl.policy.model import Document, Subject
from reference_impl.policy.source import Answer, Question
from reference_impl.settings import Source
from reference_impl.wire.message import Call

# -- the request -----------------------------------------------------------------------------------------


@breaks("COL-013")
def tokens_for_sources_last_a_day(source: SourceParts) -> SourceParts:
    """The token for a source is valid for a day: whoever sees it once asks in the platform's name."""

    def claims(issuer: str, audience: str, now: int) -> dict[str, Any]:
        return {**source.token_claims(issuer, audience, now), "exp": now + DAY}

    return replace(source, token_claims=claims)


@breaks("COL-013")
def tokens_for_sources_are_for_nobody(source: SourceParts) -> SourceParts:
    """The token for a source names the platform as audience, so that it serves at every source."""

    def claims(issuer: str, _audience: str, now: int) -> dict[str, Any]:
        return source.token_claims(issuer, issuer, now)

    return replace(source, token_claims=claims)


@breaks("COL-013")
def the_subject_stands_in_the_address(source: SourceParts) -> SourceParts:
    """The identifier of the subject is repeated in the address, where every proxy writes it down."""

    def address(where: Source, path: str, body: Document) -> str:
        return f"{source.address(where, path, body)}?id={body['subject']['ids'][0]['value']}"

    return replace(source, address=address)


@breaks("COL-013")
def verifications_carry_a_remark(source: SourceParts) -> SourceParts:
    """A verification tells the source more than agreed: the claims once more, as a remark."""

    def request(asked: Question, version: str) -> dict[str, Any]:
        body = source.request(asked, version)
        return body if asked.claims is None else {**body, "remark": asked.claims.decode()}

    return replace(source, request=request)


@breaks("COL-013")
def requests_for_records_carry_a_remark(source: SourceParts) -> SourceParts:
    """A request for records tells the source more than agreed: which software is asking."""

    def request(asked: Question, version: str) -> dict[str, Any]:
        body = source.request(asked, version)
        return {**body, "remark": "reference"} if asked.claims is None else body

    return replace(source, request=request)


# -- yes or no -------------------------------------------------------------------------------------------


@breaks("COL-014")
def a_verification_answers_with_the_record(query: QueryParts) -> QueryParts:
    """A yes comes with the collected record, as an ordinary query would give it."""

    def query_item(call: Call, code: str, subject: Subject, cited: Sequence[Authorization]) -> Result:
        result = query.query_item(call, code, subject, cited)
        if result.get("verified") is not True:
            return result
        plain = replace(call, body={name: part for name, part in call.body.items() if name != "claims"})
        return {**result, "records": query.query_item(plain, code, subject, cited)["records"]}

    return replace(query, query_item=query_item)


@breaks("COL-014")
def claims_are_compared_with_what_was_collected(query: QueryParts) -> QueryParts:
    """Claims that agree with a collected record are confirmed, whatever the source says."""

    def query_item(call: Call, code: str, subject: Subject, cited: Sequence[Authorization]) -> Result:
        result = query.query_item(call, code, subject, cited)
        if "verified" not in result:
            return result
        claims = call.body["claims"][code].items()
        records = query.find_records(call, code, subject.ids, str(call.now.date()))
        contents = [record["content"].items() for record, _ in records]
        return {**result, "verified": any(claims <= known for known in contents) or result["verified"]}

    return replace(query, query_item=query_item)


@breaks("COL-014")
def unknown_claims_are_ignored(parts: Parts) -> Parts:
    """Claims about what cannot be verified are overlooked, and the records answered."""

    def parse(body: bytes) -> Any:
        document = parts[WireParts].parse(body)
        items = parts[BaseParts].catalogue.items
        if isinstance(document, dict) and isinstance(document.get("claims"), dict):
            verifiable = {c: v for c, v in document["claims"].items() if c in items and items[c].verifiable}
            other_members = {name: part for name, part in document.items() if name != "claims"}
            return {**other_members, "claims": verifiable} if verifiable else other_members
        return document

    return parts.with_groups(replace(parts[WireParts], parse=parse))


# -- what is delivered all the same ----------------------------------------------------------------------


def at_its_source(parts: Parts, line: Line) -> bool:
    """True if a delivered record is valid and of an item that is not collected."""
    if line.malformed or not isinstance(line.record, dict):
        return False
    item = parts[BaseParts].catalogue.items.get(line.record.get("item_code", ""))
    return item is not None and not item.collected and not parts[CollectionParts].validate_record(line.record)


@breaks("COL-015")
def foreign_items_are_dropped_quietly(parts: Parts) -> Parts:
    """A record of an item at its source is told to be accepted, and thrown away."""

    def collect(call: Call, lines: Iterable[Line]) -> list[dict[str, Any]]:
        return [
            collection.outcome(line.index, line.record["record_id"], [])
            if at_its_source(parts, line)
            else parts[CollectionParts].collect(call, [line])[0]
            for line in lines
        ]

    return parts.with_groups(replace(parts[CollectionParts], collect=collect))


@breaks("COL-015")
def refused_records_are_served_beside_the_sources(parts: Parts) -> Parts:
    """A record of an item at its source is rejected, yet kept and served beside the source's."""
    copies: list[Document] = []

    def collect(call: Call, lines: Iterable[Line]) -> list[dict[str, Any]]:
        delivered = list(lines)
        copies.extend(line.record for line in delivered if at_its_source(parts, line))
        return parts[CollectionParts].collect(call, delivered)

    def change(asked: Question, answer: Answer) -> Answer:
        if not isinstance(answer, tuple):
            return answer
        more = (r for r in copies if r["item_code"] == asked.item_code)
        return (*answer, *(r for r in more if Subject.of(r["subject"]).ids & asked.ids))

    return parts.with_groups(
        replace(parts[CollectionParts], collect=collect), with_answer(parts[SourceParts], change)
    )

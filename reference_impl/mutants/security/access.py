"""Security done wrong."""

import json
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts.base import BaseParts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.security import SecurityParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy import audit
from reference_impl.policy.model import Caller, Document, Refusal
from reference_impl.wire.contract import Operation
from reference_impl.wire.message import Call, Reply

GZIP = b"\x1f\x8b"
CATALOG = frozenset({"getCatalog", "getCatalogItem"})


def guest(call: Call) -> Caller:
    """A caller who showed no valid token."""
    _ = call
    return Caller("guest", "public", "public", frozenset({"query"}))


def without_client_check(security: SecurityParts, name: str) -> SecurityParts:
    """The parts with one check of client assertions left out."""
    return replace(
        security, client_checks={k: check for k, check in security.client_checks.items() if k != name}
    )


@breaks("SEC-001")
def the_catalogue_is_open(security: SecurityParts) -> SecurityParts:
    """The catalogue is served to whoever asks without a token, since nothing in it is secret."""

    def authenticate(call: Call) -> Caller:
        anonymous = "authorization" not in call.request.headers
        return guest(call) if anonymous and call.operation in CATALOG else security.authenticate(call)

    return replace(security, authenticate=authenticate)


@breaks("SEC-001")
def any_bearer_reads(security: SecurityParts) -> SecurityParts:
    """For reading the catalogue a token is asked for but not looked up."""

    def authenticate(call: Call) -> Caller:
        bearer = call.request.headers.get("authorization", "").startswith("Bearer ")
        return guest(call) if bearer and call.operation in CATALOG else security.authenticate(call)

    return replace(security, authenticate=authenticate)


@breaks(
    "SEC-002",
    also={
        "ADM-007": "a former key signs as well as any other",
        "SEC-009": "an assertion of another algorithm is taken as well",
    },
)
def signatures_are_not_verified(security: SecurityParts) -> SecurityParts:
    """The claims of a client's assertion are read without a look at its signature."""

    def verify(assertion: str, jwks: Document) -> Document | None:
        claims = security.peek(assertion)
        return security.verify(assertion, jwks) if not claims or "fcsp_subject" in claims else claims

    return replace(security, verify=verify)


@breaks("SEC-002", also={"SEC-009": "one that lives too long is told by its end"})
def client_assertions_do_not_end(security: SecurityParts) -> SecurityParts:
    """A client assertion is taken however long ago it ended."""
    return without_client_check(security, "expiry")


@breaks("SEC-002")
def other_audiences_are_fine(security: SecurityParts) -> SecurityParts:
    """A client assertion that was made for another platform yields a token here."""
    return without_client_check(security, "audience")


@breaks("SEC-002", also={"AUT-018": "assertions of subjects are taken again, too"})
def assertions_may_be_repeated(security: SecurityParts) -> SecurityParts:
    """An assertion yields a token each time it is shown."""
    return replace(security, first_use=lambda *_assertion: True)


@breaks("SEC-003")
def the_audit_log_is_open_to_members(security: SecurityParts) -> SecurityParts:
    """Any valid token reads the audit log."""

    def permits(operation: Operation, caller: Caller) -> bool:
        return operation.id == "listAuditEvents" or security.permits(operation, caller)

    return replace(security, permits=permits)


@breaks("SEC-003")
def narrow_tokens_are_not_narrow(security: SecurityParts) -> SecurityParts:
    """A provider's token for deliveries serves queries too."""

    def permits(operation: Operation, caller: Caller) -> bool:
        return operation.id == "createQuery" or security.permits(operation, caller)

    return replace(security, permits=permits)


@breaks("SEC-004")
def addresses_name_the_subject(base: BaseParts) -> BaseParts:
    """The identifier of an authorization, which stands in its address, contains that of its subject."""

    def new_id(kind: str, about: Document) -> str:
        if kind != "authorization":
            return base.new_id(kind, about)
        return f"{about['subject']['ids'][0]['value']}-{secrets.token_hex(4)}"

    return replace(base, new_id=new_id)


@breaks("SEC-004")
def links_repeat_who_asked(wire: WireParts) -> WireParts:
    """The address of an authorization that a person gave carries the person's identity number along."""

    def finish(operation: str, reply: Reply) -> Reply:
        reply = wire.finish(operation, reply)
        if operation != "createAuthorization" or reply.status != 201:
            return reply
        holder = next((i["value"] for i in reply.body["subject"]["ids"] if i["scheme"] == "resident_id"), "")
        address = reply.headers.get("Location", "") + (f"?holder={holder}" if holder else "")
        return replace(reply, headers={**reply.headers, "Location": address})

    return replace(wire, finish=finish)


@breaks(
    "SEC-005",
    also={
        "QRY-015": "it looks for what was disclosed in the log",
        "SEC-011": "it looks for what was disclosed in the log",
    },
)
def only_refusals_are_logged(query: QueryParts) -> QueryParts:
    """The audit log knows who was refused, and not who was served."""

    def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
        if not any(result["status"] == "ok" for result in results):
            query.note_query(call, query_id, results)

    return replace(query, note_query=note_query)


@breaks("SEC-005")
def the_log_is_no_chain(security: SecurityParts) -> SecurityParts:
    """Every event of the audit log names no predecessor, so that any may be taken out."""
    return replace(security, seal=lambda event, seq, _previous: security.seal(event, seq, audit.GENESIS))


@breaks("SEC-005")
def hashes_depend_on_the_serializer(security: SecurityParts) -> SecurityParts:
    """An event is hashed as the serializer happens to write it and not in its canonical form."""

    def seal(event: Document, seq: int, previous: str) -> dict[str, Any]:
        link = {name: value for name, value in security.seal(event, seq, previous).items() if name != "hash"}
        return {**link, "hash": sha256(json.dumps(link).encode()).hexdigest()}

    return replace(security, seal=seal)


@breaks("SEC-006")
def the_last_duplicate_wins(wire: WireParts) -> WireParts:
    """JSON is read with a parser that takes the last of two members of one name."""

    def parse(body: bytes) -> Any:
        try:
            return wire.parse(body)
        except Refusal:
            return _last_wins(body)

    return replace(wire, parse=parse)


@breaks("SEC-006", also={"SEC-016": "a packed body is one that cannot be parsed"})
def malformed_bodies_crash(wire: WireParts) -> WireParts:
    """A body that cannot be parsed ends in an internal error."""

    def parse(body: bytes) -> Any:
        try:
            return wire.parse(body)
        except Refusal:
            raise RuntimeError("unexpected input") from None

    return replace(wire, parse=parse)


@breaks("SEC-006")
def the_limit_is_only_announced(wire: WireParts) -> WireParts:
    """The descriptor announces a limit for bodies, and a larger body is read and processed."""

    async def read_body(stream: AsyncIterator[bytes], _limit: int) -> bytes:
        return b"".join([chunk async for chunk in stream])

    return replace(wire, read_body=read_body)


def _last_wins(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal("malformed_request") from None

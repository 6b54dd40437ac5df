"""Security done wrong."""

import json
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
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


def without_client_check(parts: Parts, name: str) -> Parts:
    """The parts with one check of client assertions left out."""
    return replace(parts, client_checks={k: check for k, check in parts.client_checks.items() if k != name})


@breaks("SEC-001")
def the_catalogue_is_open(parts: Parts) -> Parts:
    """The catalogue is served to whoever asks without a token, since nothing in it is secret."""

    def authenticate(call: Call) -> Caller:
        anonymous = "authorization" not in call.request.headers
        return guest(call) if anonymous and call.operation in CATALOG else parts.authenticate(call)

    return replace(parts, authenticate=authenticate)


@breaks("SEC-001")
def any_bearer_reads(parts: Parts) -> Parts:
    """For reading the catalogue a token is asked for but not looked up."""

    def authenticate(call: Call) -> Caller:
        bearer = call.request.headers.get("authorization", "").startswith("Bearer ")
        return guest(call) if bearer and call.operation in CATALOG else parts.authenticate(call)

    return replace(parts, authenticate=authenticate)


@breaks(
    "SEC-002",
    also={
        "ADM-007": "a former key signs as well as any other",
        "SEC-009": "an assertion of another algorithm is taken as well",
    },
)
def signatures_are_not_verified(parts: Parts) -> Parts:
    """The claims of a client's assertion are read without a look at its signature."""

    def verify(assertion: str, jwks: Document) -> Document | None:
        claims = parts.peek(assertion)
        return parts.verify(assertion, jwks) if not claims or "fcsp_subject" in claims else claims

    return replace(parts, verify=verify)


@breaks("SEC-002", also={"SEC-009": "one that lives too long is told by its end"})
def client_assertions_do_not_end(parts: Parts) -> Parts:
    """A client assertion is taken however long ago it ended."""
    return without_client_check(parts, "expiry")


@breaks("SEC-002")
def other_audiences_are_fine(parts: Parts) -> Parts:
    """A client assertion that was made for another platform yields a token here."""
    return without_client_check(parts, "audience")


@breaks("SEC-002", also={"AUT-018": "assertions of subjects are taken again, too"})
def assertions_may_be_repeated(parts: Parts) -> Parts:
    """An assertion yields a token each time it is shown."""
    return replace(parts, first_use=lambda *_assertion: True)


@breaks("SEC-003")
def the_audit_log_is_open_to_members(parts: Parts) -> Parts:
    """Any valid token reads the audit log."""

    def permits(operation: Operation, caller: Caller) -> bool:
        return operation.id == "listAuditEvents" or parts.permits(operation, caller)

    return replace(parts, permits=permits)


@breaks("SEC-003")
def narrow_tokens_are_not_narrow(parts: Parts) -> Parts:
    """A provider's token for deliveries serves queries too."""

    def permits(operation: Operation, caller: Caller) -> bool:
        return operation.id == "createQuery" or parts.permits(operation, caller)

    return replace(parts, permits=permits)


@breaks("SEC-004")
def addresses_name_the_subject(parts: Parts) -> Parts:
    """The identifier of an authorization, which stands in its address, contains that of its subject."""

    def new_id(kind: str, about: Document) -> str:
        if kind != "authorization":
            return parts.new_id(kind, about)
        return f"{about['subject']['ids'][0]['value']}-{secrets.token_hex(4)}"

    return replace(parts, new_id=new_id)


@breaks("SEC-004")
def links_repeat_who_asked(parts: Parts) -> Parts:
    """The address of an authorization that a person gave carries the person's identity number along."""

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts.finish(operation, reply)
        if operation != "createAuthorization" or reply.status != 201:
            return reply
        holder = next((i["value"] for i in reply.body["subject"]["ids"] if i["scheme"] == "resident_id"), "")
        address = reply.headers.get("Location", "") + (f"?holder={holder}" if holder else "")
        return replace(reply, headers={**reply.headers, "Location": address})

    return replace(parts, finish=finish)


@breaks(
    "SEC-005",
    also={
        "QRY-015": "it looks for what was disclosed in the log",
        "SEC-011": "it looks for what was disclosed in the log",
    },
)
def only_refusals_are_logged(parts: Parts) -> Parts:
    """The audit log knows who was refused, and not who was served."""

    def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
        if not any(result["status"] == "ok" for result in results):
            parts.note_query(call, query_id, results)

    return replace(parts, note_query=note_query)


@breaks("SEC-005")
def the_log_is_no_chain(parts: Parts) -> Parts:
    """Every event of the audit log names no predecessor, so that any may be taken out."""
    return replace(parts, seal=lambda event, seq, _previous: parts.seal(event, seq, audit.GENESIS))


@breaks("SEC-005")
def hashes_depend_on_the_serializer(parts: Parts) -> Parts:
    """An event is hashed as the serializer happens to write it and not in its canonical form."""

    def seal(event: Document, seq: int, previous: str) -> dict[str, Any]:
        link = {name: value for name, value in parts.seal(event, seq, previous).items() if name != "hash"}
        return {**link, "hash": sha256(json.dumps(link).encode()).hexdigest()}

    return replace(parts, seal=seal)


@breaks("SEC-006")
def the_last_duplicate_wins(parts: Parts) -> Parts:
    """JSON is read with a parser that takes the last of two members of one name."""

    def parse(body: bytes) -> Any:
        try:
            return parts.parse(body)
        except Refusal:
            return _last_wins(body)

    return replace(parts, parse=parse)


@breaks("SEC-006", also={"SEC-016": "a packed body is one that cannot be parsed"})
def malformed_bodies_crash(parts: Parts) -> Parts:
    """A body that cannot be parsed ends in an internal error."""

    def parse(body: bytes) -> Any:
        try:
            return parts.parse(body)
        except Refusal:
            raise RuntimeError("unexpected input") from None

    return replace(parts, parse=parse)


@breaks("SEC-006")
def the_limit_is_only_announced(parts: Parts) -> Parts:
    """The descriptor announces a limit for bodies, and a larger body is read and processed."""

    async def read_body(stream: AsyncIterator[bytes], _limit: int) -> bytes:
        return b"".join([chunk async for chunk in stream])

    return replace(parts, read_body=read_body)


def _last_wins(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal("malformed_request") from None

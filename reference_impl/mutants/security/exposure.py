"""Credentials that live too long, logs that say too little, replies that say too much."""

import gzip
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.security import SecurityParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.model import Document, Problem
from reference_impl.wire.message import Call, Reply

GZIP = b"\x1f\x8b"


def _part(assertion: str, n: int) -> dict[str, Any]:
    part = assertion.split(".")[n]
    return dict(json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))))


@breaks("SEC-009")
def unsigned_assertions_will_do(parts: Parts) -> Parts:
    """An assertion whose header says `none` needs no signature, nor the form of a signed one."""

    def verify(assertion: str, jwks: Document) -> Document | None:
        if _part(assertion, 0)["alg"] != "none":
            return parts[SecurityParts].verify(assertion, jwks)
        return peek(assertion)

    def request_errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        return (
            [] if operation == "issueToken" else parts[WireParts].request_errors(operation, media_type, body)
        )

    def peek(assertion: str) -> Document:
        return _part(assertion, 1)

    return parts.with_groups(
        replace(parts[SecurityParts], verify=verify, peek=peek),
        replace(parts[WireParts], request_errors=request_errors),
    )


@breaks("SEC-009")
def the_public_key_is_a_secret(security: SecurityParts) -> SecurityParts:
    """The header of an assertion decides on the algorithm: with HS256 the public key is the secret."""

    def verify(assertion: str, jwks: Document) -> Document | None:
        from joserfc.jwk import ECKey

        if _part(assertion, 0)["alg"] != "HS256":
            return security.verify(assertion, jwks)
        signed, _, signature = assertion.rpartition(".")
        for jwk in jwks["keys"]:
            secret = ECKey.import_key(dict(jwk)).as_pem(private=False)
            expected = urlsafe_b64encode(hmac.digest(secret, signed.encode(), "sha256")).decode().rstrip("=")
            if expected == signature:
                return security.peek(assertion)
        return None

    return replace(security, verify=verify)


@breaks("SEC-009")
def assertions_live_as_long_as_they_say(security: SecurityParts) -> SecurityParts:
    """An assertion may end whenever it likes, as long as it has not ended yet."""

    def expiry(claims: Document, expected: Any) -> bool:
        return bool(claims["exp"] > expected.now.timestamp())

    checks = {"expiry": expiry}
    return replace(
        security,
        client_checks={**security.client_checks, **checks},
        subject_checks={**security.subject_checks, **checks},
    )


def with_lifetime(wire: WireParts, scope: str, seconds: int) -> WireParts:
    """The parts whose tokens of a scope say that they live so long."""

    def finish(operation: str, reply: Reply) -> Reply:
        reply = wire.finish(operation, reply)
        longer = operation == "issueToken" and scope in reply.body.get("scope", "").split()
        return replace(reply, body={**reply.body, "expires_in": seconds}) if longer else reply

    return replace(wire, finish=finish)


@breaks("SEC-010")
def tokens_live_for_a_day(wire: WireParts) -> WireParts:
    """Members get a token in the morning that serves until the next."""
    return with_lifetime(wire, "query", 86_400)


@breaks("SEC-010")
def subjects_stay_signed_in(wire: WireParts) -> WireParts:
    """The token of a subject agent lasts for a month, so that nobody has to identify again."""
    return with_lifetime(wire, "subject", 2_592_000)


@breaks("SEC-011")
def refused_queries_leave_no_trace(query: QueryParts) -> QueryParts:
    """Only queries that were answered are logged: whoever tries one subject after the other is not seen."""

    def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
        if any(result["status"] != "not_authorized" for result in results):
            query.note_query(call, query_id, results)

    return replace(query, note_query=note_query)


@breaks("SEC-011")
def the_log_forgets_the_authorization(query: QueryParts) -> QueryParts:
    """The log says who got what and not by which authorization."""

    def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
        query.note_query(call, query_id, [{**result, "authorization_id": None} for result in results])

    return replace(query, note_query=note_query)


@breaks("SEC-011")
def the_log_holds_plain_digests(parts: Parts) -> Parts:
    """Subjects stand in the log as digests without a key, undone by trying all codes."""

    def seal(event: Document, seq: int, previous: str) -> dict[str, Any]:
        return parts[SecurityParts].seal(event, seq, previous)

    def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
        code = call.body["subject"]["ids"][0]["value"]
        digest = sha256(code.encode()).hexdigest()

        def sealed(event: Document, seq: int, previous: str) -> dict[str, Any]:
            return seal({**event, "subject_ref": digest}, seq, previous)

        parts[QueryParts].note_query(
            replace(call, parts=call.parts.with_groups(replace(call.parts[SecurityParts], seal=sealed))),
            query_id,
            results,
        )

    return parts.with_groups(replace(parts[QueryParts], note_query=note_query))


def with_problem(wire: WireParts, **members: Any) -> WireParts:
    """The parts whose problems say more."""

    def problem(problem: Problem) -> Reply:
        reply = wire.problem(problem)
        return replace(reply, body={**reply.body, **members})

    return replace(wire, problem=problem)


@breaks("SEC-012")
def errors_show_the_stack(wire: WireParts) -> WireParts:
    """Every problem carries the stack trace that helped in development."""
    trace = 'Traceback (most recent call last):\n  File "platform.py", line 7, in serve\nValueError'
    return with_problem(wire, trace=trace)


@breaks("SEC-012")
def errors_quote_the_statement(wire: WireParts) -> WireParts:
    """A problem quotes the statement of the database that failed."""
    return with_problem(wire, cause="SELECT sealed FROM records WHERE subject_ref = ?")


def with_headers(wire: WireParts, operations: frozenset[str], headers: dict[str, str]) -> WireParts:
    """The parts with other headers in the replies to some operations; to all if none is named."""

    def finish(operation: str, reply: Reply) -> Reply:
        reply = wire.finish(operation, reply)
        meant = not operations or operation in operations
        return replace(reply, headers={**reply.headers, **headers}) if meant else reply

    return replace(wire, finish=finish)


@breaks("SEC-013")
def answers_may_be_cached(wire: WireParts) -> WireParts:
    """Answers of queries may be kept for a minute, which spares the database."""
    return with_headers(wire, frozenset({"createQuery"}), {"Cache-Control": "private, max-age=60"})


@breaks("SEC-013")
def authorizations_are_only_revalidated(wire: WireParts) -> WireParts:
    """Authorizations are sent with `no-cache`, which lets every cache keep them."""
    return with_headers(wire, frozenset({"getAuthorization"}), {"Cache-Control": "no-cache"})


@breaks("SEC-014")
def replies_tell_their_software(wire: WireParts) -> WireParts:
    """Every reply names the server and its version."""
    return with_headers(wire, frozenset(), {"Server": "platform/3.11 (Unix)"})


@breaks("SEC-014")
def content_types_may_be_guessed(wire: WireParts) -> WireParts:
    """Replies leave it to the reader to guess their type."""
    return with_headers(wire, frozenset(), {"X-Content-Type-Options": ""})


@breaks("SEC-015")
def every_origin_is_welcome(wire: WireParts) -> WireParts:
    """Replies may be read by every web page, since a tester asked for it once."""
    return with_headers(wire, frozenset(), {"Access-Control-Allow-Origin": "*"})


@breaks("SEC-015")
def sandboxed_pages_are_let_in(wire: WireParts) -> WireParts:
    """Answers of queries are readable for the origin `null`, which every sandboxed page has."""
    return with_headers(wire, frozenset({"createQuery"}), {"Access-Control-Allow-Origin": "null"})


@breaks("SEC-016")
def packed_bodies_are_unpacked_first(wire: WireParts) -> WireParts:
    """A packed body is unpacked behind the limit, which so holds for the packed size only."""

    def parse(body: bytes) -> Any:
        return wire.parse(gzip.decompress(body) if body[:2] == GZIP else body)

    return replace(wire, parse=parse)


@breaks("SEC-016")
def packed_bodies_crash(wire: WireParts) -> WireParts:
    """A packed body is handed to a decoder that nobody has installed."""

    def parse(body: bytes) -> Any:
        if body[:2] == GZIP:
            raise RuntimeError("no decoder")
        return wire.parse(body)

    return replace(wire, parse=parse)

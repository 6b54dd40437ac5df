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
            return parts.verify(assertion, jwks)
        return peek(assertion)

    def request_errors(operation: str, media_type: str, body: Any) -> list[dict[str, str]]:
        return [] if operation == "issueToken" else parts.request_errors(operation, media_type, body)

    def peek(assertion: str) -> Document:
        return _part(assertion, 1)

    return replace(parts, verify=verify, request_errors=request_errors, peek=peek)


@breaks("SEC-009")
def the_public_key_is_a_secret(parts: Parts) -> Parts:
    """The header of an assertion decides on the algorithm: with HS256 the public key is the secret."""

    def verify(assertion: str, jwks: Document) -> Document | None:
        from joserfc.jwk import ECKey

        if _part(assertion, 0)["alg"] != "HS256":
            return parts.verify(assertion, jwks)
        signed, _, signature = assertion.rpartition(".")
        for jwk in jwks["keys"]:
            secret = ECKey.import_key(dict(jwk)).as_pem(private=False)
            own = urlsafe_b64encode(hmac.digest(secret, signed.encode(), "sha256")).decode().rstrip("=")
            if own == signature:
                return parts.peek(assertion)
        return None

    return replace(parts, verify=verify)


@breaks("SEC-009")
def assertions_live_as_long_as_they_say(parts: Parts) -> Parts:
    """An assertion may end whenever it likes, as long as it has not ended yet."""

    def expiry(claims: Document, expected: Any) -> bool:
        return bool(claims["exp"] > expected.now.timestamp())

    checks = {"expiry": expiry}
    return replace(
        parts,
        client_checks={**parts.client_checks, **checks},
        subject_checks={**parts.subject_checks, **checks},
    )


def with_lifetime(parts: Parts, scope: str, seconds: int) -> Parts:
    """The parts whose tokens of a scope say that they live so long."""

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts.finish(operation, reply)
        longer = operation == "issueToken" and scope in reply.body.get("scope", "").split()
        return replace(reply, body={**reply.body, "expires_in": seconds}) if longer else reply

    return replace(parts, finish=finish)


@breaks("SEC-010")
def tokens_live_for_a_day(parts: Parts) -> Parts:
    """Members get a token in the morning that serves until the next."""
    return with_lifetime(parts, "query", 86_400)


@breaks("SEC-010")
def subjects_stay_signed_in(parts: Parts) -> Parts:
    """The token of a subject agent lasts for a month, so that nobody has to identify again."""
    return with_lifetime(parts, "subject", 2_592_000)


@breaks("SEC-011")
def refused_queries_leave_no_trace(parts: Parts) -> Parts:
    """Only queries that were answered are logged: whoever tries one subject after the other is not seen."""

    def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
        if any(result["status"] != "not_authorized" for result in results):
            parts.note_query(call, query_id, results)

    return replace(parts, note_query=note_query)


@breaks("SEC-011")
def the_log_forgets_the_authorization(parts: Parts) -> Parts:
    """The log says who got what and not by which authorization."""

    def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
        parts.note_query(call, query_id, [{**result, "authorization_id": None} for result in results])

    return replace(parts, note_query=note_query)


@breaks("SEC-011")
def the_log_holds_plain_digests(parts: Parts) -> Parts:
    """Subjects stand in the log as digests without a key, undone by trying all codes."""

    def seal(event: Document, seq: int, previous: str) -> dict[str, Any]:
        return parts.seal(event, seq, previous)

    def note_query(call: Call, query_id: str, results: Sequence[dict[str, Any]]) -> None:
        code = call.body["subject"]["ids"][0]["value"]
        digest = sha256(code.encode()).hexdigest()

        def sealed(event: Document, seq: int, previous: str) -> dict[str, Any]:
            return seal({**event, "subject_ref": digest}, seq, previous)

        parts.note_query(replace(call, parts=replace(call.parts, seal=sealed)), query_id, results)

    return replace(parts, note_query=note_query)


def with_problem(parts: Parts, **members: Any) -> Parts:
    """The parts whose problems say more."""

    def problem(problem: Problem) -> Reply:
        reply = parts.problem(problem)
        return replace(reply, body={**reply.body, **members})

    return replace(parts, problem=problem)


@breaks("SEC-012")
def errors_show_the_stack(parts: Parts) -> Parts:
    """Every problem carries the stack trace that helped in development."""
    trace = 'Traceback (most recent call last):\n  File "platform.py", line 7, in serve\nValueError'
    return with_problem(parts, trace=trace)


@breaks("SEC-012")
def errors_quote_the_statement(parts: Parts) -> Parts:
    """A problem quotes the statement of the database that failed."""
    return with_problem(parts, cause="SELECT sealed FROM records WHERE subject_ref = ?")


def with_headers(parts: Parts, operations: frozenset[str], headers: dict[str, str]) -> Parts:
    """The parts with other headers in the replies to some operations; to all if none is named."""

    def finish(operation: str, reply: Reply) -> Reply:
        reply = parts.finish(operation, reply)
        meant = not operations or operation in operations
        return replace(reply, headers={**reply.headers, **headers}) if meant else reply

    return replace(parts, finish=finish)


@breaks("SEC-013")
def answers_may_be_cached(parts: Parts) -> Parts:
    """Answers of queries may be kept for a minute, which spares the database."""
    return with_headers(parts, frozenset({"createQuery"}), {"Cache-Control": "private, max-age=60"})


@breaks("SEC-013")
def authorizations_are_only_revalidated(parts: Parts) -> Parts:
    """Authorizations are sent with `no-cache`, which lets every cache keep them."""
    return with_headers(parts, frozenset({"getAuthorization"}), {"Cache-Control": "no-cache"})


@breaks("SEC-014")
def replies_tell_their_software(parts: Parts) -> Parts:
    """Every reply names the server and its version."""
    return with_headers(parts, frozenset(), {"Server": "platform/3.11 (Unix)"})


@breaks("SEC-014")
def content_types_may_be_guessed(parts: Parts) -> Parts:
    """Replies leave it to the reader to guess their type."""
    return with_headers(parts, frozenset(), {"X-Content-Type-Options": ""})


@breaks("SEC-015")
def every_origin_is_welcome(parts: Parts) -> Parts:
    """Replies may be read by every web page, since a tester asked for it once."""
    return with_headers(parts, frozenset(), {"Access-Control-Allow-Origin": "*"})


@breaks("SEC-015")
def sandboxed_pages_are_let_in(parts: Parts) -> Parts:
    """Answers of queries are readable for the origin `null`, which every sandboxed page has."""
    return with_headers(parts, frozenset({"createQuery"}), {"Access-Control-Allow-Origin": "null"})


@breaks("SEC-016")
def packed_bodies_are_unpacked_first(parts: Parts) -> Parts:
    """A packed body is unpacked behind the limit, which so holds for the packed size only."""

    def parse(body: bytes) -> Any:
        return parts.parse(gzip.decompress(body) if body[:2] == GZIP else body)

    return replace(parts, parse=parse)


@breaks("SEC-016")
def packed_bodies_crash(parts: Parts) -> Parts:
    """A packed body is handed to a decoder that nobody has installed."""

    def parse(body: bytes) -> Any:
        if body[:2] == GZIP:
            raise RuntimeError("no decoder")
        return parts.parse(body)

    return replace(parts, parse=parse)

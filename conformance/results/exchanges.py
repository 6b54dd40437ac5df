"""Exchanges of a run as entries of its document; of a credential only its kind and key are named."""

import json
from typing import Any

from conformance.model.wire import (
    ClientAssertion,
    ClientToken,
    Credential,
    Exchange,
    FormBody,
    Incoming,
    LiteralToken,
    Raw,
    SubjectAssertion,
    SubjectToken,
)
from conformance.results.exchange_document import (
    AnswerEntry,
    BodyEntry,
    ExchangeEntry,
    IncomingEntry,
    ReplyEntry,
    RequestEntry,
)
from conformance.results.texts import plain

BODY_LIMIT = 64 * 1024
"""Bytes of a body that the document keeps."""


def exchange_entry(exchange: Exchange) -> ExchangeEntry:
    """An exchange with the platform."""
    request, reply = exchange.request, exchange.reply
    return ExchangeEntry(
        step=exchange.step,
        operation=request.operation,
        request=RequestEntry(
            method=exchange.method,
            url=exchange.url,
            headers=list(request.headers.items()),
            credential=_credential(request.credential),
            body=_body(_sent(request.body)),
        ),
        reply=ReplyEntry(
            status=reply.status,
            headers=list(reply.headers),
            body=_body(reply.body),
            elapsed_seconds=round(max(reply.elapsed, 0.0), 6),
        ),
    )


def incoming_entry(incoming: Incoming) -> IncomingEntry:
    """A request of the platform to a party that the suite played, and the answer of that party."""
    return IncomingEntry(
        operation=incoming.operation,
        method=incoming.method,
        url=incoming.url,
        headers=list(incoming.headers),
        body=_body(incoming.body),
        faults=list(incoming.faults),
        answer=AnswerEntry(status=incoming.answer.status, body=_body(incoming.answer.body)),
    )


def _sent(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, Raw):
        return body.content
    if isinstance(body, FormBody):
        return "\n".join(f"{name}={_field(value)}" for name, value in body.fields.items()).encode()
    return json.dumps(plain(body), ensure_ascii=False).encode("utf-8", "replace")


def _field(value: str | ClientAssertion | SubjectAssertion) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, ClientAssertion):
        return f"<JWT iss={value.client_id} key={value.signer} exp={value.expires_in:+d}s>"
    return f"<JWT subject={value.subject_type} key={value.signer} exp={value.expires_in:+d}s>"


def _credential(value: Credential | None) -> dict[str, str] | None:
    match value:
        case ClientToken(client_id, signer):
            return {"kind": "client_token", "client_id": client_id, "key": signer}
        case SubjectToken(assertion):
            names = {"subject_type": assertion.subject_type, "capacity": assertion.capacity}
            return {
                "kind": "subject_token",
                **names,
                "assurance": assertion.assurance,
                "key": assertion.signer,
            }
        case LiteralToken():
            return {"kind": "literal_token"}
        case None:
            return None


def _body(content: bytes) -> BodyEntry:
    text = content[:BODY_LIMIT].decode("utf-8", "replace")
    return BodyEntry(text=text, bytes=len(content), truncated=len(content) > BODY_LIMIT)

"""Exchanges as JSON values: what was sent and what came back, credentials named but never shown."""

import json
from typing import Any

from conformance.model.wire import (
    ClientAssertion,
    ClientToken,
    Credential,
    Exchange,
    Form,
    Incoming,
    LiteralToken,
    Raw,
    SubjectAssertion,
    SubjectToken,
)
from conformance.results.texts import plain

BODY_LIMIT = 64 * 1024


def exchange(value: Exchange) -> dict[str, Any]:
    request, reply = value.request, value.reply
    return {
        "step": value.step,
        "operation": request.operation,
        "request": {
            "method": value.method,
            "url": value.url,
            "headers": [[name, text] for name, text in request.headers.items()],
            "credential": _credential(request.credential),
            "body": _body(_sent(request.body)),
        },
        "reply": {
            "status": reply.status,
            "headers": [[name, text] for name, text in reply.headers],
            "body": _body(reply.body),
            "elapsed_seconds": round(max(reply.elapsed, 0.0), 6),
        },
    }


def incoming(value: Incoming) -> dict[str, Any]:
    """A request of the platform to a party that the suite played, and what that party answered."""
    return {
        "operation": value.operation,
        "method": value.method,
        "url": value.url,
        "headers": [[name, text] for name, text in value.headers],
        "body": _body(value.body),
        "faults": list(value.faults),
        "answer": {"status": value.answer.status, "body": _body(value.answer.body)},
    }


def _sent(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, Raw):
        return body.content
    if isinstance(body, Form):
        return "\n".join(f"{name}={_field(value)}" for name, value in body.fields.items()).encode()
    return json.dumps(plain(body), ensure_ascii=False).encode("utf-8", "replace")


def _field(value: str | ClientAssertion | SubjectAssertion) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, ClientAssertion):
        return f"<JWT iss={value.client_id} key={value.signer} exp={value.expires_in:+d}s>"
    return f"<JWT subject={value.subject_type} key={value.signer} exp={value.expires_in:+d}s>"


def _credential(value: Credential | None) -> dict[str, Any] | None:
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


def _body(content: bytes) -> dict[str, Any]:
    text = content[:BODY_LIMIT].decode("utf-8", "replace")
    return {"text": text, "bytes": len(content), "truncated": len(content) > BODY_LIMIT}

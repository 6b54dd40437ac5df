"""Security: access tokens in exchange for assertions (RFC 6749, RFC 7523), and the audit log."""

import secrets
from typing import Any
from urllib.parse import parse_qsl

from reference_impl.http import paging
from reference_impl.http.operations import handles
from reference_impl.parts.base import BaseParts
from reference_impl.parts.security import SecurityParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy import admission, tokens
from reference_impl.policy.audit import GENESIS
from reference_impl.policy.model import Document, Refusal
from reference_impl.store.audit import Audit
from reference_impl.store.tokens import Tokens
from reference_impl.wire.message import Call, Reply

CLIENT_GRANT = "client_credentials"
SUBJECT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_BYTES = 32


@handles("issueToken")
def issue_token(call: Call) -> Reply:
    """A token for a client's or a subject's assertion."""
    members = form(call.request.body)
    grant = members.get("grant_type")
    if grant is None:
        raise _refused("invalid_request")
    if grant not in (CLIENT_GRANT, SUBJECT_GRANT):
        raise _refused("unsupported_grant_type")
    if call.parts[WireParts].request_errors(call.operation, call.request.media_type, members):
        raise _refused("invalid_request")
    content = _client_token(call, members) if grant == CLIENT_GRANT else _subject_token(call, members)
    lifetime, token = call.settings.limits.token_seconds, secrets.token_urlsafe(TOKEN_BYTES)
    now = int(call.now.timestamp())
    call.store[Tokens].add(token, now + lifetime, content, now)
    body = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": lifetime,
        "scope": " ".join(sorted(content["scopes"])),
    }
    return Reply(200, body)


@handles("listAuditEvents")
def list_audit_events(call: Call) -> Reply:
    """A page of the audit log with the head of its chain."""
    log = call.store[Audit]
    after, size = paging.position(call, "audit"), paging.limit(call)
    events = log.page(after, size + 1)
    has_more = len(events) > size
    seq, digest = log.head()
    body = {
        "events": events[:size],
        "head": {"seq": seq, "hash": digest or GENESIS},
        "next_cursor": paging.cursor(call, "audit", events[size - 1]["seq"]) if has_more else None,
    }
    return Reply(200, body)


def form(body: bytes) -> dict[str, str]:
    """The members of a token request (RFC 6749). Raises Refusal; a repeated member makes it ambiguous."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=16
        )
    except ValueError:
        raise _refused("invalid_request") from None
    if len(dict(pairs)) != len(pairs):
        raise _refused("invalid_request")
    return dict(pairs)


def _client_token(call: Call, members: Document) -> dict[str, Any]:
    """The content of a token for a client. Raises Refusal."""
    security, assertion = call.parts[SecurityParts], members["client_assertion"]
    client_id = security.peek(assertion).get("iss")
    party = security.find_client(call, client_id) if isinstance(client_id, str) else None
    claims = security.verify(assertion, party.jwks) if party is not None else None
    if party is None or claims is None:
        raise _refused("invalid_client")
    expected = tokens.Expected(party.client_id, call.settings.base_url, call.now)
    if not tokens.acceptable(security.client_checks, claims, expected) or not _unused(call, claims):
        raise _refused("invalid_client")
    code = admission.refusal(party.status)
    if code is not None:
        raise Refusal(code, members={"error": "unauthorized_client"})
    scopes = security.granted_scopes(party.role, members.get("scope"))
    return {"client_id": party.client_id, "role": party.role, "scopes": sorted(scopes)}


def _subject_token(call: Call, members: Document) -> dict[str, Any]:
    """The content of a token for a subject agent. Raises Refusal."""
    security, assertion = call.parts[SecurityParts], members["assertion"]
    issuer = security.peek(assertion).get("iss")
    jwks = security.find_issuer(call.settings.trust, issuer)
    claims = jwks and security.verify(assertion, jwks)
    if not claims:
        raise _refused("invalid_grant")
    expected = tokens.Expected(str(issuer), call.settings.base_url, call.now)
    if not tokens.acceptable(security.subject_checks, claims, expected) or not _unused(call, claims):
        raise _refused("invalid_grant")
    subject = claims["fcsp_subject"]
    coded = (
        ("subject_type", subject["type"]),
        ("subject_scheme", subject["scheme"]),
        ("capacity", claims["capacity"]),
        ("assurance", claims["assurance"]),
    )
    codes = call.parts[BaseParts].catalogue.codes
    if any(code not in codes[code_set] for code_set, code in coded):
        raise _refused("invalid_grant")
    scopes = security.granted_scopes("subject", members.get("scope"))
    return {
        "client_id": "subject:" + call.keys.ref("actor", str(issuer), claims["sub"])[:32],
        "role": "subject",
        "scopes": sorted(scopes),
        "subject": {name: subject[name] for name in ("type", "scheme", "value")},
        "capacity": claims["capacity"],
        "assurance": claims["assurance"],
    }


def _unused(call: Call, claims: Document) -> bool:
    now = int(call.now.timestamp())
    until = now + tokens.MAX_LIFETIME + tokens.SKEW + 1
    return call.parts[SecurityParts].first_use(call.store, claims["iss"], claims["jti"], until, now)


def _refused(error: str) -> Refusal:
    """The problem for an error code of RFC 6749."""
    if error == "invalid_client":
        return Refusal("assertion_invalid", members={"error": error})
    return Refusal("malformed_request", status=400, members={"error": error})

"""Security: tokens for assertions, who a bearer token belongs to, and reading the audit log."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from reference_impl.http import paging
from reference_impl.policy import tokens
from reference_impl.policy.model import Caller, Client, Document, Refusal, Subject
from reference_impl.wire.message import Call, Reply

CLIENT_GRANT = "client_credentials"
SUBJECT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def form(body: bytes) -> dict[str, str]:
    """The members of a token request; a repeated one makes the request ambiguous."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=16
        )
    except ValueError:
        raise _refused("invalid_request") from None
    if len(dict(pairs)) != len(pairs):
        raise _refused("invalid_request")
    return dict(pairs)


def issue_token(call: Call) -> Reply:
    """A token for a client's or a subject's assertion."""
    members = form(call.request.body)
    grant = members.get("grant_type")
    if grant is None:
        raise _refused("invalid_request")
    if grant not in (CLIENT_GRANT, SUBJECT_GRANT):
        raise _refused("unsupported_grant_type")
    if call.parts.request_errors(call.operation, call.request.media_type, members):
        raise _refused("invalid_request")
    content = _client_token(call, members) if grant == CLIENT_GRANT else _subject_token(call, members)
    lifetime = call.settings.limits.token_seconds
    token = call.parts.new_secret()
    now = int(call.now.timestamp())
    call.store.tokens.add(token, now + lifetime, content, now)
    body = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": lifetime,
        "scope": " ".join(sorted(content["scopes"])),
    }
    return Reply(200, body)


def client(call: Call, client_id: str) -> Client | None:
    """The configured or admitted party of this id."""
    trusted = call.settings.trust.clients.get(client_id)
    if trusted is not None:
        return Client(client_id, trusted.role, trusted.jwks)
    admitted = call.store.institutions.get(client_id)
    if admitted is None:
        return None
    return Client(client_id, admitted["class"], admitted["jwks"], _status(call, admitted))


def _status(call: Call, institution: Document) -> str:
    head_office = institution.get("head_office")
    head = call.store.institutions.get(head_office) if head_office else None
    return call.parts.effective_status(institution, head)


def _client_token(call: Call, members: Document) -> dict[str, Any]:
    assertion = members["client_assertion"]
    client_id = call.parts.peek(assertion).get("iss")
    party = call.parts.find_client(call, client_id) if isinstance(client_id, str) else None
    claims = call.parts.verify(assertion, party.jwks) if party is not None else None
    if party is None or claims is None:
        raise _refused("invalid_client")
    expected = tokens.Expected(party.client_id, call.settings.base_url, call.now)
    if not tokens.acceptable(call.parts.client_checks, claims, expected) or not _unused(call, claims):
        raise _refused("invalid_client")
    code = call.parts.standing(party.status)
    if code is not None:
        raise Refusal(code, members={"error": "unauthorized_client"})
    scopes = call.parts.granted_scopes(party.role, members.get("scope"))
    return {"client_id": party.client_id, "role": party.role, "scopes": sorted(scopes)}


def _subject_token(call: Call, members: Document) -> dict[str, Any]:
    assertion = members["assertion"]
    issuer = call.parts.peek(assertion).get("iss")
    jwks = call.parts.find_issuer(call.settings.trust, issuer)
    claims = jwks and call.parts.verify(assertion, jwks)
    if not claims:
        raise _refused("invalid_grant")
    expected = tokens.Expected(str(issuer), call.settings.base_url, call.now)
    if not tokens.acceptable(call.parts.subject_checks, claims, expected) or not _unused(call, claims):
        raise _refused("invalid_grant")
    subject = claims["fcsp_subject"]
    known = (
        ("subject_type", subject["type"]),
        ("subject_scheme", subject["scheme"]),
        ("capacity", claims["capacity"]),
        ("assurance", claims["assurance"]),
    )
    if any(code not in call.parts.codes[code_set] for code_set, code in known):
        raise _refused("invalid_grant")
    scopes = call.parts.granted_scopes("subject", members.get("scope"))
    return {
        "client_id": "subject:" + call.vault.ref("actor", str(issuer), claims["sub"])[:32],
        "role": "subject",
        "scopes": sorted(scopes),
        "subject": {name: subject[name] for name in ("type", "scheme", "value")},
        "capacity": claims["capacity"],
        "assurance": claims["assurance"],
    }


def _unused(call: Call, claims: Document) -> bool:
    now = int(call.now.timestamp())
    until = now + tokens.MAX_LIFETIME + tokens.SKEW + 1
    return call.parts.first_use(call.store, claims["iss"], claims["jti"], until, now)


def first_use(store: Any, issuer: str, jti: str, until: int, now: int) -> bool:
    """Whether an assertion is used for the first time; it is remembered for as long as it could be valid."""
    return bool(store.tokens.use_assertion(issuer, jti, until, now))


def bearer(call: Call) -> Caller:
    """The caller whom the request's token belongs to."""
    scheme, _, token = call.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal("unauthorized")
    content = call.store.tokens.get(token.strip(), int(call.now.timestamp()))
    if content is None:
        raise Refusal("invalid_token")
    return _caller(call, content)


def _caller(call: Call, content: Document) -> Caller:
    role = call.parts.present_role(call, content)
    asserted = content.get("subject")
    return Caller(
        client_id=content["client_id"],
        role=role,
        audience=audience(role, call.parts.codes),
        scopes=frozenset(content["scopes"]) & call.parts.granted_scopes(role, None),
        subject=asserted and Subject(asserted["type"], frozenset({(asserted["scheme"], asserted["value"])})),
        capacity=content.get("capacity"),
        assurance=content.get("assurance"),
    )


def present_role(call: Call, content: Document) -> str:
    """The role of a token's holder as it is now: the class of an institution changes."""
    role = str(content["role"])
    if role not in call.parts.codes["institution_class"]:
        return role
    institution = call.store.institutions.get(content["client_id"])
    return str(institution["class"]) if institution else role


def audience(role: str, codes: Mapping[str, Mapping[str, Any]]) -> str:
    """As whom a role is answered. A subject is the only caller without a code of its own."""
    known = codes["institution_class"].get(role) or codes["client_role"].get(role) or {}
    return str(known.get("audience", role))


def check_standing(call: Call, caller: Caller) -> None:
    """Refuse an institution that is not in good standing now, whenever its token was issued."""
    if caller.role in call.parts.codes["institution_class"]:
        institution = call.store.institutions.get(caller.client_id)
        code = call.parts.standing(_status(call, institution) if institution else "withdrawn")
        if code is not None:
            raise Refusal(code)


def list_audit_events(call: Call) -> Reply:
    """A page of the audit log with the head of its chain."""
    after, size = paging.position(call, "audit"), paging.limit(call)
    events = call.store.audit.page(after, size + 1)
    more = len(events) > size
    seq, digest = call.store.audit.head()
    body = {
        "events": events[:size],
        "head": {"seq": seq, "hash": digest or "0" * 64},
        "next_cursor": paging.cursor(call, "audit", events[size - 1]["seq"]) if more else None,
    }
    return Reply(200, body)


def _refused(error: str) -> Refusal:
    if error == "invalid_client":
        return Refusal("assertion_invalid", members={"error": error})
    return Refusal("malformed_request", status=400, members={"error": error})

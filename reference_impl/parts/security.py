"""Decisions about security: clients and their assertions, callers and their scopes, the audit log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from reference_impl.knowledge import Setup
from reference_impl.parts.admission import AdmissionParts
from reference_impl.parts.base import BaseParts
from reference_impl.policy import admission, audit, scopes, tokens
from reference_impl.policy.model import Caller, Client, Document, Refusal, Subject
from reference_impl.policy.tokens import ClaimCheck
from reference_impl.settings import Trust
from reference_impl.store.audit import Audit
from reference_impl.store.institutions import Institutions
from reference_impl.store.repository import Store
from reference_impl.store.tokens import Tokens
from reference_impl.wire import jose
from reference_impl.wire.contract import Operation
from reference_impl.wire.message import Call

CAPABILITIES = ("joint-modeling", "provider-inquiry", "public-portal")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityParts:
    """Decisions about who sends a request, and what the request leaves in the log."""

    find_client: Callable[[Call, str], Client | None]
    """The configured or admitted party of a client id."""
    find_issuer: Callable[[Trust, object], Document | None]
    """The keys of a trusted issuer of subject assertions."""
    peek: Callable[[str], Document]
    """The claims of an assertion before its signature is verified; empty where it cannot be read."""
    verify: Callable[[str, Document], Document | None]
    """The claims of an assertion that one of these keys signed; None otherwise."""
    first_use: Callable[[Store, str, str, int, int], bool]
    """True if an assertion, by issuer and `jti`, is used for the first time; then remembers it."""
    client_checks: Mapping[str, ClaimCheck]
    subject_checks: Mapping[str, ClaimCheck]
    granted_scopes: Callable[[str, str | None], frozenset[str]]
    """The scopes of a token, by role and requested scope. Raises Refusal for a scope beyond the role."""
    authenticate: Callable[[Call], Caller]
    """The holder of the bearer token. Raises Refusal."""
    permits: Callable[[Operation, Caller], bool]
    seal: Callable[[Document, int, str], dict[str, Any]]
    """An audit event as a link of the chain, by its number and the hash before it."""
    present_role: Callable[[Call, Document], str]
    """The role that the holder of a token has now."""
    check_standing: Callable[[Call, Caller], None]
    """Raises Refusal for an institution that may not act now; called on every request."""


def honest(setup: Setup) -> SecurityParts:
    """Assertions by RFC 7523, opaque tokens, scopes by role, a log chained by hash."""
    return SecurityParts(
        find_client=find_client,
        find_issuer=find_issuer,
        peek=jose.peek,
        verify=jose.verify,
        first_use=first_use,
        client_checks=tokens.CLIENT_CHECKS,
        subject_checks=tokens.SUBJECT_CHECKS,
        granted_scopes=partial(scopes.granted, codes=setup.knowledge.catalogue.codes),
        authenticate=authenticate,
        permits=lambda operation, caller: scopes.allows(caller.scopes, operation.scopes),
        seal=audit.seal,
        present_role=present_role,
        check_standing=check_standing,
    )


def find_client(call: Call, client_id: str) -> Client | None:
    """The configured party of this id, else the admitted institution."""
    trusted = call.settings.trust.clients.get(client_id)
    if trusted is not None:
        return Client(client_id, trusted.role, trusted.jwks)
    institution = call.store[Institutions].get(client_id)
    if institution is None:
        return None
    return Client(client_id, institution["class"], institution["jwks"], _status(call, institution))


def find_issuer(trust: Trust, issuer: object) -> Mapping[str, Any] | None:
    """The installed keys of an issuer."""
    return trust.issuers.get(issuer) if isinstance(issuer, str) else None


def first_use(store: Store, issuer: str, jti: str, until: int, now: int) -> bool:
    """Remembers an assertion until it can no longer be valid (POSIX seconds); false on repetition."""
    return store[Tokens].use_assertion(issuer, jti, until, now)


def authenticate(call: Call) -> Caller:
    """The holder of the bearer token (RFC 6750). Raises Refusal."""
    scheme, _, token = call.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal("unauthorized")
    content = call.store[Tokens].get(token.strip(), int(call.now.timestamp()))
    if content is None:
        raise Refusal("invalid_token")
    return _caller(call, content)


def present_role(call: Call, content: Document) -> str:
    """The role in the token; for an institution its present class, which may have changed."""
    role = str(content["role"])
    if role not in call.parts[BaseParts].catalogue.codes["institution_class"]:
        return role
    institution = call.store[Institutions].get(content["client_id"])
    return str(institution["class"]) if institution else role


def audience(role: str, codes: Mapping[str, Mapping[str, Any]]) -> str:
    """The audience of the disclosure matrix for a role. A subject, which no code set holds, is its own."""
    code = codes["institution_class"].get(role) or codes["client_role"].get(role) or {}
    return str(code.get("audience", role))


def check_standing(call: Call, caller: Caller) -> None:
    """Raises Refusal for a suspended or withdrawn institution, whenever its token was issued."""
    if caller.role in call.parts[BaseParts].catalogue.codes["institution_class"]:
        institution = call.store[Institutions].get(caller.client_id)
        code = admission.refusal(_status(call, institution) if institution else "withdrawn")
        if code is not None:
            raise Refusal(code)


def log_event(call: Call, action: str, outcome: str, **members: Any) -> None:
    """Append an event to the audit log; `members` overwrite the empty ones of the event."""
    event = {
        "at": call.at,
        "action": action,
        "actor": call.party.client_id,
        "recipient": None,
        "purpose": None,
        "subject_ref": None,
        "items": [],
        "authorization_ids": [],
        "outcome": outcome,
        "query_id": None,
        **members,
    }
    log = call.store[Audit]
    seq, previous = log.head()
    log.add(call.parts[SecurityParts].seal(event, seq + 1, previous or audit.GENESIS))


def _status(call: Call, institution: Document) -> str:
    head_office = institution.get("head_office")
    head = call.store[Institutions].get(head_office) if head_office else None
    return call.parts[AdmissionParts].effective_status(institution, head)


def _caller(call: Call, content: Document) -> Caller:
    security = call.parts[SecurityParts]
    role = security.present_role(call, content)
    asserted = content.get("subject")
    return Caller(
        client_id=content["client_id"],
        role=role,
        audience=audience(role, call.parts[BaseParts].catalogue.codes),
        scopes=frozenset(content["scopes"]) & security.granted_scopes(role, None),
        subject=asserted and Subject(asserted["type"], frozenset({(asserted["scheme"], asserted["value"])})),
        capacity=content.get("capacity"),
        assurance=content.get("assurance"),
    )

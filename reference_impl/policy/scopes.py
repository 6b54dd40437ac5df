"""Scopes of roles and institution classes, and the operations that they permit (RFC 6749, section 3.3)."""

from collections.abc import Mapping
from typing import Any

from reference_impl.policy.model import Refusal

Codes = Mapping[str, Mapping[str, Any]]
ROLES = ("client_role", "institution_class")
SUBJECT = "subject"


def of_role(role: str, codes: Codes) -> frozenset[str]:
    """All scopes of a role; empty for a role in no code set."""
    if role == SUBJECT:
        return frozenset({SUBJECT})
    scopes = (codes[name][role]["scopes"] for name in ROLES if role in codes[name])
    return frozenset(next(scopes, ()))


def granted(role: str, requested: str | None, *, codes: Codes) -> frozenset[str]:
    """The requested scopes, else all of the role. Raises Refusal for one beyond the role."""
    available = of_role(role, codes)
    if requested is None or not requested.strip():
        return available
    chosen_scopes = frozenset(requested.split())
    if not chosen_scopes <= available:
        raise Refusal("malformed_request", status=400, members={"error": "invalid_scope"})
    return chosen_scopes


def allows(scopes: frozenset[str], demanded: frozenset[str]) -> bool:
    """True if a token of these scopes serves an operation that demands one of them, or none in particular."""
    return not demanded or bool(scopes & demanded)

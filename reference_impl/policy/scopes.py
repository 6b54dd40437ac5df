"""Scopes: what each role or institution class may be given, and what a token of some scopes opens."""

from collections.abc import Mapping
from typing import Any

from reference_impl.policy.model import Refusal

Codes = Mapping[str, Mapping[str, Any]]
ROLES = ("client_role", "institution_class")
SUBJECT = "subject"


def of_role(role: str, codes: Codes) -> frozenset[str]:
    """What a role may be given at most; none to a role that no code set knows."""
    if role == SUBJECT:
        return frozenset({SUBJECT})
    scopes = (codes[name][role]["scopes"] for name in ROLES if role in codes[name])
    return frozenset(next(scopes, ()))


def granted(role: str, requested: str | None, *, codes: Codes) -> frozenset[str]:
    """The scopes of a token: all that the role has, or the asked ones if it has them all."""
    available = of_role(role, codes)
    if requested is None or not requested.strip():
        return available
    chosen_scopes = frozenset(requested.split())
    if not chosen_scopes <= available:
        raise Refusal("malformed_request", status=400, members={"error": "invalid_scope"})
    return chosen_scopes


def allows(scopes: frozenset[str], demanded: frozenset[str]) -> bool:
    """Whether a token of these scopes serves an operation that demands one of them, or none in particular."""
    return not demanded or bool(scopes & demanded)

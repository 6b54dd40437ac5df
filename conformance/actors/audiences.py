"""Audiences (披露对象): who can ask a platform through a query, and as whom the suite can ask.

Who asks follows from the codes: an audience is a class of institutions, a role of clients with the scope
`query`, or the subject itself.
"""

from collections.abc import Iterator

from conformance.model.shapes import Code
from conformance.model.standard import Standard
from conformance.model.target import Target

QUERY = "query"
"""The scope of queries."""
SUBJECT = "subject"
"""The audience that asks about itself."""


def audiences(standard: Standard) -> tuple[str, ...]:
    """Every audience that can ask through a query on some platform, in the order of the codes."""
    askers = {code.properties["audience"] for code in _asking_codes(standard)} | {SUBJECT}
    return tuple(name for name in standard.codes["audience"].codes if name in askers)


def claimed_audiences(standard: Standard, target: Target) -> tuple[str, ...]:
    """The audiences that this platform answers, by its capabilities."""
    claimed = (None, *target.capabilities)
    codes = [code for code in _asking_codes(standard) if code.properties.get("capability") in claimed]
    askers = {code.properties["audience"] for code in codes} | {SUBJECT}
    return tuple(name for name in audiences(standard) if name in askers)


def reachable_audiences(standard: Standard, target: Target) -> tuple[str, ...]:
    """The audiences of this platform that the suite can play."""
    missing = missing_audiences(standard, target)
    return tuple(name for name in claimed_audiences(standard, target) if name not in missing)


def missing_audiences(standard: Standard, target: Target) -> tuple[str, ...]:
    """The audiences of this platform for which no client is configured."""
    classes = {c.properties["audience"] for c in standard.codes["institution_class"].codes.values()}
    asking = [name for name in claimed_audiences(standard, target) if name not in {SUBJECT, *classes}]
    return tuple(name for name in asking if client_role(standard, target, name) not in target.clients)


def institution_class(standard: Standard, audience: str) -> str | None:
    """The class of institutions that is this audience; None for an audience of another kind."""
    classes = standard.codes["institution_class"].codes.values()
    return next((c.code for c in classes if c.properties.get("audience") == audience), None)


def client_role(standard: Standard, target: Target, audience: str) -> str:
    """The role whose client asks as this audience; one that is configured, if there are several."""
    roles = [
        code.code
        for code in standard.codes["client_role"].codes.values()
        if code.properties["audience"] == audience and QUERY in code.properties["scopes"]
    ]
    return next((role for role in roles if role in target.clients), roles[0])


def _asking_codes(standard: Standard) -> Iterator[Code]:
    """Classes of institutions and roles of clients whose tokens have the scope of queries."""
    for name in ("institution_class", "client_role"):
        codes = standard.codes[name].codes.values()
        yield from (code for code in codes if QUERY in code.properties["scopes"])

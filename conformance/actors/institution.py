"""Institutions (接入机构): they ask, and upload authorizations that subjects gave them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.actors.anonymous import request_token
from conformance.actors.authorizations import UPLOAD, Grant, authorization_body, recorded_id
from conformance.actors.inquirer import Inquirer
from conformance.actors.sample_registry import sample_body
from conformance.actors.subject import Subject
from conformance.model.context import Context
from conformance.model.shapes import Item
from conformance.model.wire import ClientAssertion, ClientToken, Reply
from conformance.synth import identities

CLASS_STATEMENTS: Mapping[str, Mapping[str, str]] = {
    "license": {"number": "FCSP-TEST-0001", "authority": "测试市地方金融管理局"}
}
"""Statements that a class of institutions demands, by member."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Institution(Inquirer):
    """An institution that the platform is asked to admit, known by its unified social credit code."""

    id: str
    cls: str
    key: str
    """Name of its signing key."""
    body: Mapping[str, Any]
    """The body of its admission (`putInstitution`)."""

    @property
    def credential(self) -> ClientToken:
        """The token of the institution."""
        return ClientToken(self.id, self.key)

    def assertion(self, serial: str, **claims: Any) -> ClientAssertion:
        """The institution's assertion; `claims` changes single ones, to something wrong on purpose too."""
        return ClientAssertion(**{"client_id": self.id, "signer": self.key, "serial": serial, **claims})

    def request_token(self, serial: str, **claims: Any) -> Reply:
        """The reply of the token endpoint to the institution's assertion."""
        return request_token(self.ctx, self.assertion(serial, **claims))

    def upload_body(self, subject: Subject, *items: Item, **changes: Any) -> dict[str, Any]:
        """A valid body of `createAuthorization` for an upload; `changes` replaces single members."""
        return authorization_body(self.ctx, subject, self, items, **{"origin": UPLOAD, **changes})

    def upload_authorization(self, subject: Subject, *items: Item, **changes: Any) -> Grant:
        """An uploaded authorization that the platform has recorded. Raises NotVerified where it does not."""
        body = self.upload_body(subject, *items, **changes)
        return Grant(recorded_id(self.call("createAuthorization", body)), body)


def new_institution(
    ctx: Context, cls: str = "bank", *, fresh: bool = False, **statements: Any
) -> Institution:
    """An institution that nobody has admitted yet, with all that its class has to state."""
    keys, reserved = ctx.target.institution_keys, ctx.standard.reserved
    uscc = identities.uscc(ctx.random, reserved)
    key = keys[ctx.random.randrange(len(keys))]
    name = identities.organization_name(ctx.random, reserved)
    jwks = public_jwks(ctx, key)
    required = ctx.standard.codes["institution_class"].codes[cls].properties.get("requires", ())
    demanded = {member: dict(CLASS_STATEMENTS[member]) for member in required}
    body = {"name": name, "uscc": uscc, "class": cls, "jwks": jwks, **demanded, **statements}
    return Institution(ctx, fresh=fresh, id=uscc, cls=cls, key=key, body=body)


def public_jwks(ctx: Context, key: str) -> dict[str, Any]:
    """The JSON Web Key Set (RFC 7517) with the public half of one of our keys."""
    return {"keys": [dict(ctx.target.public_keys[key])]}


@sample_body("createAuthorization")
def sample_authorization(ctx: Context, item: Item, subject: Subject) -> dict[str, Any]:
    """An authorization of an institution that nobody has admitted."""
    return subject.authorization_body(new_institution(ctx), item)

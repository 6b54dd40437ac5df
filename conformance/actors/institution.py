"""Institutions, and the hub that admits them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.actors.actor import Actor, prepared
from conformance.model.wire import (
    ClientToken,
    Credential,
    Reply,
    Request,
)
from conformance.synth import identities

STATED: Mapping[str, Mapping[str, str]] = {
    "license": {"number": "FCSP-TEST-0001", "authority": "测试市地方金融管理局"}
}
"""What an institution of the suite states where its class has to."""


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution the platform was asked to admit."""

    id: str
    cls: str
    key: str
    body: Mapping[str, Any]

    @property
    def token(self) -> ClientToken:
        return ClientToken(self.id, self.key)


class Admission(Actor):
    def candidate(self, cls: str = "bank", **stated: Any) -> Institution:
        """An institution that nobody has admitted yet, with all that its class has to state."""
        keys, reserved = self.ctx.target.institution_keys, self.ctx.standard.reserved
        uscc = identities.uscc(self.ctx.random, reserved)
        key = keys[self.ctx.random.randrange(len(keys))]
        name = identities.organization_name(self.ctx.random, reserved)
        jwks = {"keys": [dict(self.ctx.target.public_keys[key])]}
        required = self.ctx.standard.codes["institution_class"].codes[cls].properties.get("requires", ())
        demanded = {member: dict(STATED[member]) for member in required}
        body = {"name": name, "uscc": uscc, "class": cls, "jwks": jwks, **demanded, **stated}
        return Institution(uscc, cls, key, body)

    def put_institution(
        self, institution: Institution, by: Credential | None = None, *, valid: bool = True
    ) -> Reply:
        path = {"institution_id": institution.id}
        credential = by or self.client("hub")
        return self.ctx.send(
            Request(
                "putInstitution", path=path, body=dict(institution.body), credential=credential, valid=valid
            )
        )

    def institution(self, cls: str = "bank", **stated: Any) -> Institution:
        institution = self.candidate(cls, **stated)
        prepared(self.put_institution(institution), "admission", 200, 201)
        return institution

    def read_institution(self, institution: Institution) -> Reply:
        """The admission as the hub reads it."""
        path = {"institution_id": institution.id}
        return self.ctx.send(Request("getInstitution", path=path, credential=self.client("hub")))

    def set_status(self, institution: Institution, status: str, by: Credential | None = None) -> Reply:
        return self.ctx.send(
            Request(
                "patchInstitutionStatus",
                path={"institution_id": institution.id},
                body={"status": status, "reason": "conformance test"},
                credential=by or self.client("hub"),
            )
        )

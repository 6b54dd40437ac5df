"""Admission, authorization, delivery, query and revocation, through the Python client that was generated.

Nothing else speaks to the platform. Run with a file that says who takes part.
"""

import json
import secrets
import sys
import time
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar

from fcsp_client import AuthenticatedClient, Client
from fcsp_client.api.admission import put_institution
from fcsp_client.api.authorization import create_authorization, revoke_authorization
from fcsp_client.api.collection import create_batch, get_batch
from fcsp_client.api.docking import get_platform_descriptor
from fcsp_client.api.query import create_query
from fcsp_client.api.security import issue_token
from fcsp_client.models import (
    Authorization,
    AuthorizationRequest,
    Batch,
    BatchReceipt,
    BatchRequest,
    BatchRequestRecordsItem,
    Descriptor,
    Evidence,
    Identifier,
    Institution,
    InstitutionRequest,
    ItemResult,
    Problem,
    QueryReply,
    QueryRequest,
    RawValue,
    Subject,
    SubjectReference,
    Token,
    TokenProblem,
    TokenRequestType0,
    TokenRequestType1,
)
from fcsp_client.types import Response
from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
PAUSE, SETTLE_SECONDS = 0.1, 10.0
T = TypeVar("T")


class Broken(Exception):  # noqa: N818 - it says what is the case
    """A reply that is not what the document promises."""


def main() -> int:
    """Exit code 0 when every step went as it should."""
    flow = Flow(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    for step in (flow.dock, flow.refuse, flow.admit, flow.authorize, flow.deliver, flow.query, flow.revoke):
        try:
            outcome = step()
        except (Broken, ValueError, LookupError, TypeError, AttributeError) as fault:
            say(f"failed: {step.__name__}: {type(fault).__name__}: {fault}")
            return 1
        say(f"ok: {step.__name__}: {outcome}")
    return 0


class Flow:
    """Each step leaves behind what the next one needs."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.given = values
        self.anybody = Client(base_url=values["base_url"])
        self.issuer = ""
        self.ahead = 0.0
        self.authorization_id = ""
        self.subject = values["subject"]
        self.ids = [Identifier(scheme=one["scheme"], value=one["value"]) for one in self.subject["ids"]]

    def dock(self) -> str:
        descriptor = got(get_platform_descriptor.sync_detailed(client=self.anybody), 200, Descriptor)
        where = f"{self.given['base_url']}/v1/oauth/token"
        true(descriptor.token_endpoint == where, f"tokens are to be had at {descriptor.token_endpoint}")
        self.anybody = Client(base_url=descriptor.api_base)
        self.issuer = descriptor.issuer
        self.ahead = descriptor.time.timestamp() - time.time()
        return f"{descriptor.platform_id}, checklist {descriptor.checklist_version}"

    def refuse(self) -> str:
        signed = self.signed(self.given["provider"]["key"], self.client_claims("hub"))
        reply = issue_token.sync_detailed(client=self.anybody, body=client_credentials(signed))
        problem = got(reply, 401, TokenProblem)
        true(problem.error == "invalid_client", f"a stranger's key is answered with {problem.error}")
        return f"a stranger's key: {problem.error}, {problem.detail_i18n.zh}"

    def admit(self) -> str:
        body = InstitutionRequest.from_dict(self.given["institution"]["body"])
        reply = put_institution.sync_detailed(body.uscc, client=self.client("hub"), body=body)
        institution = got(reply, 201, Institution)
        true(institution.status == "active", f"the institution is {institution.status}")
        return f"{institution.institution_id}, {institution.status} since {institution.admitted_at}"

    def authorize(self) -> str:
        reply = create_authorization.sync_detailed(
            client=self.agent(), body=self.authorization(), idempotency_key=secrets.token_hex(16)
        )
        authorization = got(reply, 201, Authorization)
        true(authorization.state == "active", f"the authorization is {authorization.state}")
        self.authorization_id = authorization.authorization_id
        return f"{self.authorization_id}, until {authorization.valid_until}"

    def deliver(self) -> str:
        provider = self.client("provider")
        records = [BatchRequestRecordsItem.from_dict(self.given["record"])]
        body = BatchRequest(item_code=self.given["item_code"], records=records)
        key = secrets.token_hex(16)
        reply = create_batch.sync_detailed(client=provider, body=body, idempotency_key=key)
        receipt = got(reply, 202, BatchReceipt)
        outcomes = self.settled(provider, receipt.batch_id).outcomes
        true([one.outcome for one in outcomes] == ["accepted"], f"the outcomes are {outcomes}")
        return f"{receipt.batch_id}, record {outcomes[0].record_id} {outcomes[0].outcome}"

    def query(self) -> str:
        result = self.result()
        true(result.status == "ok", f"the result is {result.status}")
        true(result.authorization_id == self.authorization_id, f"it rests on {result.authorization_id}")
        true(len(result.records) == 1, f"there are {len(result.records)} records")
        fields = result.records[0].fields.additional_properties
        forms = {name: field.form for name, field in fields.items()}
        true(any(isinstance(field, RawValue) for field in fields.values()), f"nothing is legible: {forms}")
        return f"{result.status}, {len(forms)} fields, {len(set(forms.values()))} forms"

    def revoke(self) -> str:
        reply = revoke_authorization.sync_detailed(self.authorization_id, client=self.agent())
        state = got(reply, 200, Authorization).state
        true(state == "revoked", f"the authorization is {state}")
        end = time.monotonic() + self.given["revocation_effect_seconds"]
        while (result := self.result()).status != "not_authorized":
            true(time.monotonic() < end, f"the result is still {result.status}")
            time.sleep(PAUSE)
        true(result.records == [], "records are disclosed without authorization")
        return f"{state}, and the query is {result.status}"

    def settled(self, provider: AuthenticatedClient, batch_id: str) -> Batch:
        end = time.monotonic() + SETTLE_SECONDS
        while True:
            batch = got(get_batch.sync_detailed(batch_id, client=provider), 200, Batch)
            if batch.status == "completed":
                return batch
            true(time.monotonic() < end, f"the delivery is still {batch.status}")
            time.sleep(PAUSE)

    def result(self) -> ItemResult:
        subject = SubjectReference(type_=self.subject["type"], ids=self.ids)
        body = QueryRequest(
            subject=subject,
            items=[self.given["item_code"]],
            purpose=self.given["purpose"],
            authorizations=[self.authorization_id],
        )
        reply = got(create_query.sync_detailed(client=self.bank(), body=body), 200, QueryReply)
        true(len(reply.results) == 1, f"there are {len(reply.results)} results for one item")
        return reply.results[0]

    def authorization(self) -> AuthorizationRequest:
        terms = self.given["authorization"]
        return AuthorizationRequest(
            subject=Subject(type_=self.subject["type"], name=self.subject["name"], ids=self.ids),
            recipient=terms["recipient"],
            purpose=self.given["purpose"],
            items=[self.given["item_code"]],
            valid_from=date.fromisoformat(terms["valid_from"]),
            valid_until=date.fromisoformat(terms["valid_until"]),
            text_version=terms["text_version"],
            origin="platform_page",
            evidence=Evidence.from_dict(terms["evidence"]),
        )

    def client(self, role: str) -> AuthenticatedClient:
        signed = self.signed(self.given[role]["key"], self.client_claims(role))
        return self.with_token(client_credentials(signed))

    def client_claims(self, role: str) -> dict[str, Any]:
        name = self.given[role]["client_id"]
        return {"iss": name, "sub": name}

    def bank(self) -> AuthenticatedClient:
        institution = self.given["institution"]
        name = institution["body"]["uscc"]
        return self.with_token(
            client_credentials(self.signed(institution["key"], {"iss": name, "sub": name}))
        )

    def agent(self) -> AuthenticatedClient:
        issuer, identifier = self.given["issuer"], self.subject["ids"][0]
        details = {name: self.subject[name] for name in ("capacity", "assurance")}
        claims = {"iss": issuer["name"], "sub": secrets.token_hex(16), **details}
        claims["fcsp_subject"] = {"type": self.subject["type"], **identifier}
        signed = self.signed(issuer["key"], claims)
        return self.with_token(TokenRequestType1(grant_type=JWT_BEARER, assertion=signed))

    def with_token(self, body: TokenRequestType0 | TokenRequestType1) -> AuthenticatedClient:
        token = got(issue_token.sync_detailed(client=self.anybody, body=body), 200, Token)
        return AuthenticatedClient(base_url=self.given["base_url"], token=token.access_token)

    def signed(self, key: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        now = int(time.time() + self.ahead)
        payload = {**claims, "aud": self.issuer, "jti": secrets.token_hex(16), "iat": now, "exp": now + 60}
        private = ECKey.import_key(dict(key))
        header = {"alg": "ES256", "typ": "JWT", "kid": private.thumbprint()}
        return jwt.encode(header, payload, private, algorithms=["ES256"])


def client_credentials(signed: str) -> TokenRequestType0:
    return TokenRequestType0(
        grant_type="client_credentials", client_assertion_type=CLIENT_ASSERTION, client_assertion=signed
    )


def got(reply: Response[Any], status: int, kind: type[T]) -> T:
    """The body of a reply, of the type that the document promises for its status."""
    body = reply.parsed
    if reply.status_code != HTTPStatus(status) or not isinstance(body, kind):
        content = body.to_dict() if isinstance(body, Problem | TokenProblem) else body
        raise Broken(f"expected {status} with {kind.__name__}, got {reply.status_code} with {content}")
    return body


def true(fact: bool, otherwise: str) -> None:  # noqa: FBT001 - it reads as a sentence
    if not fact:
        raise Broken(otherwise)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

"""Values that cross the wire: requests, replies, incoming requests and answers.

Credentials are symbolic: only the wire layer turns them into secrets, so a request is the same value in a
run, in a transcript and in a re-judgement.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Annotated, Any

from conformance.model.json_form import OCTETS, SECONDS, JsonForm, read_octets, write_octets
from conformance.model.media_types import JSON

Json = Any


@dataclass(frozen=True, slots=True)
class SubjectAssertion:
    """A short-lived statement by a trusted issuer that a person acts for a subject (JWT; RFC 7523)."""

    subject_type: str
    scheme: str
    value: str
    """Identifier of the subject in `scheme`."""
    capacity: str = "legal_representative"
    assurance: str = "high"
    signer: str = "issuer"
    """Name of the key that signs; `stranger` is a key no platform trusts."""
    audience: str | None = None
    """None means the platform's own issuer identifier."""
    expires_in: int = 120
    """Seconds from now; negative for an assertion that has ended."""
    serial: str = ""
    """Makes the `jti`: equal serials of one case give equal identifiers."""
    agent: str = ""
    """Id of the acting party; empty for somebody who acts for this subject only."""


@dataclass(frozen=True, slots=True)
class ClientAssertion:
    """A client assertion for `private_key_jwt` (RFC 7523), possibly wrong on purpose."""

    client_id: str
    signer: str
    audience: str | None = None
    expires_in: int = 60
    serial: str = ""
    algorithm: str = "ES256"


@dataclass(frozen=True, slots=True)
class ClientToken:
    """The bearer token of a client, from the wire's token cache."""

    client_id: str
    signer: str


@dataclass(frozen=True, slots=True)
class SubjectToken:
    """The bearer token that a subject agent gets for its assertion."""

    assertion: SubjectAssertion


@dataclass(frozen=True, slots=True)
class LiteralToken:
    """A bearer token taken as it is: one that a reply handed out, or one that is no token at all."""

    value: str


Credential = ClientToken | SubjectToken | LiteralToken


@dataclass(frozen=True, slots=True)
class FormBody:
    """A form body; values may be assertions that the wire signs."""

    fields: Mapping[str, str | ClientAssertion | SubjectAssertion]


@dataclass(frozen=True, slots=True)
class Raw:
    """A body sent byte for byte, with its media type."""

    content: bytes
    media_type: str


_ASSERTIONS: dict[str, type[ClientAssertion | SubjectAssertion]] = {
    "client_assertion": ClientAssertion,
    "subject_assertion": SubjectAssertion,
}


def _write_body(value: Json | FormBody | Raw | None) -> Json:
    match value:
        case None:
            return None
        case FormBody(fields):
            return {"form": {name: _write_field(entry) for name, entry in fields.items()}}
        case Raw(content, media_type):
            return {"raw": write_octets(content), "media_type": media_type}
        case _:
            return {"json": value}


def _read_body(data: Mapping[str, Any] | None) -> Json | FormBody | Raw | None:
    match data:
        case {"form": fields}:
            return FormBody({name: _read_field(entry) for name, entry in fields.items()})
        case {"raw": content, "media_type": media_type}:
            return Raw(read_octets(content), media_type)
        case {"json": value}:
            return value
        case _:
            return None


def _write_field(value: str | ClientAssertion | SubjectAssertion) -> Json:
    if isinstance(value, str):
        return value
    tag = next(tag for tag, kind in _ASSERTIONS.items() if isinstance(value, kind))
    return {"sign": tag, **asdict(value)}


def _read_field(data: str | Mapping[str, Any]) -> str | ClientAssertion | SubjectAssertion:
    if isinstance(data, str):
        return data
    return _ASSERTIONS[data["sign"]](**{name: entry for name, entry in data.items() if name != "sign"})


def _write_credential(value: Credential | None) -> Json:
    match value:
        case ClientToken():
            return asdict(value)
        case SubjectToken(assertion):
            return {"subject": asdict(assertion)}
        case LiteralToken(token):
            return {"literal": token}
        case None:
            return None


def _read_credential(data: Mapping[str, Any] | None) -> Credential | None:
    match data:
        case {"client_id": client_id, "signer": signer}:
            return ClientToken(client_id, signer)
        case {"subject": assertion}:
            return SubjectToken(SubjectAssertion(**assertion))
        case {"literal": token}:
            return LiteralToken(token)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the platform."""

    operation: str
    """`operationId` of the platform API."""
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Annotated[Json | FormBody | Raw | None, JsonForm(_write_body, _read_body)] = None
    credential: Annotated[Credential | None, JsonForm(_write_credential, _read_credential)] = None
    valid: bool = True
    """False for a request that breaks the contract on purpose."""
    patient: bool = True
    """True if a reply 429 is followed: wait as long as it says, and send the request again."""


@dataclass(frozen=True)
class Reply:
    """One reply of the platform."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, in order."""
    body: Annotated[bytes, OCTETS]
    elapsed: Annotated[float, SECONDS]
    """Seconds."""
    step: int = 0
    """Number of the exchange within its case, from 1; 0 outside a case."""

    def header(self, name: str) -> str | None:
        """The first value of a header, whose name is compared without case (RFC 9110); None without one."""
        lower = name.lower()
        return next((v for k, v in self.headers if k == lower), None)

    @cached_property
    def media_type(self) -> str:
        """Type and subtype of the body in lower case, without parameters; empty where none is stated."""
        return (self.header("content-type") or "").split(";")[0].strip().lower()

    @cached_property
    def json(self) -> Json:
        """The parsed body; raises ValueError if it is not JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class StagedAnswer:
    """Answer of a party that the suite plays: well-formed, or wrong on purpose."""

    status: int = 200
    """0 closes the connection without an answer."""
    body: Annotated[bytes, OCTETS] = b""
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before the first byte."""
    pause: float = 0.0
    """Seconds before each single byte of the body."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request of the platform to a party that the suite plays, and what it was answered."""

    operation: str
    """`operationId` of the API of that party; empty for none of its operations."""
    method: str
    url: str
    """Path and query as they came."""
    headers: tuple[tuple[str, str], ...]
    body: Annotated[bytes, OCTETS]
    faults: tuple[str, ...]
    """Faults of the platform's credential on arrival, each in one word."""
    answer: StagedAnswer
    look: int = 0
    """Number of the case's first look at its calls that showed this one, from 1; 0 if none did."""
    place: str = ""
    """Name of the place that was called, e.g. `source:F08-01`."""
    number: int = 0
    """Number of arrival among all calls of the case, from 1; 0 in records of older suites."""
    seconds: Annotated[float, SECONDS] = 0.0
    """Seconds from the beginning of the case to the arrival."""

    @property
    def json(self) -> Json:
        """The parsed body; raises ValueError if it is not JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One numbered step of a case."""

    step: int
    request: Request
    method: str
    url: str
    """Path and query as sent, without scheme and host."""
    reply: Reply
    wait: int = 0
    """Number of the `wait_until` of the case that sent it, from 1; 0 outside of one."""
    attempt: int = 0
    """Number of the attempt of that `wait_until`, from 1."""
    retry: int = 0
    """Number of earlier sendings of this request that were answered 429."""

"""The desk: each request goes to the case whose subject it names, with what was wrong with its token."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from conformance.counterpart import Desk, Platform
from conformance.counterpart.server import Arrived
from conformance.loader import load_standard
from conformance.model.standard import Standard
from conformance.model.wire import Answer

ISSUER, OURS = "https://platform.test", "http://source.test/base"
KEY, STRANGER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
USCC = "91990100XT00000012"


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard()


@pytest.fixture
def desk(standard: Standard) -> Desk:
    jwks = {"keys": ["no key", {"kty": "oct"}, KEY.as_dict(private=False)]}
    return Desk(standard.provider_api, Platform(ISSUER, jwks, OURS))


def token(key: ECKey = KEY, **claims: Any) -> str:
    now = int(time.time())
    whole = {
        "iss": ISSUER,
        "sub": ISSUER,
        "aud": OURS,
        "exp": now + 60,
        "jti": f"{time.monotonic_ns()}",
        **claims,
    }
    kept = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode({"alg": "ES256"}, kept, key)


def asked(bearer: str | None = None, path: str = "/base/v1/records", value: str = USCC) -> Arrived:
    body = {
        "item_code": "F08-01",
        "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": value}]},
    }
    headers = (("authorization", f"Bearer {bearer or token()}"),)
    return Arrived("POST", path, headers, json.dumps(body).encode())


def test_each_case_sees_its_own(desk: Desk) -> None:
    desk.stage("one", "F08-01", USCC, Answer(body=b"1"))
    desk.stage("two", "F08-01", "another", Answer(body=b"2"))
    assert desk.answer(asked()).body == b"1"
    assert desk.answer(asked(value="another")).body == b"2"
    assert desk.answer(asked(value="nobody")).body == b'{"records":[]}'
    assert [one.operation for one in desk.arrived("one")] == ["askRecords"]
    assert len(desk.arrived("two")) == 1
    assert desk.arrivals == 3


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/base/v1/records", "askRecords"),
        ("/v1/verifications", "verifyClaims"),
        ("/v1/records?id=1", "askRecords"),
        ("/v1/elsewhere", ""),
    ],
)
def test_operations_are_known_by_path(desk: Desk, path: str, operation: str) -> None:
    desk.stage("case", "F08-01", USCC, Answer())
    desk.answer(asked(path=path))
    assert desk.arrived("case")[0].operation == operation


def test_behind_a_redirect_stands_what_it_promised(desk: Desk) -> None:
    desk.stage("case", "F08-01", USCC, Answer(307, b"there", headers={"Location": f"{OURS}/moved"}))
    assert desk.answer(asked()).status == 307
    assert desk.answer(asked(path="/base/moved")) == Answer(body=b"there")


@pytest.mark.parametrize(
    ("bearer", "faults"),
    [
        (token, ()),
        (lambda: "no-token", ("signature",)),
        (lambda: token(STRANGER), ("signature",)),
        (lambda: token(iss="https://other.test"), ("issuer",)),
        (lambda: token(aud=ISSUER), ("audience",)),
        (lambda: token(aud=[OURS, "x"]), ()),
        (lambda: token(exp=1), ("ended",)),
        (lambda: token(exp=None), ("ended",)),
        (lambda: token(exp=int(time.time()) + 86_400), ("lifetime",)),
        (lambda: token(jti=None), ("identifier",)),
    ],
)
def test_faults_of_tokens_are_named(desk: Desk, bearer: Callable[[], str], faults: tuple[str, ...]) -> None:
    """Made when it is needed: a token lives a minute, and all tests together take more."""
    desk.stage("case", "F08-01", USCC, Answer())
    desk.answer(asked(bearer()))
    assert desk.arrived("case")[0].faults == faults


def test_a_token_serves_once(desk: Desk) -> None:
    desk.stage("case", "F08-01", USCC, Answer())
    bearer = token()
    for _ in range(2):
        desk.answer(asked(bearer))
    assert [one.faults for one in desk.arrived("case")] == [(), ("identifier",)]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"item_code": "F08-01", "subject": 1}', b"\xff"])
def test_what_cannot_be_read_harms_nobody(desk: Desk, body: bytes) -> None:
    assert desk.answer(Arrived("POST", "/v1/records", (), body)).status == 200
    assert desk.arrivals == 1

"""The inbox: each call goes to the case that its path or its subject names, with the faults of its token."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from conformance.counterpart import Inbox, Platform, Provider, place_path
from conformance.counterpart.role import Call
from conformance.counterpart.server import Arrived
from conformance.loader import load_standard
from conformance.model.standard import Standard
from conformance.model.wire import StagedAnswer

ISSUER, OURS = "https://platform.test", "http://source.test/base"
KEY, STRANGER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
USCC = "91990100XT00000012"


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard()


@pytest.fixture
def inbox(standard: Standard) -> Inbox:
    jwks = {"keys": ["no key", {"kty": "oct"}, KEY.as_dict(private=False)]}
    return Inbox((Provider(standard.provider_api, Platform(ISSUER, jwks, OURS)),))


def token(key: ECKey = KEY, **claims: Any) -> str:
    now = int(time.time())
    all_claims = {
        "iss": ISSUER,
        "sub": ISSUER,
        "aud": OURS,
        "exp": now + 60,
        "jti": f"{time.monotonic_ns()}",
        **claims,
    }
    stated = {name: value for name, value in all_claims.items() if value is not None}
    return jwt.encode({"alg": "ES256"}, stated, key)


def asked(bearer: str | None = None, path: str = "/base/v1/records", value: str = USCC) -> Arrived:
    body = {
        "item_code": "F08-01",
        "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": value}]},
    }
    headers = (("authorization", f"Bearer {bearer or token()}"),)
    return Arrived("POST", path, headers, json.dumps(body).encode())


def test_each_case_sees_its_own(inbox: Inbox) -> None:
    inbox.stage("one", "source:F08-01", [StagedAnswer(body=b"1")], USCC)
    inbox.stage("two", "source:F08-01", [StagedAnswer(body=b"2")], "another")
    assert inbox.answer(asked()).body == b"1"
    assert inbox.answer(asked(value="another")).body == b"2"
    assert inbox.answer(asked(value="nobody")).body == b'{"records":[]}'
    assert [one.operation for one in inbox.arrived("one", 0)] == ["askRecords"]
    assert len(inbox.arrived("two", 0)) == 1
    assert inbox.arrivals == 3


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/base/v1/records", "askRecords"),
        ("/v1/verifications", "verifyClaims"),
        ("/v1/records?id=1", "askRecords"),
        ("/v1/elsewhere", ""),
    ],
)
def test_operations_are_known_by_path(inbox: Inbox, path: str, operation: str) -> None:
    inbox.stage("case", "source:F08-01", [StagedAnswer()], USCC)
    inbox.answer(asked(path=path))
    assert inbox.arrived("case", 0)[0].operation == operation


def test_behind_a_redirect_stands_what_it_promised(inbox: Inbox) -> None:
    inbox.stage(
        "case", "source:F08-01", [StagedAnswer(307, b"there", headers={"Location": f"{OURS}/moved"})], USCC
    )
    assert inbox.answer(asked()).status == 307
    assert inbox.answer(asked(path="/base/moved")) == StagedAnswer(body=b"there")


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
def test_faults_of_tokens_are_named(inbox: Inbox, bearer: Callable[[], str], faults: tuple[str, ...]) -> None:
    """Made when it is needed: a token lives a minute, and all tests together take more."""
    inbox.stage("case", "source:F08-01", [StagedAnswer()], USCC)
    inbox.answer(asked(bearer()))
    assert inbox.arrived("case", 0)[0].faults == faults


def test_a_token_serves_once(inbox: Inbox) -> None:
    inbox.stage("case", "source:F08-01", [StagedAnswer()], USCC)
    bearer = token()
    for _ in range(2):
        inbox.answer(asked(bearer))
    assert [one.faults for one in inbox.arrived("case", 0)] == [(), ("identifier",)]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"item_code": "F08-01", "subject": 1}', b"\xff"])
def test_what_cannot_be_read_harms_nobody(inbox: Inbox, body: bytes) -> None:
    assert inbox.answer(Arrived("POST", "/v1/records", (), body)).status == 200
    assert inbox.arrivals == 1


def test_a_script_gives_one_answer_a_call_and_repeats_the_last(inbox: Inbox) -> None:
    inbox.stage("case", "source:F08-01", [StagedAnswer(503), StagedAnswer(500), StagedAnswer(204)], USCC)
    assert [inbox.answer(asked()).status for _ in range(4)] == [503, 500, 204, 204]
    assert [call.answer.status for call in inbox.arrived("case", 0)] == [503, 500, 204, 204]
    inbox.stage("case", "source:F08-01", [StagedAnswer(200)], USCC)
    assert inbox.answer(asked()).status == 200


def test_a_script_has_answers(inbox: Inbox) -> None:
    with pytest.raises(ValueError, match="at least one"):
        inbox.stage("case", "callback", [])


@pytest.mark.parametrize("path", ["/base/at/abc", "/at/abc", "/at/abc/events?x=1"])
def test_a_segment_of_the_path_names_the_case(inbox: Inbox, path: str) -> None:
    inbox.open_place("one", "callback", "abc")
    inbox.stage("one", "callback", [StagedAnswer(204)])
    inbox.stage("two", "source:F08-01", [StagedAnswer(500)], USCC)
    assert inbox.answer(asked(path=path)).status == 204
    assert [call.place for call in inbox.arrived("one", 0)] == ["callback"]
    assert inbox.arrived("two", 0) == ()


def test_a_segment_that_nobody_opened_names_no_case(inbox: Inbox) -> None:
    inbox.stage("case", "source:F08-01", [StagedAnswer()], "another")
    assert inbox.answer(asked(path=place_path("abc"))).status == 404
    assert inbox.arrivals == 1


def test_arrivals_are_numbered_and_timed_from_the_beginning_of_the_case(inbox: Inbox) -> None:
    inbox.stage("case", "source:F08-01", [StagedAnswer()], USCC)
    for at in (103.5, 104.25):
        inbox.answer(replace(asked(), at=at))
    calls = inbox.arrived("case", 100.0)
    assert [(call.number, call.seconds) for call in calls] == [(1, 3.5), (2, 4.25)]


class Receiver:
    """A second role: called below `/events`, about a subscription."""

    def serves(self, arrived: Arrived) -> bool:
        return arrived.url.startswith("/events/")

    def read(self, arrived: Arrived) -> Call:
        return Call("deliverEvent", "receiver", (arrived.url.removeprefix("/events/"),))

    def unprepared(self, operation: str) -> StagedAnswer:
        return StagedAnswer(204 if operation else 404)


def test_a_role_more_is_a_class_more(inbox: Inbox) -> None:
    two_roles = Inbox((*inbox.roles, Receiver()))
    two_roles.stage("one", "receiver", [StagedAnswer(503), StagedAnswer(202)], "subscription-1")
    two_roles.stage("two", "source:F08-01", [StagedAnswer(body=b"2")], USCC)
    event = Arrived("POST", "/events/subscription-1", (), b"{}")
    assert [two_roles.answer(event).status for _ in range(2)] == [503, 202]
    assert two_roles.answer(asked()).body == b"2"
    assert two_roles.answer(Arrived("POST", "/events/other", (), b"{}")).status == 204
    assert [call.operation for call in two_roles.arrived("one", 0)] == ["deliverEvent"] * 2
    assert len(two_roles.arrived("two", 0)) == 1

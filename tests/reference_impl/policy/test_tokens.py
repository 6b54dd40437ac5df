"""Tokens: given for one good assertion, and for nothing else."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.reference_impl.platform_process import KEYS, Client, World, now, signed, uscc

CLIENT_FAULTS: dict[str, dict[str, Any]] = {
    "stranger's key": {"key": "stranger"},
    "ended": {"exp": int(now().timestamp()) - 1},
    "lives too long": {"exp": int(now().timestamp()) + 4000},
    "other audience": {"aud": "https://other.example"},
    "two audiences": {"aud": ["https://other.example", "x"]},
    "no jti": {"jti": None},
    "issued tomorrow": {"iat": int(now().timestamp()) + 86400},
    "not yet valid": {"nbf": int(now().timestamp()) + 86400},
    "subject is another": {"sub": "provider"},
    "unknown issuer": {"iss": "nobody", "sub": "nobody"},
    "text for a number": {"exp": "soon"},
}


def encoded(value: Mapping[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def refused(reply: httpx.Response, status: int, error: str) -> None:
    assert (reply.status_code, reply.json().get("error")) == (status, error), reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert "access_token" not in reply.text


@pytest.mark.parametrize("fault", CLIENT_FAULTS)
def test_a_wrong_client_assertion_yields_no_token(world: World, fault: str) -> None:
    reply = world.hub.ask_token(world.hub.assertion(**CLIENT_FAULTS[fault]))
    refused(reply, 401, "invalid_client")
    assert "Bearer" in reply.headers["WWW-Authenticate"]


@pytest.mark.parametrize("fault", [f for f in CLIENT_FAULTS if f != "subject is another"])
def test_a_wrong_subject_assertion_yields_no_token(world: World, fault: str) -> None:
    agent = world.agent("uscc", uscc(1))
    refused(agent.ask_token(agent.assertion(**CLIENT_FAULTS[fault])), 400, "invalid_grant")


@pytest.mark.parametrize(
    "claims",
    [{"fcsp_subject": None}, {"fcsp_subject": {"type": "ghost"}}, {"capacity": "king"}, {"assurance": 1}],
)
def test_a_subject_assertion_names_subject_and_signer(world: World, claims: dict[str, Any]) -> None:
    agent = world.agent("uscc", uscc(1))
    refused(agent.ask_token(agent.assertion(**claims)), 400, "invalid_grant")


def test_an_assertion_is_used_once(world: World) -> None:
    assertion = world.hub.assertion()
    reply = world.hub.ask_token(assertion)
    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.json()["expires_in"] == 300
    refused(world.hub.ask_token(assertion), 401, "invalid_client")


def test_no_other_algorithm_counts(world: World) -> None:
    claims = {
        "iss": "hub",
        "sub": "hub",
        "aud": world.base_url,
        "jti": "alg",
        "iat": int(now().timestamp()),
        "exp": int(now().timestamp()) + 60,
    }
    head, middle = (encoded(part) for part in ({"alg": "HS256"}, claims))
    mac = hmac.digest(KEYS["hub"].as_pem(private=False), f"{head}.{middle}".encode(), "sha256")
    confused = f"{head}.{middle}.{urlsafe_b64encode(mac).decode().rstrip('=')}"
    unsigned = f"{encoded({'alg': 'none'})}.{middle}.AA"
    embedded = signed("stranger", claims, jwk=KEYS["stranger"].as_dict(private=False))  # type: ignore[arg-type]
    for assertion in (confused, unsigned, embedded, "a.b.c"):
        refused(world.hub.ask_token(assertion), 401, "invalid_client")


def test_scopes_follow_the_role(world: World) -> None:
    token = world.hub.ask_token(world.hub.assertion(), scope="audit").json()
    assert token["scope"] == "audit"
    header = {"Authorization": f"Bearer {token['access_token']}"}
    assert world.http.get("/v1/audit-log", headers=header).status_code == 200
    assert world.http.put(f"/v1/institutions/{uscc(1)}", headers=header).json()["code"] == "forbidden"
    refused(world.hub.ask_token(world.hub.assertion(), scope="collect"), 400, "invalid_scope")


def test_grants_and_forms(world: World) -> None:
    post = world.http.post
    refused(post("/v1/oauth/token", data={"grant_type": "password"}), 400, "unsupported_grant_type")
    refused(post("/v1/oauth/token", data={"x": "1"}), 400, "invalid_request")
    doubled = "grant_type=client_credentials&grant_type=client_credentials"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    refused(post("/v1/oauth/token", content=doubled, headers=form), 400, "invalid_request")
    assert post("/v1/oauth/token", json={}).status_code == 415


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp4", "bearer x y"])
def test_without_a_valid_token_nothing_is_served(world: World, header: str) -> None:
    for method, path in (
        ("GET", "/v1/catalog"),
        ("POST", "/v1/queries"),
        ("PUT", f"/v1/institutions/{uscc(1)}"),
    ):
        reply = world.http.request(method, path, headers={"Authorization": header})
        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_institution_that_is_not_admitted_gets_no_token(world: World) -> None:
    stranger: Client = world.client(uscc(888), "bank")
    refused(stranger.ask_token(stranger.assertion()), 401, "invalid_client")

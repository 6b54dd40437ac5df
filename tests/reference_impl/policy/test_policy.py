"""The policy modules by themselves: pure functions, no platform."""

from datetime import UTC, datetime
from typing import Any

import pytest

from reference_impl.policy import audit, authorization, collection, docking, query, scopes, tokens
from reference_impl.policy.authorization import CONDITIONS, Authorization, Need, matching
from reference_impl.policy.collection import Incoming, Stored
from reference_impl.policy.model import Caller, Refusal, Subject
from tests.reference_impl.codes import code_set

NEED = Need("bank", "pre_loan", "F04-02")


def given(**changed: Any) -> Authorization:
    document = {
        "authorization_id": "a",
        "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": "X"}]},
        "recipient": "bank",
        "purpose": "pre_loan",
        "items": ["F04-02"],
        "valid_from": "2026-03-01",
        "valid_until": "2026-03-31",
        **changed,
    }
    return Authorization.of(document)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-02-28T23:59:59+08:00", "pending"),
        ("2026-03-01T00:00:00+08:00", "active"),
        ("2026-02-28T16:00:00+00:00", "active"),
        ("2026-03-31T23:59:59+08:00", "active"),
        ("2026-03-31T15:59:59+00:00", "active"),
        ("2026-04-01T00:00:00+08:00", "expired"),
        ("2026-03-31T16:00:00+00:00", "expired"),
    ],
)
def test_days_are_days_in_china(moment: str, state: str) -> None:
    assert authorization.state(given(), at(moment), code_set("authorization_event")) == state
    assert bool(matching(CONDITIONS, [given()], NEED, at(moment))) == (state == "active")


@pytest.mark.parametrize(
    "changed",
    [
        {"recipient": "other"},
        {"purpose": "post_loan"},
        {"items": ["F04-01"]},
        {"revoked_at": "2026-03-02T00:00:00+08:00"},
    ],
)
def test_each_condition_counts(changed: dict[str, Any]) -> None:
    assert not matching(CONDITIONS, [given(**changed)], NEED, at("2026-03-15T12:00:00+08:00"))


def test_revoking_again_keeps_the_first_moment() -> None:
    once = Authorization.of(authorization.revoke(given(), "first"))
    assert authorization.revoke(once, "second")["revoked_at"] == "first"


def test_an_authorization_opens_only_the_shared_identifiers() -> None:
    queried = Subject("enterprise", frozenset({("uscc", "X"), ("uscc", "Y")}))
    bank = Caller("bank", "bank", "financial_institution", frozenset())
    assert query.grant(bank, queried, "authorized", [given()]).visible == {("uscc", "X")}
    assert query.grant(bank, queried, "authorized", []).refused
    assert query.grant(bank, queried, "public", []).visible == queried.ids


@pytest.mark.parametrize(
    ("new", "stored", "wins"),
    [
        (Incoming(2, "b", withdraws=False), Stored(1, "a", withdrawn=False), True),
        (Incoming(1, "a", withdraws=False), Stored(1, "a", withdrawn=False), False),
        (Incoming(1, "b", withdraws=True), Stored(1, "a", withdrawn=False), True),
        (Incoming(1, "b", withdraws=True), Stored(2, "a", withdrawn=False), False),
        (Incoming(2, "b", withdraws=False), Stored(2, "a", withdrawn=True), False),
    ],
)
def test_versions(new: Incoming, stored: Stored, wins: bool) -> None:  # noqa: FBT001
    assert collection.supersedes(new, stored) is wins


def test_a_chain_shows_any_change() -> None:
    first = audit.seal({"a": 1}, 1, audit.GENESIS)
    second = audit.seal({"a": 2}, 2, first["hash"])
    assert audit.broken_at([first, second]) is None
    assert audit.broken_at([{**first, "a": 3}, second]) == 1
    assert audit.broken_at([second]) == 1
    assert audit.broken_at([first, first]) == 2


def test_scopes() -> None:
    codes = {
        "client_role": {"hub": {"scopes": ["audit", "query"]}, "provider": {"scopes": ["collect"]}},
        "institution_class": {"credit_service": {"scopes": ["query"]}},
    }
    assert scopes.granted("credit_service", None, codes=codes) == {"query"}
    assert scopes.granted("hub", "audit query", codes=codes) == {"audit", "query"}
    assert scopes.granted("subject", None, codes=codes) == {"subject"}
    assert scopes.granted("nobody", None, codes=codes) == frozenset()
    with pytest.raises(Refusal):
        scopes.granted("provider", "collect query", codes=codes)


def test_notices() -> None:
    assert docking.after("active", "suspension") == "suspended"
    assert docking.after("suspended", "list_change") == "suspended"
    assert docking.after("suspended", "resumption") == "active"
    assert docking.stops({"createQuery"}, "createQuery", "suspended")
    assert not docking.stops({"createQuery"}, "createQuery", "active")
    assert not docking.stops({"createQuery"}, "getHealth", "suspended")


@pytest.mark.parametrize("exp", [None, "1", True, 0, 1e12])
def test_an_assertion_ends_soon_and_in_numbers(exp: object) -> None:
    expected = tokens.Expected("me", "you", datetime(2026, 1, 1, tzinfo=UTC))
    assert not tokens.expiry({"exp": exp}, expected)

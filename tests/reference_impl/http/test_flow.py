"""The life of information: admission, authorization, delivery, query, revocation, and the trace it leaves."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from reference_impl.policy import audit
from tests.reference_impl.platform_process import TODAY, Client, World, record, resident_id, uscc


def authorization(number: int, recipient: str, **members: Any) -> dict[str, Any]:
    return {
        "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": uscc(number)}]},
        "recipient": recipient,
        "purpose": "pre_loan",
        "items": ["F04-02", "F02-01"],
        "valid_from": str(TODAY),
        "valid_until": str(TODAY),
        "text_version": "enterprise_2026",
        "origin": "platform_page",
        "evidence": {
            "digest_algorithm": "SM3",
            "digest": uuid4().hex * 2,
            "signed_at": f"{TODAY}T00:00:00+08:00",
        },
        **members,
    }


def deliver(world: World, *records: dict[str, Any]) -> dict[str, Any]:
    item = records[0]["item_code"]
    reply = world.provider.send("POST", "/v1/batches", {"item_code": item, "records": list(records)})
    assert reply.status_code == 202, reply.text
    batch: dict[str, Any] = world.provider.send("GET", reply.headers["Location"]).json()
    return batch


def ask(
    client: Client, number: int, items: list[str], *authorizations: str, **members: Any
) -> dict[str, Any]:
    body = {
        "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": uscc(number)}]},
        "items": items,
        "purpose": "pre_loan",
        "authorizations": list(authorizations),
        **members,
    }
    reply = client.send("POST", "/v1/queries", body)
    assert reply.status_code == 200, reply.text
    result: dict[str, Any] = reply.json()
    return result


def statuses(reply: dict[str, Any]) -> list[str]:
    return [result["status"] for result in reply["results"]]


def give(world: World, number: int, recipient: str, **members: Any) -> str:
    agent = world.agent("uscc", uscc(number))
    reply = agent.send("POST", "/v1/authorizations", authorization(number, recipient, **members))
    assert reply.status_code == 201, reply.text
    name: str = reply.json()["authorization_id"]
    assert reply.headers["Location"].endswith(name)
    return name


def test_an_authorized_query_discloses_until_the_authorization_is_revoked(world: World) -> None:
    bank = world.admit(101)
    assert deliver(world, record(1, "F04-02"))["accepted"] == 1
    assert statuses(ask(bank, 1, ["F04-02", "F01-01"])) == ["not_authorized", "empty"]

    name = give(world, 1, bank.client_id)
    reply = ask(bank, 1, ["F04-02"], name)
    (result,) = reply["results"]
    assert (result["status"], result["authorization_id"]) == ("ok", name)
    assert result["records"][0]["fields"]["tax_paid"] == {"form": "raw", "value": "4321.09"}
    assert (reply["recipient"], reply["audience"]) == (bank.client_id, "financial_institution")

    agent = world.agent("uscc", uscc(1))
    for _ in range(2):
        revoked = agent.send("POST", f"/v1/authorizations/{name}/revocation", {})
        assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked")
    assert statuses(ask(bank, 1, ["F04-02"], name)) == ["not_authorized"]


def test_an_authorization_opens_nothing_that_it_does_not_name(world: World) -> None:
    bank, guarantor = world.admit(102), world.admit(103, "guarantee")
    deliver(world, record(2, "F04-02"))
    deliver(world, record(3, "F04-02"))
    name = give(world, 2, bank.client_id)

    assert statuses(ask(guarantor, 2, ["F04-02"], name)) == ["not_authorized"]
    assert statuses(ask(bank, 2, ["F04-02"], name, purpose="post_loan")) == ["not_authorized"]
    assert statuses(ask(bank, 3, ["F04-02"], name)) == ["not_authorized"]
    two_enterprises = {"type": "enterprise", "ids": [{"scheme": "uscc", "value": uscc(n)} for n in (2, 3)]}
    body = {"subject": two_enterprises, "items": ["F04-02"], "purpose": "pre_loan", "authorizations": [name]}
    assert bank.send("POST", "/v1/queries", body).status_code == 422


def test_only_the_days_of_the_period_count(world: World) -> None:
    bank, day = world.admit(104), timedelta(days=1)
    deliver(world, record(4, "F04-02"))
    ended = give(world, 4, bank.client_id, valid_from=str(TODAY - 9 * day), valid_until=str(TODAY - day))
    later = give(world, 4, bank.client_id, valid_from=str(TODAY + day), valid_until=str(TODAY + 9 * day))

    assert statuses(ask(bank, 4, ["F04-02"], ended, later)) == ["not_authorized"]
    states = [bank.send("GET", f"/v1/authorizations/{name}").json()["state"] for name in (ended, later)]
    assert states == ["expired", "pending"]


def test_nobody_authorizes_for_somebody_else(world: World) -> None:
    bank = world.admit(105)
    agent = world.agent("uscc", uscc(5))
    body = authorization(6, bank.client_id)
    assert agent.send("POST", "/v1/authorizations", body).status_code == 403
    two_enterprises = {"type": "enterprise", "ids": [{"scheme": "uscc", "value": uscc(n)} for n in (5, 6)]}
    assert agent.send("POST", "/v1/authorizations", {**body, "subject": two_enterprises}).status_code == 403
    upload = {**body, "origin": "institution_upload"}
    assert bank.send("POST", "/v1/authorizations", upload).status_code == 201
    assert bank.send("POST", "/v1/authorizations", {**upload, "recipient": uscc(106)}).status_code == 403
    agency = world.admit(107, "credit_service")
    assert agency.send("POST", "/v1/authorizations", {**upload, "recipient": uscc(107)}).status_code == 403


def test_a_subject_sees_itself_alone(world: World) -> None:
    deliver(world, record(8, "F04-02"))
    agent = world.agent("uscc", uscc(8))
    assert statuses(ask(agent, 8, ["F04-02"], purpose="self_inquiry")) == ["ok"]
    body = {
        "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": uscc(1)}]},
        "items": ["F04-02"],
        "purpose": "self_inquiry",
        "authorizations": [],
    }
    assert agent.send("POST", "/v1/queries", body).status_code == 403


def test_the_person_authorizes_separately(world: World) -> None:
    bank, person = world.admit(109), resident_id(1)
    agent = world.agent("resident_id", person, "natural_person")
    body = authorization(
        9,
        bank.client_id,
        subject={"type": "natural_person", "ids": [{"scheme": "resident_id", "value": person}]},
        text_version="person_2026",
    )
    reply = agent.send("POST", "/v1/authorizations", body)
    assert reply.status_code == 201
    assert person not in reply.headers["Location"]
    assert statuses(ask(bank, 9, ["F04-02"], reply.json()["authorization_id"])) == ["not_authorized"]


def test_the_newest_version_wins_and_a_withdrawal_ends_service(world: World) -> None:
    bank = world.admit(110)
    item, number = "F01-01", 10
    newer = record(number, item, version=3)
    assert deliver(world, newer)["accepted"] == 1
    stale = deliver(world, record(number, item, version=2))
    assert [r["code"] for r in stale["outcomes"][0]["reasons"]] == ["stale_version"]
    assert deliver(world, newer)["duplicates"] == 1
    assert deliver(world, record(number, item, record_id="another"))["duplicates"] == 1
    (served_record,) = ask(bank, number, [item])["results"][0]["records"]
    assert served_record["record_version"] == 3

    withdrawal = {
        k: v for k, v in record(number, item, version=4, operation="withdraw").items() if k != "content"
    }
    assert deliver(world, withdrawal)["accepted"] == 1
    assert statuses(ask(bank, number, [item])) == ["empty"]
    assert deliver(world, record(number, item, version=3))["rejected"] == 1


def test_every_disclosure_is_in_the_chained_log(world: World) -> None:
    bank = world.admit(111)
    query_id = ask(bank, 11, ["F01-01"])["query_id"]
    events, cursor = [], None
    while True:
        page = world.hub.send(
            "GET", "/v1/audit-log?limit=20" + (f"&cursor={cursor}" if cursor else "")
        ).json()
        events += page["events"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert audit.broken_at(events) is None
    assert events[-1]["hash"] == page["head"]["hash"]
    (event,) = [e for e in events if e["query_id"] == query_id]
    assert (event["recipient"], event["items"]) == (bank.client_id, ["F01-01"])
    assert uscc(11) not in str(event)


def test_a_repeated_delivery_has_no_second_effect(world: World) -> None:
    key = uuid4().hex
    body = {"item_code": "F01-01", "records": [record(12)]}
    first, second = (world.provider.send("POST", "/v1/batches", body, Idempotency_Key=key) for _ in range(2))
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert first.headers["Location"] == second.headers["Location"]
    second_batch = {"item_code": "F01-01", "records": [record(13)]}
    assert (
        world.provider.send("POST", "/v1/batches", second_batch, Idempotency_Key=key).json()["code"]
        == "idempotency_conflict"
    )
    assert world.provider.send("POST", "/v1/batches", body, Idempotency_Key="short").status_code == 400


def test_a_mixed_batch_keeps_its_good_records(world: World) -> None:
    bad = record(15, record_id="bad", content={})
    batch = deliver(world, record(14), bad, {"record_id": 7}, record(16, item_code="F99-99"))
    assert [o["outcome"] for o in batch["outcomes"]] == ["accepted", "rejected", "rejected", "rejected"]
    assert (batch["received"], batch["accepted"], batch["rejected"]) == (4, 1, 3)
    assert batch["outcomes"][2]["record_id"] is None


def test_suspension_acts_on_tokens_already_issued(world: World) -> None:
    bank = world.admit(117)
    ask(bank, 1, ["F01-01"])
    path = f"/v1/institutions/{bank.client_id}"
    world.hub.send("PATCH", f"{path}/status", {"status": "suspended", "reason": "测试"})
    refused = bank.send("GET", path)
    assert (refused.status_code, refused.json()["code"]) == (403, "institution_suspended")
    assert bank.ask_token(bank.assertion()).status_code == 403
    world.admit(117)
    assert bank.send("GET", path).status_code == 403
    world.hub.send("PATCH", f"{path}/status", {"status": "active", "reason": "测试"})
    assert bank.send("GET", path).json()["class"] == "bank"


def test_the_catalog_is_paged_and_complete(world: World) -> None:
    page = world.provider.send("GET", "/v1/catalog?limit=4").json()
    second_page = world.provider.send("GET", f"/v1/catalog?limit=500&cursor={page['next_cursor']}").json()
    codes = [entry["item_code"] for entry in page["items"] + second_page["items"]]
    assert len(page["items"]) == 4
    assert len(set(codes)) == len(codes) > 4
    assert world.provider.send("GET", f"/v1/catalog/{codes[0]}").json() == page["items"][0]
    assert world.provider.send("GET", "/v1/catalog?cursor=AAAA").status_code == 422

"""Rates, identifiers that go together, and batches of queries that survive a kill."""

from pathlib import Path
from time import sleep
from typing import Any

from reference_impl.policy.rates import Throttle
from reference_impl.policy.subjects import contradictions
from reference_impl.settings import Rate
from tests.reference_impl.platform_process import org_code, record, running, uscc
from tests.reference_impl.store.test_durability import killed


def test_a_bucket_empties_and_fills_again_for_each_client() -> None:
    now = [0.0]
    throttle = Throttle((Rate(("dear",), 60, 2), Rate((), 600, 5)), lambda: now[0])
    assert [throttle.wait("a", "dear") for _ in range(3)] == [0.0, 0.0, 1.0]
    assert throttle.wait("b", "dear") == 0.0
    assert throttle.wait("a", "anything") == 0.0
    now[0] = 1.0
    assert [throttle.wait("a", "dear") for _ in range(2)] == [0.0, 1.0]


def test_identifiers_of_one_subject_go_together() -> None:
    identifier = {"scheme": "uscc", "value": uscc(1)}
    assert contradictions([identifier, {"scheme": "org_code", "value": org_code(1)}]) == []
    dashed = org_code(1)[:8] + "-" + org_code(1)[8:]
    assert contradictions([identifier, {"scheme": "org_code", "value": dashed}]) == []
    assert contradictions([identifier, {"scheme": "org_code", "value": org_code(2)}]) == [
        "/subject/ids/1/value"
    ]
    assert contradictions([identifier, identifier, {"scheme": "uscc", "value": uscc(2)}]) == [
        "/subject/ids/2/value"
    ]


def test_a_batch_of_queries_survives_a_kill(tmp_path: Path) -> None:
    database = ("--database", f"sqlite:///{tmp_path / 'platform.db'}")
    subject = {"type": "enterprise", "ids": [{"scheme": "uscc", "value": uscc(1)}]}
    query = {"subject": subject, "items": ["F01-01"], "purpose": "pre_loan", "authorizations": []}
    with running(tmp_path, *database) as world:
        bank = world.admit(1)
        world.provider.send("POST", "/v1/batches", {"item_code": "F01-01", "records": [record(1)]})
        receipt = bank.send("POST", "/v1/query-batches", {"queries": [query, {}] * 100})
        assert receipt.status_code == 202
        killed(world)

    with running(tmp_path, *database, "--public-url", world.base_url) as restarted:
        reader = restarted.client(bank.client_id, "bank")
        reader.base_url = world.base_url
        path = receipt.headers["Location"]
        for _ in range(100):
            batch: Any = reader.send("GET", path).json()
            if batch["state"] == "done":
                break
            sleep(0.05)
        assert (batch["state"], batch["finished"], batch["lines"]) == ("done", 200, 200)
        page = reader.send("GET", f"{path}/results?limit=3").json()
        codes = [(one["reply"] or one["problem"]).get("code", "answered") for one in page["results"]]
        assert codes == ["answered", "invalid_request", "answered"]
        assert page["results"][0]["reply"]["results"][0]["status"] == "ok"

"""What was acknowledged survives a kill, and the network's word does too."""

import os
import signal
from datetime import timedelta
from pathlib import Path

from tests.reference_impl.http.test_flow import ask, give, statuses
from tests.reference_impl.platform_process import World, record, running


def killed(world: World) -> None:
    assert world.process is not None
    os.kill(world.process.pid, signal.SIGKILL)
    world.process.wait(60)


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    database = ("--database", f"sqlite:///{tmp_path / 'platform.db'}")
    with running(tmp_path, *database) as world:
        bank = world.admit(1)
        name = give(world, 1, bank.client_id)
        body = {"item_code": "F04-02", "records": [record(1, "F04-02"), {}]}
        reply = world.provider.send("POST", "/v1/batches", body, Idempotency_Key="kept-after-kill")
        assert reply.status_code == 202
        killed(world)

    with running(tmp_path, *database, "--public-url", world.base_url) as restarted:
        batch = restarted.client("provider", "provider")
        batch.base_url = world.base_url
        batch_state = batch.send("GET", reply.headers["Location"]).json()
        assert [o["outcome"] for o in batch_state["outcomes"]] == ["accepted", "rejected"]
        bank = restarted.client(bank.client_id, "bank")
        bank.base_url = world.base_url
        assert statuses(ask(bank, 1, ["F04-02"], name)) == ["ok"]
        repeated = batch.send("POST", "/v1/batches", body, Idempotency_Key="kept-after-kill")
        assert repeated.json() == reply.json()


def test_identifiers_and_contents_are_not_stored_in_plain(tmp_path: Path) -> None:
    with running(tmp_path, "--database", f"sqlite:///{tmp_path / 'platform.db'}") as world:
        delivered = record(1, "F04-02")
        world.provider.send("POST", "/v1/batches", {"item_code": "F04-02", "records": [delivered]})
        give(world, 1, world.admit(2).client_id)
    database_bytes = b"".join(file.read_bytes() for file in tmp_path.glob("platform.db*"))
    assert delivered["record_id"].encode() in database_bytes
    assert delivered["content"]["taxpayer_id"].encode() not in database_bytes
    assert oct((tmp_path / "platform.db.key").stat().st_mode & 0o777) == "0o600"


def test_suspension_stops_disclosure_until_resumption(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        bank = world.admit(1)
        notice = {"kind": "suspension", "issued_at": "2026-10-01T08:00:00+08:00"}
        assert world.provider.send("POST", "/v1/network/notices", notice).status_code == 403
        assert world.hub.send("POST", "/v1/network/notices", notice).status_code == 202
        body = {
            "subject": record(1)["subject"],
            "items": ["F01-01"],
            "purpose": "pre_loan",
            "authorizations": [],
        }
        body["subject"] = {name: body["subject"][name] for name in ("type", "ids")}
        stopped = bank.send("POST", "/v1/queries", body)
        assert (stopped.status_code, stopped.json()["code"]) == (503, "platform_suspended")
        assert "Retry-After" in stopped.headers
        assert world.http.get("/v1/health").json()["status"] == "suspended"
        assert world.http.get("/.well-known/fcsp-platform").json()["list_entry"]["status"] == "suspended"
        world.hub.send("POST", "/v1/network/notices", {**notice, "kind": "resumption"})
        assert bank.send("POST", "/v1/queries", body).status_code == 200


def test_production_refuses_test_identities(tmp_path: Path) -> None:
    with running(tmp_path, "--environment", "production", ahead=timedelta()) as world:
        version = world.http.get("/.well-known/fcsp-platform").json()["checklist_version"]
        body = {"item_code": "F01-01", "records": [record(1, checklist_version=version)]}
        reply = world.provider.send("POST", "/v1/batches", body)
        (outcome,) = world.provider.send("GET", reply.headers["Location"]).json()["outcomes"]
        assert outcome["reasons"][0]["pointer"] == "/subject/ids/0/value"
        preview = world.hub.send(
            "POST", "/v1/desensitization/preview", {"type": "mobile", "kind": "part", "value": "x"}
        )
        assert preview.status_code == 404

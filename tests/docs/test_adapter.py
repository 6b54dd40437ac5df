"""The worked example of the vendor guide: it makes sound records, and its replies obey the suite."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import uvicorn

from conformance.cli.shared.judges import all_checks_and_monitors
from conformance.loader import load_standard, load_target
from conformance.model.standard import Standard
from conformance.oracles.validate import item_validator
from conformance.runner import Selection, Settings, open_session, plan, run
from conformance.selftest.trial import reference_options
from conformance.workspace import aim, create
from docs.examples.legacy_adapter import adapter, legacy, mapping

USCC = "91990100XT0000014N"
DATA = legacy.ENTERPRISES[USCC]
PASSED = (
    "DOC-001/descriptor_states_who_the_platform_is",
    "DOC-002/health_is_answered_without_credentials",
    "DOC-004/problem_details",
    "DOC-005/contract",
)


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard()


def ask(uscc: str) -> dict[str, Any]:
    async def asked() -> dict[str, Any]:
        transport = httpx.ASGITransport(app=legacy.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://legacy.invalid") as client:
            return await adapter.Legacy(client).basic_registration(uscc)

    return anyio.run(asked)


def test_what_the_existing_api_has_becomes_a_sound_item(standard: Standard) -> None:
    item = standard.checklist.item("F01-01")
    content = ask(USCC)
    assert item_validator(item)(content) == ()
    assert content["registered_capital"] == "1505000.00"
    assert content["establish_date"] == "2020-01-31"
    assert content["registration_status"] == "ACTIVE"
    assert "term_to" not in content
    assert "registration_no" not in content


@pytest.mark.parametrize(
    ("field", "value"), [("djzt", "不明"), ("ztlx", "77"), ("clrq", "2020-1-31"), ("zczb", "壹佰万")]
)
def test_what_has_no_word_is_refused_and_not_shown(field: str, value: str) -> None:
    with pytest.raises(mapping.UnmappableError) as caught:
        mapping.basic_registration({**DATA, field: value})
    assert field in str(caught.value)
    assert value not in str(caught.value)


def test_a_failure_inside_a_good_reply_becomes_a_failure() -> None:
    with pytest.raises(adapter.LegacyError) as caught:
        ask("91990100XT0000022H")
    assert (caught.value.status, caught.value.code) == (404, "not_found")


@pytest.fixture(scope="module")
def address(standard: Standard) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(adapter.application(about(base, standard)), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        yield base
        server.should_exit = True
        thread.join(20)


def about(base: str, standard: Standard) -> dict[str, Any]:
    return {
        "platform_id": "example-990100",
        "name": {"zh": "示例平台", "en": "Example platform"},
        "operator": {"name": "测试市示例软件有限公司", "uscc": USCC},
        "environment": "test",
        "level": "municipal",
        "division_code": "990100",
        "issuer": base,
        "token_endpoint": f"{base}/v1/oauth/token",
        "api_base": base,
        "standard_versions": [standard.version],
        "checklist_version": standard.checklist.version,
        "checklist_versions": [
            {
                "version": standard.checklist.version,
                "standing": "in_force",
                "effective_from": "2026-01-01",
                "effective_until": None,
            }
        ],
        "conformance": {"profile": "baseline", "capabilities": []},
        "jwks": {"keys": []},
        "list_entry": {"number": "EXAMPLE-1", "status": "active", "since": "2026-01-01"},
        "limits": {
            "max_body_bytes": 1_000_000,
            "max_batch_records": 1000,
            "max_query_batch_lines": 100,
            "query_batch_hours": 24,
            "idempotency_hours": 24,
            "rates": [{"operations": ["createQuery"], "per_minute": 60, "burst": 10}],
        },
        "tariff": {"checklist_items_cny": "0"},
    }


def test_the_adapter_obeys_what_the_guide_says_it_does(
    address: str, standard: Standard, tmp_path: Path
) -> None:
    options = reference_options(standard)
    workspace = create(tmp_path / "work", options, standard)
    aim(workspace, address, options, standard)
    described = workspace.target.read_text("utf-8").replace('"provincial"', '"baseline"')
    workspace.target.write_text(described, "utf-8")
    checks, monitors = all_checks_and_monitors(standard)
    with open_session(load_target(workspace.target), standard, 0, "adapter") as session:
        planned = plan(
            standard, session.target, checks, monitors, Selection(ids=PASSED), settings=Settings(0, "adapter")
        )
        results = list(run(planned, session.context, 1, monitors))
    verdicts = {result.case.id: result.verdict.value for result in results}
    findings = [finding.message for result in results for finding in result.findings]
    assert {name: verdicts.get(name) for name in PASSED[:2]} == dict.fromkeys(PASSED[:2], "passed"), findings
    assert verdicts[PASSED[3]] == "passed", findings


def test_what_the_framework_refuses_is_told_as_a_problem(address: str) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("DELETE", "/v1/health", 405)):
        reply = httpx.request(method, address + path)
        assert reply.status_code == status
        assert reply.headers["content-type"] == "application/problem+json"
        assert set(reply.json()["detail_i18n"]) == {"zh", "en"}

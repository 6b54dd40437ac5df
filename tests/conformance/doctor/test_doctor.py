"""The doctor: every broken layer is recognized as that layer, and nothing above it is blamed."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from conformance.doctor import Diagnosis, ProbeState, examine, healthy
from conformance.expect import Inconclusive
from conformance.loader import load_standard
from conformance.messages import load_messages
from conformance.model.standard import Standard
from conformance.model.target import Client, Target
from conformance.model.text import Lang, Message
from conformance.model.wire import FormBody, Reply, Request
from conformance.workspace import create
from conformance.workspace.options import WorkspaceOptions
from tests.conformance.doctor import servers

SUBJECT = ("enterprise", "uscc", "x")


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, standard: Standard) -> Target:
    workspace = create(tmp_path_factory.mktemp("workspace"), WorkspaceOptions("http://127.0.0.1:1"), standard)
    clients = {role: Client(f"fcsp-{role}", role, role) for role in ("hub", "upstream", "provider")}
    pool = ("institution-1", "institution-2")
    return Target(
        "http://127.0.0.1:1",
        "provincial",
        clients=clients,
        institution_keys=pool,
        issuer="https://issuer.fcsp.test",
        key_store=workspace.keys,
        timeout=20.0,
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> servers.Authority:
    return servers.Authority(tmp_path_factory.mktemp("authority"))


def at(target: Target, port: int, scheme: str = "http", **changes: Any) -> Target:
    return replace(target, base_url=f"{scheme}://127.0.0.1:{port}", **changes)


def diagnose(target: Target, standard: Standard, send: Any = None) -> list[Diagnosis]:
    def refuse() -> Any:
        raise AssertionError("the wire is opened only when the layers below hold")

    diagnoses = list(examine(target, standard, (lambda: send) if send else refuse, SUBJECT))
    messages = load_messages()
    for diagnosis in diagnoses:
        for message in filter(None, (diagnosis.observation, diagnosis.advice)):
            assert message.key in messages, message.key
            for lang in Lang:
                assert not messages.render(message, lang).startswith("doctor."), message
    return diagnoses


def failure(target: Target, standard: Standard) -> str:
    """The key of the last finding, which has to be the only failure."""
    diagnoses = diagnose(target, standard)
    assert [d.state for d in diagnoses].count(ProbeState.FAIL) == 1
    assert diagnoses[-1].state is ProbeState.FAIL
    assert not healthy(diagnoses)
    return diagnoses[-1].observation.key.removeprefix("doctor.")


def descriptor(base_url: str, standard: Standard, **changes: Any) -> dict[str, Any]:
    key = {
        "kty": "EC",
        "crv": "P-256",
        "x": "A" * 43,
        "y": "B" * 43,
        "kid": "k",
        "use": "sig",
        "alg": "ES256",
    }
    return {
        "platform_id": "fcsp-990000",
        "name": {"zh": "测试平台", "en": "Test platform"},
        "operator": {"name": "测试市示例信用服务有限公司", "uscc": "91990100XTAAAAAA00"},
        "environment": "test",
        "level": "provincial",
        "division_code": "990000",
        "issuer": base_url,
        "token_endpoint": f"{base_url}/v1/oauth/token",
        "api_base": base_url,
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
        "conformance": {"profile": "provincial", "capabilities": []},
        "jwks": {"keys": [key]},
        "list_entry": {"number": "1", "status": "active", "since": "2026-01-01"},
        "limits": {
            "max_body_bytes": 1048576,
            "max_batch_records": 1000,
            "max_query_batch_lines": 500,
            "query_batch_hours": 72,
            "idempotency_hours": 48,
            "rates": [{"operations": [], "per_minute": 600, "burst": 60}],
        },
        "tariff": {"checklist_items_cny": "0"},
        "time": datetime.now(UTC).astimezone().isoformat(),
    } | changes


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]


@pytest.mark.parametrize(
    "url", ["", "platform", "ftp://127.0.0.1", "http://", "http://a:b@h", "http://h:99999", "http://h?x"]
)
def test_malformed_address(url: str, target: Target, standard: Standard) -> None:
    assert failure(replace(target, base_url=url), standard) == "address_malformed"


def test_plain_http_in_production(target: Target, standard: Standard) -> None:
    wrong = replace(target, base_url="http://platform.invalid", environment="production")
    assert failure(wrong, standard) == "address_plain_production"


def test_unknown_name(target: Target, standard: Standard) -> None:
    diagnoses = diagnose(replace(target, base_url="https://no-such-platform.invalid", timeout=5.0), standard)
    assert diagnoses[-1].observation.key in {"doctor.dns_unknown", "doctor.dns_timeout"}


def test_closed_port(closed_port: int, target: Target, standard: Standard) -> None:
    assert failure(at(target, closed_port), standard) == "tcp_refused"


@pytest.mark.parametrize(
    ("talk", "key"),
    [
        (servers.reply(b"<html>login</html>", media="text/html"), "http_html"),
        (servers.reply(b"<html>502</html>", media="text/html", status="502 Bad Gateway"), "http_html"),
        (servers.reply(b"{}", status="404 Not Found"), "http_not_found"),
        (servers.reply(b"{}", status="503 Service Unavailable"), "http_server_error"),
        (servers.reply(b"{}", status="401 Unauthorized"), "http_status"),
        (servers.reply(b"hello"), "http_not_json"),
        (servers.reply(b"[" * 100_000), "http_not_json"),
        (servers.reply(b"[]"), "http_not_json"),
        (
            servers.reply(b"", status="302 Found", header_lines="Location: /.well-known/fcsp-platform\r\n"),
            "http_redirect_loop",
        ),
        (
            servers.reply(b"", status="302 Found", header_lines="Location: http://127.0.0.1:9/elsewhere\r\n"),
            "http_redirect",
        ),
        (servers.reply(b"{}"), "descriptor_shape"),
        (servers.endless, "http_endless"),
        (servers.dripping, "http_timeout"),
        (servers.silent, "http_timeout"),
        (servers.hang_up, "http_broken"),
    ],
)
def test_what_answers_is_no_platform(
    talk: servers.Talk, key: str, target: Target, standard: Standard
) -> None:
    patience = 1.0 if key == "http_timeout" else target.timeout
    with servers.serving(talk) as port:
        assert failure(at(replace(target, timeout=patience), port), standard) == key


def test_unknown_authority(authority: servers.Authority, target: Target, standard: Standard) -> None:
    with servers.serving(servers.reply(b"{}"), authority.context()) as port:
        assert failure(at(target, port, "https"), standard) == "tls_unknown_ca"


def test_expired_certificate(authority: servers.Authority, target: Target, standard: Standard) -> None:
    with servers.serving(servers.reply(b"{}"), authority.context(days=-1)) as port:
        assert failure(at(target, port, "https", ca_file=authority.file), standard) == "tls_expired"


def test_certificate_of_another_host(
    authority: servers.Authority, target: Target, standard: Standard
) -> None:
    with servers.serving(servers.reply(b"{}"), authority.context(address="127.0.0.9")) as port:
        assert failure(at(target, port, "https", ca_file=authority.file), standard) == "tls_hostname"


def test_port_without_tls(target: Target, standard: Standard) -> None:
    with servers.serving(servers.reply(b"{}")) as port:
        assert failure(at(target, port, "https"), standard) == "tls_not_spoken"


def test_unreadable_ca_file(target: Target, standard: Standard, tmp_path: Path) -> None:
    with servers.serving(servers.silent) as port:
        assert failure(at(target, port, "https", ca_file=tmp_path / "none.pem"), standard) == "tls_ca_file"


def test_certificate_about_to_end(authority: servers.Authority, target: Target, standard: Standard) -> None:
    with servers.serving(servers.reply(b"{}"), authority.context(days=5)) as port:
        diagnoses = diagnose(at(target, port, "https", ca_file=authority.file), standard)
    assert {d.probe: d.state for d in diagnoses}["tls"] is ProbeState.WARN


def described(
    target: Target, standard: Standard, send: Any = None, *, date: datetime | None = None, **changes: Any
) -> list[Diagnosis]:
    """Diagnose a platform whose descriptor is right but for `changes`."""
    content: dict[str, Any] = {}
    date_header = f"Date: {format_datetime(date or datetime.now(UTC), usegmt=True)}\r\n"

    def talk(connection: socket.socket) -> None:
        servers.reply(json.dumps(content).encode(), header_lines=date_header)(connection)

    with servers.serving(talk) as port:
        base_url = f"http://127.0.0.1:{port}"
        content |= descriptor(base_url, standard, **changes)
        return diagnose(at(target, port), standard, send or trusting)


def trusting(request: Request) -> Reply:
    scopes = "network admission audit query collect"
    assert isinstance(request.body, FormBody)
    return Reply(200, (), json.dumps({"access_token": "t", "scope": scopes}).encode(), 0.0)


def states(diagnoses: list[Diagnosis]) -> dict[str, ProbeState]:
    return {d.observation.key.removeprefix("doctor."): d.state for d in diagnoses}


def test_healthy_platform(target: Target, standard: Standard) -> None:
    diagnoses = described(target, standard)
    assert {d.state for d in diagnoses} == {ProbeState.OK}, [
        d for d in diagnoses if d.state is not ProbeState.OK
    ]
    assert healthy(diagnoses)
    assert {d.probe for d in diagnoses} >= {
        "credentials.hub",
        "credentials.provider",
        "issuer",
        "clock",
        "limits",
    }


def test_wrong_clock(target: Target, standard: Standard) -> None:
    platform_time = datetime.now(UTC) - timedelta(hours=8)
    assert (
        states(described(target, standard, time=platform_time.isoformat(), date=platform_time))["clock_wrong"]
        is ProbeState.FAIL
    )


def test_clock_slightly_off(target: Target, standard: Standard) -> None:
    platform_time = datetime.now(UTC) + timedelta(seconds=20)
    assert (
        states(described(target, standard, time=platform_time.isoformat(), date=platform_time))["clock_off"]
        is ProbeState.WARN
    )


def test_other_environment_stops_before_credentials(target: Target, standard: Standard) -> None:
    diagnoses = described(target, standard, environment="production")
    assert diagnoses[-1].observation.key == "doctor.environment_differs"


def test_division_that_differs(target: Target, standard: Standard) -> None:
    here = replace(target, division="990000")
    diagnoses = states(described(here, standard, division_code="110000"))
    assert diagnoses["division_differs"] is ProbeState.WARN
    assert "division_differs" not in states(described(here, standard))


def test_claims_that_differ(target: Target, standard: Standard) -> None:
    claim = {"profile": "municipal", "capabilities": ["desensitization-preview"]}
    diagnoses = states(described(target, standard, conformance=claim))
    assert diagnoses["profile_differs"] is diagnoses["capabilities_differ"] is ProbeState.WARN


def test_other_version_of_the_standard(target: Target, standard: Standard) -> None:
    assert (
        states(described(target, standard, standard_versions=["9.9"]))["version_not_served"]
        is ProbeState.FAIL
    )


def test_unknown_client_is_named(target: Target, standard: Standard) -> None:
    def refusing(request: Request) -> Reply:
        body = b'{"error": "invalid_client", "detail": "no such client"}'
        return (
            Reply(401, (), body, 0.0)
            if "client_assertion" in dict(getattr(request.body, "fields", {}))
            else trusting(request)
        )

    diagnoses = described(target, standard, refusing)
    refused = [d for d in diagnoses if d.state is ProbeState.FAIL]
    assert [d.probe for d in refused] == ["credentials.hub", "credentials.upstream", "credentials.provider"]
    text = load_messages().render(refused[0].advice or Message(""), Lang.EN)
    assert "fcsp-hub" in text
    assert "thumbprint" in text


def test_untrusted_issuer(target: Target, standard: Standard) -> None:
    def refusing(request: Request) -> Reply:
        body = b'{"error": "invalid_grant"}'
        return (
            trusting(request)
            if "client_assertion" in dict(getattr(request.body, "fields", {}))
            else Reply(400, (), body, 0.0)
        )

    assert states(described(target, standard, refusing))["issuer_refused"] is ProbeState.FAIL


def test_missing_scope(target: Target, standard: Standard) -> None:
    def narrow(_: Request) -> Reply:
        return Reply(200, (), b'{"access_token": "t", "scope": "query"}', 0.0)

    assert states(described(target, standard, narrow))["scope_missing"] is ProbeState.WARN


def test_wire_that_breaks(target: Target, standard: Standard) -> None:
    def broken(_: Request) -> Reply:
        raise Inconclusive(Message("wire.refused", {"detail": "x"}))

    assert states(described(target, standard, broken))["wire_broken"] is ProbeState.FAIL


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (None, "key_missing"),
        ("{", "key_unreadable"),
        ('{"kty":"EC","crv":"P-256"}', "key_wrong_kind"),
        ("[]", "key_wrong_kind"),
    ],
)
def test_broken_key_is_told_beside_the_network(
    content: str | None, key: str, target: Target, standard: Standard, tmp_path: Path, closed_port: int
) -> None:
    for path in target.key_store.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "hub.jwk.json").unlink()
    if content is not None:
        (tmp_path / "hub.jwk.json").write_text(content)
    diagnoses = diagnose(at(target, closed_port, key_store=tmp_path), standard)
    assert [d.observation.key for d in diagnoses if d.state is ProbeState.FAIL] == [
        f"doctor.{key}",
        "doctor.tcp_refused",
    ]


def test_key_that_others_can_read(
    target: Target, standard: Standard, tmp_path: Path, closed_port: int
) -> None:
    for path in target.key_store.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
        (tmp_path / path.name).chmod(0o644)
    diagnoses = diagnose(at(target, closed_port, key_store=tmp_path), standard)
    assert states(diagnoses)["key_open"] is ProbeState.WARN

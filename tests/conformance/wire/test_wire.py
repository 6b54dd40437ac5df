"""The wire against a toy platform: credentials, canonical bodies, and every fault with its cause."""

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.evidence import Vault
from conformance.expect import Inconclusive, NotVerified, SuiteError
from conformance.messages import load_messages
from conformance.model.wire import (
    ClientAssertion,
    ClientToken,
    FormBody,
    LiteralToken,
    Raw,
    Reply,
    Request,
    SubjectAssertion,
    SubjectToken,
)
from conformance.wire import KeyStore, Wire
from conformance.wire.failure_causes import Cause
from tests.support import toy_platform

HEALTH = Request("getHealth")
HUB = ClientToken("HUB", "hub")
PERSON = SubjectAssertion("enterprise", "uscc", "91990000000000000X")


def send(wire: Wire, request: Request, case: str = "TOY-001/a", seconds: float = 5) -> Reply:
    return wire.exchange(request, time.monotonic() + seconds, case)[2]


def cause(wire: Wire, request: Request = HEALTH, seconds: float = 5) -> str:
    with pytest.raises(Inconclusive) as caught:
        send(wire, request, seconds=seconds)
    return caught.value.message.key.removeprefix("wire.")


def bearer(toy: toy_platform.Toy) -> str | None:
    return toy.requests[-1][3].get("Authorization")


def test_the_descriptor_is_fetched_once_for_many_threads(wire: Wire, toy: toy_platform.Toy) -> None:
    threads = [threading.Thread(target=send, args=(wire, HEALTH)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paths = [path for _, path, _, _ in toy.requests]
    assert paths.count("/.well-known/fcsp-platform") == 1
    assert paths.count("/v1/health") == 8


def test_path_and_query_are_quoted_and_reported_as_sent(wire: Wire) -> None:
    request = Request("getThing", path={"id": "a/b c"}, query={"limit": "1", "cursor": "x&y"})
    method, url, reply = wire.exchange(request, time.monotonic() + 5)
    assert (method, url) == ("GET", "/v1/things/a%2Fb%20c?limit=1&cursor=x%26y")
    assert reply.status == 404


def test_json_is_sent_in_one_canonical_form(wire: Wire, toy: toy_platform.Toy) -> None:
    send(wire, Request("createThing", body={"b": "名", "a": [1, None]}))
    _, _, body, headers = toy.requests[-1]
    assert body == '{"a":[1,null],"b":"名"}'.encode()
    assert headers["Content-Type"] == "application/json"


def test_a_raw_body_is_sent_byte_for_byte(wire: Wire, toy: toy_platform.Toy) -> None:
    send(wire, Request("createThing", body=Raw(b'{"a": 1}', "application/x-other")))
    assert toy.requests[-1][2:] == (b'{"a": 1}', toy.requests[-1][3])
    assert toy.requests[-1][3]["Content-Type"] == "application/x-other"


def test_headers_of_the_request_win(wire: Wire, toy: toy_platform.Toy) -> None:
    send(wire, Request("getHealth", headers={"accept": "text/plain", "X-Request-Id": "mine"}))
    headers = {name.lower(): value for name, value in toy.requests[-1][3].items()}
    assert (headers["accept"], headers["x-request-id"]) == ("text/plain", "mine")


def test_a_client_token_is_acquired_once_and_shared(wire: Wire, toy: toy_platform.Toy) -> None:
    threads = [
        threading.Thread(target=send, args=(wire, Request("getHealth", credential=HUB), f"T/{n}"))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert toy.tokens == 1
    assert (bearer(toy) or "").startswith("Bearer opaque-1-")


def test_an_ending_token_is_renewed(wire: Wire, toy: toy_platform.Toy) -> None:
    toy.lifetime = 0.01
    for _ in range(2):
        send(wire, Request("getHealth", credential=HUB))
        time.sleep(0.02)
    assert toy.tokens == 2


def test_a_subject_token_belongs_to_its_case(wire: Wire, toy: toy_platform.Toy) -> None:
    request = Request("getHealth", credential=SubjectToken(PERSON))
    for case in ("T/a", "T/a", "T/b"):
        send(wire, request, case)
    assert toy.tokens == 2
    claims = toy.claims[0]
    assert claims["iss"] == "https://issuer.test"
    assert claims["aud"] == toy_platform.ISSUER
    assert claims["fcsp_subject"] == {"type": "enterprise", "scheme": "uscc", "value": PERSON.value}
    assert PERSON.value not in claims["sub"]
    assert 0 < claims["exp"] - time.time() <= 300


def test_equal_assertions_of_one_case_are_a_replay(wire: Wire) -> None:
    def status(case: str, serial: str) -> int:
        assertion = ClientAssertion("HUB", "hub", serial=serial)
        form = FormBody({"grant_type": "client_credentials", "client_assertion": assertion})
        return send(wire, Request("issueToken", body=form), case).status

    assert [status("T/a", "1"), status("T/a", "1"), status("T/a", "2"), status("T/b", "1")] == [
        200,
        401,
        200,
        200,
    ]


@pytest.mark.parametrize(
    "assertion", [ClientAssertion("HUB", "stranger"), ClientAssertion("HUB", "hub", expires_in=-9)]
)
def test_wrong_assertions_are_sent_as_they_are(wire: Wire, assertion: ClientAssertion) -> None:
    form = FormBody({"grant_type": "client_credentials", "client_assertion": assertion})
    assert send(wire, Request("issueToken", body=form)).status == 401


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_tricky_algorithms_can_be_signed(wire: Wire, algorithm: str) -> None:
    form = FormBody({"client_assertion": ClientAssertion("HUB", "hub", algorithm=algorithm)})
    assert send(wire, Request("issueToken", body=form)).status == 401


def test_a_refused_token_leaves_the_check_inconclusive(wire: Wire) -> None:
    stranger = Request("getHealth", credential=ClientToken("HUB", "stranger"))
    assert cause(wire, stranger) == Cause.CREDENTIALS_REFUSED


def test_a_literal_token_is_sent_as_it_is(wire: Wire, toy: toy_platform.Toy) -> None:
    send(wire, Request("getHealth", credential=LiteralToken("no-token")))
    assert bearer(toy) == "Bearer no-token"


def test_a_missing_key_is_not_verified(wire: Wire) -> None:
    with pytest.raises(NotVerified):
        send(wire, Request("getHealth", credential=ClientToken("HUB", "nobody")))


def test_an_unknown_operation_is_the_suites_fault(wire: Wire) -> None:
    with pytest.raises(SuiteError):
        send(wire, Request("noSuch"))


def test_the_platforms_clock_is_used(toy: toy_platform.Toy, wire: Wire) -> None:
    toy.clock_ahead = 3600
    send(wire, Request("getHealth", credential=HUB))
    assert abs(wire.now() - time.time() - 3600) < 2
    assert abs(toy.claims[0]["iat"] - time.time() - 3600) < 3


def test_read_only_sends_nothing_that_changes_the_platform(toy: toy_platform.Toy, keys: KeyStore) -> None:
    wire = Wire(toy_platform.target(toy.base), toy_platform.standard(), Vault(b""), keys, read_only=True)
    assert send(wire, Request("getHealth", credential=HUB)).status == 200
    with pytest.raises(NotVerified):
        send(wire, Request("createThing", body={}))
    assert not toy.documents
    wire.close()


def test_keys_are_kept_private_and_never_overwritten(keys: KeyStore, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "hub.jwk.json"
    before = file.read_bytes()
    keys.create("hub")
    assert (file.stat().st_mode & 0o777, file.read_bytes()) == (0o600, before)
    assert "d" not in keys.public("hub")


# Faults


def raw(toy: toy_platform.Toy, answer: Callable[[Any], None]) -> None:
    toy.raw["/v1/health"] = answer


def test_a_closed_port(keys: KeyStore) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        wire = Wire(
            toy_platform.target(f"http://127.0.0.1:{reserved.getsockname()[1]}"),
            toy_platform.standard(),
            Vault(b""),
            keys,
        )
        assert cause(wire) == Cause.REFUSED


def test_an_unknown_host(keys: KeyStore) -> None:
    wire = Wire(toy_platform.target("http://no-such-host.invalid"), toy_platform.standard(), Vault(b""), keys)
    assert cause(wire) == Cause.NAME_UNKNOWN


@pytest.mark.parametrize(
    "address", ["ftp://127.0.0.1", "http://平台.invalid", "http://", "http://127.0.0.1:99999999"]
)
def test_an_address_that_is_none(keys: KeyStore, address: str) -> None:
    wire = Wire(toy_platform.target(address), toy_platform.standard(), Vault(b""), keys)
    assert cause(wire) in {Cause.BAD_ADDRESS, Cause.NAME_UNKNOWN, Cause.UNREACHABLE, Cause.REFUSED}


DRIP_SECONDS = 20.0


def drip(head: bytes) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.wfile.write(head)
        for _ in range(int(DRIP_SECONDS / 0.05)):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: ", b""]
)
def test_a_slow_drip_ends_at_the_deadline_of_the_exchange(
    wire: Wire, toy: toy_platform.Toy, head: bytes
) -> None:
    raw(toy, drip(head))
    _ = wire.descriptor
    started = time.monotonic()
    assert cause(wire, seconds=0.4) == Cause.TIMEOUT
    assert time.monotonic() - started < DRIP_SECONDS / 2


def test_silence_ends_at_the_targets_timeout(toy: toy_platform.Toy, keys: KeyStore) -> None:
    raw(toy, lambda _: time.sleep(1))
    wire = Wire(toy_platform.target(toy.base, timeout=0.2), toy_platform.standard(), Vault(b""), keys)
    assert cause(wire) == Cause.TIMEOUT
    wire.close()


def endless(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")


def test_an_endless_body_is_cut_off(wire: Wire, toy: toy_platform.Toy) -> None:
    raw(toy, endless)
    assert cause(wire) == Cause.TOO_LARGE


def packed(content: bytes, encoding: str = "gzip") -> Callable[[Any], None]:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(content)}\r\n\r\n"
    return lambda handler: handler.wfile.write(head.encode() + content)


def test_a_packed_body_is_unpacked(wire: Wire, toy: toy_platform.Toy) -> None:
    raw(toy, packed(gzip.compress(b'{"a": 1}')))
    assert send(wire, HEALTH).json == {"a": 1}


def test_a_small_body_that_unpacks_without_end_is_cut_off(wire: Wire, toy: toy_platform.Toy) -> None:
    raw(toy, packed(gzip.compress(bytes(50_000_000))))
    assert cause(wire) == Cause.TOO_LARGE


@pytest.mark.parametrize(("content", "encoding"), [(b"no gzip", "gzip"), (b"x", "br")])
def test_an_encoding_that_cannot_be_undone(
    wire: Wire, toy: toy_platform.Toy, content: bytes, encoding: str
) -> None:
    raw(toy, packed(content, encoding))
    assert cause(wire) == Cause.BAD_ENCODING


def test_a_redirect_is_a_reply_and_not_followed(wire: Wire, toy: toy_platform.Toy) -> None:
    raw(
        toy,
        lambda h: h.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /v1/health\r\nContent-Length: 0\r\n\r\n"),
    )
    assert send(wire, HEALTH).status == 302
    assert [path for _, path, _, _ in toy.requests] == ["/.well-known/fcsp-platform"]


def test_a_hang_up_and_a_foreign_protocol(wire: Wire, toy: toy_platform.Toy) -> None:
    raw(toy, lambda _: None)
    assert cause(wire) == Cause.DISCONNECTED
    raw(toy, lambda h: h.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n"))
    assert cause(wire) == Cause.NO_HTTP
    raw(toy, lambda h: h.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"))
    assert cause(wire) == Cause.DISCONNECTED


@pytest.mark.parametrize("document", [b"<html>", b"[]", b'{"issuer": 1}', b'{"issuer": "x"}'])
def test_a_descriptor_without_addresses(wire: Wire, toy: toy_platform.Toy, document: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(document)
    toy.raw["/.well-known/fcsp-platform"] = lambda h: h.wfile.write(head + document)
    assert cause(wire) == Cause.DESCRIPTOR_UNUSABLE
    assert send(wire, Request("getPlatformDescriptor")).body == document


def test_an_oversized_request_still_gets_its_early_reply(wire: Wire, toy: toy_platform.Toy) -> None:
    def refuse(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    toy.raw["/v1/things"] = refuse
    assert send(wire, Request("createThing", body=Raw(b"x" * 3_000_000, "application/json"))).status == 413


def test_every_cause_has_its_text() -> None:
    messages = load_messages()
    assert all(f"wire.{cause}" in messages for cause in Cause)


def test_secrets_are_in_the_vault(wire: Wire, vault: Vault, toy: toy_platform.Toy) -> None:
    send(wire, Request("getHealth", credential=HUB))
    send(wire, Request("issueToken", body=FormBody({"client_assertion": ClientAssertion("HUB", "hub")})))
    finder = vault.finder("T/other")
    sent_text = json.dumps([body.decode() for _, _, body, _ in toy.requests]) + str(bearer(toy))
    redacted = finder.replace(sent_text)
    assert "eyJ" not in redacted
    assert "opaque-" not in redacted

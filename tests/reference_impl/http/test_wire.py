"""Hostile and careless requests: every one is answered with a problem, and none does harm."""

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.reference_impl.platform_process import World, record, uscc

DEEP = b'{"item_code":"F01-01","records":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
QUERY = (
    b'{"subject":{"type":"enterprise","ids":[{"scheme":"uscc","value":"91990101XT0000015X"}]},'
    b'"items":["F01-01"],"purpose":"pre_loan","authorizations":[]'
)
MALFORMED = {
    "empty": b"",
    "cut": QUERY,
    "two values": QUERY + b"}{}",
    "not utf-8": QUERY + b',"x":"\xff"}',
    "duplicate name": QUERY + b',"purpose":"pre_loan"}',
    "nan": QUERY + b',"x":NaN}',
    "infinity": QUERY + b',"x":1e999}',
    "huge integer": QUERY + b',"x":' + b"9" * 5000 + b"}",
    "lone surrogate": QUERY + b',"x":"\\ud800"}',
    "deep": DEEP,
    "byte order mark": b"\xef\xbb\xbf" + QUERY + b"}",
}
INVALID = {
    "not an object": b"[]",
    "unknown member": QUERY + b',"x":1}',
    "unknown item": QUERY.replace(b"F01-01", b"F99-99") + b"}",
    "unknown purpose": QUERY.replace(b"pre_loan", b"curiosity") + b"}",
    "no items": QUERY.replace(b'"F01-01"', b"") + b"}",
}


def post(world: World, path: str, content: Any, **headers: str) -> Any:
    caller = world.provider if path == "/v1/batches" else world.hub
    sent_headers = {
        "Authorization": f"Bearer {caller.token()}",
        "Content-Type": "application/json",
        "Idempotency-Key": "key-12345678",
        **headers,
    }
    return world.http.post(path, content=content, headers=sent_headers)


def is_problem(reply: Any, status: int, code: str) -> None:
    assert (reply.status_code, reply.json().get("code")) == (status, code), reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    body = reply.json()
    assert (body["type"], body["status"]) == (f"urn:fcsp:problem:{code}", status)
    assert body["detail_i18n"]["zh"]
    assert body["detail_i18n"]["en"]
    assert "Traceback" not in reply.text


@pytest.mark.parametrize("fault", MALFORMED)
def test_what_cannot_be_parsed_is_malformed(world: World, fault: str) -> None:
    is_problem(post(world, "/v1/queries", MALFORMED[fault]), 400, "malformed_request")


@pytest.mark.parametrize("fault", INVALID)
def test_what_breaks_the_contract_is_invalid(world: World, fault: str) -> None:
    reply = post(world, "/v1/queries", INVALID[fault])
    is_problem(reply, 422, "invalid_request")
    assert all(set(error) == {"pointer", "message"} for error in reply.json()["errors"])


def test_an_oversized_body_is_refused_whether_announced_or_not(world: World) -> None:
    limit = world.http.get("/.well-known/fcsp-platform").json()["limits"]["max_body_bytes"]

    def chunks() -> Iterator[bytes]:
        for _ in range(limit // 65536 + 2):
            yield b" " * 65536

    is_problem(post(world, "/v1/batches", b" " * (limit + 1)), 413, "payload_too_large")
    is_problem(post(world, "/v1/batches", chunks()), 413, "payload_too_large")
    is_problem(post(world, "/v1/batches", b" " * (limit * 3)), 413, "payload_too_large")


def test_too_many_records_are_refused(world: World) -> None:
    limit = world.http.get("/.well-known/fcsp-platform").json()["limits"]["max_batch_records"]
    body = {"item_code": "F01-01", "records": [{}] * (limit + 1)}
    is_problem(world.provider.send("POST", "/v1/batches", body), 413, "payload_too_large")


def test_media_types_and_methods(world: World) -> None:
    is_problem(
        post(world, "/v1/queries", b"{}", **{"Content-Type": "text/xml"}), 415, "unsupported_media_type"
    )
    is_problem(post(world, "/v1/queries", b"{}", Accept="text/html"), 406, "not_acceptable")
    assert post(world, "/v1/queries", b"{}", Accept="text/html, application/*;q=0.1").status_code == 422
    deleted = world.http.request("DELETE", "/v1/queries")
    is_problem(deleted, 405, "method_not_allowed")
    assert deleted.headers["Allow"] == "POST"
    is_problem(world.http.get("/v1/nowhere"), 404, "not_found")
    is_problem(world.http.get("/v1/catalog/"), 404, "not_found")


def test_a_request_id_comes_back_unless_it_is_not_printable(world: World) -> None:
    assert world.http.get("/v1/health", headers={"X-Request-Id": "abc"}).headers["X-Request-Id"] == "abc"
    assert "X-Request-Id" not in world.http.get("/v1/health", headers={"X-Request-Id": "a" * 200}).headers
    assert "Date" in world.http.get("/v1/health").headers


def test_each_line_of_a_delivery_has_its_own_outcome(world: World) -> None:
    import json

    lines = [
        json.dumps(record(301)).encode(),
        b"{broken",
        b"",
        b"17",
        b'{"record_id":"x","record_id":"y"}',
        json.dumps(record(302), ensure_ascii=False).encode() + b"\r",
    ]
    reply = post(
        world,
        "/v1/batches",
        b"\n".join(lines),
        **{"Content-Type": "application/x-ndjson", "Idempotency-Key": "nd-json-1"},
    )
    assert (reply.status_code, reply.json()["received"]) == (202, 5)
    batch = world.provider.send("GET", reply.headers["Location"]).json()
    codes = [o["outcome"] if not o["reasons"] else o["reasons"][0]["code"] for o in batch["outcomes"]]
    assert codes == ["accepted", "malformed_line", "malformed_line", "malformed_line", "accepted"]


def test_a_broken_connection_leaves_the_platform_alive(world: World) -> None:
    address = urlsplit(world.base_url)
    with socket.create_connection((address.hostname or "", address.port or 0)) as raw:
        raw.sendall(b"POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    with socket.create_connection((address.hostname or "", address.port or 0)) as raw:
        raw.sendall(b"\x00\xff garbage\r\n\r\n")
        raw.recv(1000)
    assert world.http.get("/v1/health").json()["status"] == "ok"


def test_a_personal_value_is_never_echoed(world: World) -> None:
    secret = uscc(777)
    reply = post(world, "/v1/queries", QUERY.replace(b"91990101XT0000015X", secret.encode()) + b',"x":1}')
    assert secret not in reply.text

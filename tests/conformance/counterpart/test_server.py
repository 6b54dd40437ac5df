"""The suite's own server: bounded, thread-safe, and never a way to lose a request."""

import http.client
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from conformance.counterpart import Server
from conformance.counterpart.server import MOST_AT_A_TIME, MOST_BYTES, MOST_HEADER_BYTES, Arrived
from conformance.model.wire import StagedAnswer


class Echo:
    """Remembers what arrived and gives one answer."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.answer = StagedAnswer(body=b"{}")

    def __call__(self, arrived: Arrived) -> StagedAnswer:
        self.arrived.append(arrived)
        return self.answer


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def server(echo: Echo) -> Iterator[Server]:
    with Server("127.0.0.1:0", echo) as running:
        yield running


def post(server: Server, body: bytes = b"{}", path: str = "/v1/records", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request("POST", path, body, {name.replace("_", "-"): v for name, v in headers.items()})
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def test_a_request_arrives_whole_and_is_answered(server: Server, echo: Echo) -> None:
    echo.answer = StagedAnswer(200, b'{"records":[]}', headers={"Date-Of": "x"})
    assert post(server, "值".encode(), "/v1/records?x=1", X_Name="value") == (200, b'{"records":[]}')
    (arrived,) = echo.arrived
    assert (arrived.method, arrived.url, arrived.body) == ("POST", "/v1/records?x=1", "值".encode())
    assert arrived.header("x-name") == "value"


def test_too_large_a_body_is_refused_unread(server: Server, echo: Echo) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 30) as raw:
        raw.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n".encode())
        assert raw.recv(64).startswith(b"HTTP/1.1 413")
    assert echo.arrived == []


@pytest.mark.parametrize("header", ["Content-Length: many", "Content-Length: -1", "Transfer-Encoding: gzip"])
def test_a_body_without_a_readable_length_is_refused(server: Server, echo: Echo, header: str) -> None:
    status = raw_status(server, f"POST / HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
    assert status in {400, 501}
    assert echo.arrived == []


def raw_status(server: Server, request: bytes) -> int:
    """Status of the answer to what was sent byte for byte; 0 where the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", server.port), 30) as raw:
        raw.sendall(request)
        received = raw.recv(64)
    return int(received.split()[1]) if received else 0


CHUNKED = b"POST /v1/records HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_chunked_body_arrives_whole(server: Server, echo: Echo) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"item_code":'
        yield b'"F08-01"}'

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", "/v1/records", chunks(), encode_chunked=True)
    assert connection.getresponse().status == 200
    assert echo.arrived[0].body == b'{"item_code":"F08-01"}'


def test_an_upgrade_that_is_offered_is_not_taken(server: Server, echo: Echo) -> None:
    offered = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABk"}
    assert post(server, b"{}", **offered) == (200, b"{}")
    assert echo.arrived[0].body == b"{}"


def test_a_client_that_waits_to_be_told_to_go_on_is_told(server: Server, echo: Echo) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 30) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert raw.recv(64).startswith(b"HTTP/1.1 100")
        raw.sendall(b"{}")
        assert raw.recv(64).startswith(b"HTTP/1.1 200")
    assert echo.arrived[0].body == b"{}"


@pytest.mark.parametrize("size", [MOST_BYTES, MOST_BYTES + 1])
def test_the_bound_of_a_body_holds_for_chunks_as_well(server: Server, echo: Echo, size: int) -> None:
    status = raw_status(server, CHUNKED + b"%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n")
    assert status == (200 if size == MOST_BYTES else 413)
    assert [len(arrived.body) for arrived in echo.arrived] == ([size] if size == MOST_BYTES else [])


@pytest.mark.parametrize(
    "hostile",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"x" * MOST_HEADER_BYTES,
        CHUNKED + b"zz\r\n",
        CHUNKED + b"f" * 40 + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
    ],
    ids=["tls", "endless header", "no chunk", "huge chunk", "two lengths", "null in a header"],
)
def test_what_breaks_the_protocol_is_refused(server: Server, echo: Echo, hostile: bytes) -> None:
    assert 400 <= raw_status(server, hostile) < 500
    assert echo.arrived == []
    assert post(server) == (200, b"{}")


def test_who_sends_too_slowly_is_cut_off(server: Server, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.counterpart.server.REQUEST_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", server.port), 30) as raw:
        raw.sendall(CHUNKED)
        assert raw.recv(64) == b""
    assert echo.arrived == []


def test_who_comes_beyond_the_bound_is_turned_away(server: Server) -> None:
    place = ("127.0.0.1", server.port)
    with ExitStack() as connections:
        for _ in range(MOST_AT_A_TIME):
            connections.enter_context(socket.create_connection(place, 30)).sendall(b"POST / HTTP/1.1\r\n")
        late = connections.enter_context(socket.create_connection(place, 30))
        with suppress(ConnectionResetError):
            assert late.recv(64) == b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            assert post(server) == (200, b"{}")
            return
    pytest.fail("nobody is served any more")


def test_an_answer_to_head_has_no_body(server: Server, echo: Echo) -> None:
    echo.answer = StagedAnswer(body=b"{}")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("HEAD", "/")
    reply = connection.getresponse()
    assert (reply.status, reply.getheader("content-length"), reply.read()) == (200, "2", b"")


def test_many_at_a_time_are_all_noted(server: Server, echo: Echo) -> None:
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda n: post(server, str(n).encode())[0], range(40)))
    assert statuses == [200] * 40
    assert sorted(int(arrived.body) for arrived in echo.arrived) == list(range(40))


def test_a_closed_connection_is_an_answer_too(server: Server, echo: Echo) -> None:
    echo.answer = StagedAnswer(status=0)
    with pytest.raises(http.client.RemoteDisconnected):
        post(server)
    assert len(echo.arrived) == 1


def test_closing_does_not_wait_for_a_slow_answer(echo: Echo) -> None:
    echo.answer = StagedAnswer(delay=50)
    server = Server("127.0.0.1:0", echo)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(post, server)
        while not echo.arrived:
            time.sleep(0.01)
        started = time.monotonic()
        server.close()
        assert waiting.exception() is not None
    assert time.monotonic() - started < 30


def test_a_place_that_is_taken_cannot_be_listened_on(server: Server, echo: Echo) -> None:
    with pytest.raises(OSError, match="in use"):
        Server(f"127.0.0.1:{server.port}", echo)

"""The suite's own server: bounded, thread-safe, and never a way to lose a request."""

import http.client
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from conformance.counterpart import Server
from conformance.counterpart.server import MOST_BYTES, Arrived
from conformance.model.wire import Answer


class Echo:
    """Remembers what arrived and gives one answer."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.answer = Answer(body=b"{}")

    def __call__(self, arrived: Arrived) -> Answer:
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
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("POST", path, body, {name.replace("_", "-"): v for name, v in headers.items()})
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def test_a_request_arrives_whole_and_is_answered(server: Server, echo: Echo) -> None:
    echo.answer = Answer(200, b'{"records":[]}', headers={"Date-Of": "x"})
    assert post(server, "值".encode(), "/v1/records?x=1", X_Name="value") == (200, b'{"records":[]}')
    (arrived,) = echo.arrived
    assert (arrived.method, arrived.url, arrived.body) == ("POST", "/v1/records?x=1", "值".encode())
    assert arrived.header("x-name") == "value"


def test_too_large_a_body_is_refused_unread(server: Server, echo: Echo) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        raw.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n".encode())
        assert raw.recv(64).startswith(b"HTTP/1.1 413")
    assert echo.arrived == []


@pytest.mark.parametrize(
    "header", ["Transfer-Encoding: chunked", "Content-Length: many", "Content-Length: -1"]
)
def test_a_body_without_a_length_is_refused(server: Server, echo: Echo, header: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        raw.sendall(f"POST / HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
        assert raw.recv(64).startswith(b"HTTP/1.1 413")
    assert echo.arrived == []


def test_many_at_a_time_are_all_noted(server: Server, echo: Echo) -> None:
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda n: post(server, str(n).encode())[0], range(40)))
    assert statuses == [200] * 40
    assert sorted(int(arrived.body) for arrived in echo.arrived) == list(range(40))


def test_a_closed_connection_is_an_answer_too(server: Server, echo: Echo) -> None:
    echo.answer = Answer(status=0)
    with pytest.raises(http.client.RemoteDisconnected):
        post(server)
    assert len(echo.arrived) == 1


def test_closing_does_not_wait_for_a_slow_answer(echo: Echo) -> None:
    echo.answer = Answer(delay=50)
    server = Server("127.0.0.1:0", echo)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(post, server)
        while not echo.arrived:
            time.sleep(0.01)
        started = time.monotonic()
        server.close()
        assert waiting.exception() is not None
    assert time.monotonic() - started < 3


def test_a_place_that_is_taken_cannot_be_listened_on(server: Server, echo: Echo) -> None:
    with pytest.raises(OSError, match="in use"):
        Server(f"127.0.0.1:{server.port}", echo)

"""HTTP/1.1 with a hard end: one deadline and one size bound for a whole exchange, no redirects, no proxies.

It stands on httpcore, the engine of httpx, because a timeout for each single read would let a platform
that sends one byte a second hold a check forever.
"""

import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpcore

from conformance.expect import Inconclusive
from conformance.model.wire import Reply
from conformance.wire.failure_causes import TRANSPORT_FAULTS, Cause, detail, inconclusive, of

CONNECTIONS = 64
KEEPALIVE = 2.0
"""Seconds; shorter than the servers' own, so that none closes a connection while we take it up again."""
PIECE = 64 * 1024


class Transport:
    """A pool of connections shared by all threads."""

    def __init__(self, ca_file: Path | None, max_body: int) -> None:
        self._max_body = max_body
        self._deadline = _Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(ca_file),
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=KEEPALIVE,
            network_backend=_Backend(self._deadline),
        )

    def close(self) -> None:
        self._pool.close()

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, deadline: float
    ) -> Reply:
        """One exchange, over by `deadline` (monotonic seconds); raises Inconclusive with its cause.

        A server may close an idle connection just when we use it, so a GET that broke off is sent once more.
        """
        try:
            return self._once(method, url, headers, body, deadline)
        except Inconclusive as fault:
            if method != "GET" or fault.message.key != f"wire.{Cause.DISCONNECTED}":
                raise
            return self._once(method, url, headers, body, deadline)

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, deadline: float
    ) -> Reply:
        started = time.monotonic()
        self._deadline.at = deadline
        try:
            # Bytes, since a value may be Latin-1 at most and the address is quoted already.
            with self._pool.stream(method, url.encode(), headers=_encoded(headers), content=body) as response:
                content = self._read(response)
                return Reply(response.status, _decoded(response.headers), content, time.monotonic() - started)
        except TRANSPORT_FAULTS as error:
            raise inconclusive(of(error), detail=detail(error)) from error
        except (UnicodeError, ValueError) as error:
            raise inconclusive(Cause.BAD_ADDRESS, detail=str(error)) from error

    def _read(self, response: httpcore.Response) -> bytes:
        content, unpack = bytearray(), _unpacker(_header(response, b"content-encoding"))
        for part in response.iter_stream():
            content += unpack(part, self._max_body + 1 - len(content))
            if len(content) > self._max_body:
                raise inconclusive(Cause.TOO_LARGE, limit=self._max_body)
        return bytes(content)


class _Deadline(threading.local):
    """The end of the exchange that this thread is in."""

    at: float = float("inf")

    def within(self, timeout: float | None, fault: type[Exception]) -> float:
        """Seconds left, at most `timeout`."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise fault("deadline")
        return min(left, timeout or left, threading.TIMEOUT_MAX)


class _Backend(httpcore.NetworkBackend):
    """The usual network, under a deadline."""

    def __init__(self, deadline: _Deadline) -> None:
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout, httpcore.ConnectTimeout)
        stream = self._inner.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self._deadline)


class _Stream(httpcore.NetworkStream):
    """One connection, under the deadline of the thread that uses it."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), PIECE):
            left = self._deadline.within(timeout, httpcore.WriteTimeout)
            self._inner.write(buffer[start : start + PIECE], left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)


def _header(response: httpcore.Response, name: bytes) -> bytes:
    return next((value for key, value in response.headers if key.lower() == name), b"")


def _unpacker(encoding: bytes) -> Any:
    """Unpacks at most as much as asked for; we ask for no encoding, but a gateway may choose one."""
    name = encoding.strip().lower()
    if name in {b"", b"identity"}:
        return lambda part, _limit: part
    if name not in {b"gzip", b"x-gzip", b"deflate"}:
        raise inconclusive(Cause.BAD_ENCODING, detail=name.decode("latin-1"))
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def unpack(part: bytes, limit: int) -> bytes:
        try:
            return inflater.decompress(part, limit)
        except zlib.error as error:
            raise inconclusive(Cause.BAD_ENCODING, detail=str(error)) from error

    return unpack

"""A small HTTP server with hard bounds: on a body, on the time of a request, on how many there are."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from typing import Any, Self

from conformance.model.wire import Answer

MOST_BYTES = 256 * 1024
MOST_AT_A_TIME = 32
REQUEST_SECONDS = 10.0
"""For reading one request, however slowly it comes."""
LONGEST_DELAY = 60.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request as it came in."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    """Names in lower case."""
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


class Server:
    """Serves from construction until `close`. Raises OSError where it cannot listen."""

    def __init__(self, listen: str, answer: Callable[[Arrived], Answer]) -> None:
        host, _, port = listen.rpartition(":")
        self._http = _Http((host.strip("[]"), int(port)), answer)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def close(self) -> None:
        self._http.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, place: tuple[str, int], answer: Callable[[Arrived], Answer]) -> None:
        self.address_family = AF_INET6 if ":" in place[0] else AF_INET
        self.answer = answer
        self.closing = threading.Event()
        self._places = threading.BoundedSemaphore(MOST_AT_A_TIME)
        super().__init__(place, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """One thread for a request, and none beyond the bound: who comes too often is turned away."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks off is nobody's concern here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "fcsp"
    sys_version = ""
    timeout = REQUEST_SECONDS
    server: _Http

    def _serve(self) -> None:
        self.close_connection = True
        body = self._body()
        if body is None:
            self._send(Answer(413, b"", "text/plain"))
            return
        headers = tuple((name.lower(), value) for name, value in self.headers.items())
        self._send(self.server.answer(Arrived(self.command, self.path, headers, body)))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815 (names of http.server)

    def _body(self) -> bytes | None:
        """The body; None for one without a length, or beyond the bound of size or time."""
        length = self.headers.get("content-length", "0" if "transfer-encoding" not in self.headers else "")
        if not (length.isascii() and length.isdigit()) or int(length) > MOST_BYTES:
            return None
        content, end = b"", time.monotonic() + REQUEST_SECONDS
        while len(content) < int(length) and time.monotonic() < end:
            part = self.rfile.read1(int(length) - len(content))
            if not part:
                return None
            content += part
        return content if len(content) == int(length) else None

    def _send(self, answer: Answer) -> None:
        if self.server.closing.wait(min(answer.delay, LONGEST_DELAY)) or not answer.status:
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        with suppress(OSError):
            self._write(answer)

    def _write(self, answer: Answer) -> None:
        """The body at once, or byte by byte with a pause before each."""
        if not answer.pause:
            self.wfile.write(answer.body)
            return
        end = time.monotonic() + LONGEST_DELAY
        for byte in answer.body:
            if self.server.closing.wait(answer.pause) or time.monotonic() > end:
                return
            self.wfile.write(bytes((byte,)))
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (as in http.server)
        """Requests name subjects: nothing is logged."""

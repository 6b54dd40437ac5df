"""An HTTP/1.1 server with hard bounds: on sizes, on times, and on the number of connections.

h11 reads and writes the protocol; one event loop in a thread of its own serves all connections. A connection
carries one request: a platform that would keep it open is told to close it.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import h11

from conformance.model.wire import StagedAnswer

MOST_BYTES = 256 * 1024
"""Bytes of a body, however it is framed."""
MOST_HEADER_BYTES = 64 * 1024
"""Bytes of request line and headers."""
MOST_AT_A_TIME = 32
"""Connections; whoever comes beyond that is turned away."""
REQUEST_SECONDS = 10.0
"""Time to read one request, however slowly it comes, and to write one piece of an answer."""
LONGEST_DELAY = 60.0
READ_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request as it came in."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    """Names in lower case."""
    body: bytes
    at: float = field(default_factory=time.monotonic)
    """Monotonic seconds."""

    def header(self, name: str) -> str | None:
        """Value of the first header of this name, given in lower case."""
        return next((value for key, value in self.headers if key == name), None)


class Server:
    """Serves from construction until `close`. Raises OSError where it cannot listen."""

    def __init__(self, listen: str, answer: Callable[[Arrived], StagedAnswer]) -> None:
        host, _, port = listen.rpartition(":")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host.strip("[]"), int(port)), family=family, backlog=64)
        self._answer = answer
        self._connections: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._accepting = self._loop.run_until_complete(asyncio.start_server(self._accept, sock=self._socket))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        """Stop listening and cut all connections, without waiting for slow answers."""
        with suppress(RuntimeError):  # closed already
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        """Run the event loop until it is stopped, then cut what is still open."""
        self._loop.run_forever()
        self._accepting.close()
        connections = tuple(self._connections)
        for connection in connections:
            connection.cancel()
        self._loop.run_until_complete(_ended(connections))
        self._loop.close()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= MOST_AT_A_TIME:
            writer.transport.abort()
            return
        task = self._loop.create_task(_Connection(reader, writer, self._answer).serve())
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)


async def _ended(connections: Iterable["asyncio.Task[None]"]) -> None:
    await asyncio.gather(*connections, return_exceptions=True)
    await asyncio.sleep(0)  # transports close in the next turn of the loop


class _Refused(Exception):  # noqa: N818 - an outcome of reading
    """A request that is not read to its end."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Connection:
    """One connection: reads one request, writes one answer, and closes."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answer: Callable[[Arrived], StagedAnswer],
    ) -> None:
        self._reader, self._writer, self._answer = reader, writer, answer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEADER_BYTES)
        self._head = False
        """True for the method HEAD, whose answer has no body."""

    async def serve(self) -> None:
        """Answer the request. Whatever is wrong with the connection ends it and nothing else."""
        try:
            with suppress(OSError, TimeoutError, h11.ProtocolError):
                await self._send(await self._answer_to_request())
            self._writer.close()
        except BaseException:
            self._writer.transport.abort()
            raise

    async def _answer_to_request(self) -> StagedAnswer:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                return self._answer(await self._request())
        except _Refused as refused:
            return StagedAnswer(refused.status, b"", "text/plain")

    async def _request(self) -> Arrived:
        """The request, whether its body has a length or comes in chunks. Raises _Refused."""
        request = await self._event()
        if not isinstance(request, h11.Request):
            raise ConnectionResetError
        self._head = request.method == b"HEAD"
        body = b""
        while not isinstance(event := await self._event(), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                raise ConnectionResetError
            body += event.data
            if len(body) > MOST_BYTES:
                raise _Refused(413)
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers)
        return Arrived(request.method.decode("latin-1"), request.target.decode("latin-1"), headers, body)

    async def _event(self) -> object:
        """The next part of the request. Raises _Refused for one that breaks the protocol or a bound."""
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise _Refused(error.error_status_hint) from None
            if isinstance(event, h11.Request) and _announced(event) > MOST_BYTES:
                raise _Refused(413)
            if event is not h11.NEED_DATA:
                return event
            if self._http.they_are_waiting_for_100_continue:
                await self._write(self._http.send(h11.InformationalResponse(status_code=100, headers=[])))
            self._http.receive_data(await self._reader.read(READ_BYTES))

    async def _send(self, answer: StagedAnswer) -> None:
        """The answer after its delay; none at all for the status 0."""
        await asyncio.sleep(min(answer.delay, LONGEST_DELAY))
        if not answer.status:
            return
        headers = [
            *answer.headers.items(),
            ("Content-Type", answer.media_type),
            ("Content-Length", str(len(answer.body))),
            ("Connection", "close"),
        ]
        await self._write(self._http.send(h11.Response(status_code=answer.status, headers=headers)))
        if self._head:
            return
        async with asyncio.timeout(LONGEST_DELAY + REQUEST_SECONDS):
            await self._send_body(answer)

    async def _send_body(self, answer: StagedAnswer) -> None:
        """The body at once, or byte by byte with a pause before each."""
        step = 1 if answer.pause else max(1, len(answer.body))
        for start in range(0, len(answer.body), step):
            await asyncio.sleep(answer.pause)
            await self._write(self._http.send(h11.Data(data=answer.body[start : start + step])))

    async def _write(self, data: bytes | None) -> None:
        self._writer.write(data or b"")
        async with asyncio.timeout(REQUEST_SECONDS):
            await self._writer.drain()


def _announced(request: h11.Request) -> int:
    """Bytes of the body that the request announces; 0 where it comes in chunks, or not at all."""
    return int(next((value for name, value in request.headers if name == b"content-length"), b"0"))

"""The wire's front: one request in, one exchange out."""

import hashlib
import secrets
import time
from collections.abc import Mapping
from threading import Lock
from urllib.parse import quote, urlencode, urlsplit

from conformance.evidence import Vault
from conformance.expect import NotVerified, SuiteError
from conformance.model.media_types import JSON, PROBLEM
from conformance.model.shapes import Operation
from conformance.model.standard import Standard
from conformance.model.target import Target
from conformance.model.text import Message
from conformance.model.wire import Reply, Request
from conformance.wire import bodies, descriptor, retry_after
from conformance.wire.assertions import Signer
from conformance.wire.credentials import Credentials
from conformance.wire.descriptor import PlatformDescriptor
from conformance.wire.keys import KeyStore
from conformance.wire.transport import Transport

DESCRIPTOR = "getPlatformDescriptor"
TOKEN = "issueToken"  # noqa: S105
COMMON = {
    "User-Agent": "fcsp",
    "Accept": f"{JSON}, {PROBLEM}",
    "Accept-Encoding": "identity",
}


class Wire:
    """One connection of the suite to one platform; safe in threads."""

    def __init__(  # noqa: PLR0913
        self,
        target: Target,
        standard: Standard,
        vault: Vault,
        keys: KeyStore,
        *,
        nonce: str = "",
        read_only: bool = False,
    ) -> None:
        self._target = target
        self._operations = standard.api.operations
        self._nonce = nonce or secrets.token_hex(8)
        self._read_only = read_only
        self._credentials = Credentials(Signer(keys, target.issuer, self._nonce), vault)
        self._transport = Transport(target.ca_file, target.max_body)
        self._lock = Lock()
        self._descriptor: PlatformDescriptor | None = None

    def close(self) -> None:
        self._transport.close()

    @property
    def descriptor(self) -> PlatformDescriptor:
        """The platform's descriptor, fetched once."""
        return self._described(float("inf"))

    def now(self) -> float:
        """The platform's time in POSIX seconds, as far as its descriptor told."""
        return time.time() + (self._descriptor.skew if self._descriptor else 0.0)

    def exchange(
        self, request: Request, deadline: float, case: str = "", step: int = 0
    ) -> tuple[str, str, Reply]:
        """Send one request: method, path and query as sent, reply. `deadline` is in monotonic seconds.

        Raises Inconclusive with the cause when no reply comes, NotVerified when the request may not be sent.
        """
        operation = self._operation(request)
        end = min(deadline, time.monotonic() + self._target.timeout)
        url = self._url(operation, request, end)
        body, media_type = bodies.encode(
            request.body,
            lambda part: self._credentials.sign(part, self._described(end).issuer, self.now(), case),
        )
        headers = {
            **COMMON,
            "X-Request-Id": _digest(self._nonce, case, str(step)),
            **({"Content-Type": media_type} if media_type else {}),
            **self._authorization(request, case, end),
        }
        reply = self._transport.send(operation.method, url, _merged(headers, request.headers), body, end)
        if operation.id == TOKEN:
            self._credentials.note(reply)
        if reply.status == 401:
            self._credentials.forget(request.credential, case)
        return operation.method, urlsplit(url)._replace(scheme="", netloc="").geturl() or "/", reply

    def _operation(self, request: Request) -> Operation:
        operation = self._operations.get(request.operation)
        if operation is None:
            raise SuiteError(Message("wire.unknown_operation", {"operation": request.operation}))
        if self._read_only and not operation.read_only and operation.id != TOKEN:
            raise NotVerified(Message("wire.read_only", {"operation": operation.id}))
        return operation

    def _url(self, operation: Operation, request: Request, deadline: float) -> str:
        query = f"?{urlencode(request.query)}" if request.query else ""
        if operation.id == TOKEN:
            return self._described(deadline).token_endpoint + query
        path = operation.path
        for name, value in request.path.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        well_known = path.startswith("/.well-known/")
        base = self._target.base_url if well_known else self._described(deadline).api_base
        return base.rstrip("/") + path + query

    def _patiently(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> Reply:
        """One exchange that is not a step of a case, sent again where the platform asks for time."""
        while True:
            reply = self._transport.send(method, url, headers, body, deadline)
            pause = retry_after.pause(reply, self.now())
            if pause is None or time.monotonic() + pause >= deadline:
                return reply
            time.sleep(pause)

    def _described(self, deadline: float) -> PlatformDescriptor:
        with self._lock:
            if self._descriptor is None:
                url = self._target.base_url.rstrip("/") + self._operations[DESCRIPTOR].path
                end = min(deadline, time.monotonic() + self._target.timeout)
                self._descriptor = descriptor.read(self._transport.send("GET", url, COMMON, None, end))
            return self._descriptor

    def _authorization(self, request: Request, case: str, deadline: float) -> dict[str, str]:
        if request.credential is None:
            return {}

        def post(body: bytes, media_type: str) -> Reply:
            headers = {**COMMON, "Content-Type": media_type}
            endpoint = self._described(deadline).token_endpoint
            return self._patiently("POST", endpoint, headers, body, deadline)

        issuer = self._described(deadline).issuer
        token = self._credentials.bearer(request.credential, case, post, issuer, self.now())
        return {"Authorization": f"Bearer {token}"}


def _merged(ours: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Headers of the request win over the wire's own, whatever their case."""
    names = {name.lower() for name in given}
    return {**{name: value for name, value in ours.items() if name.lower() not in names}, **given}


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]

"""A toy standard and a toy platform: just enough of both to exercise the engine."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from conformance.model.shapes import Api, Checklist, Desensitization, Operation
from conformance.model.standard import Level, Profile, Requirement, Standard, Verification
from conformance.model.target import Client, Target
from conformance.model.text import Text
from conformance.wire import KeyStore

ISSUER = "https://platform.test"
HUB = Client("HUB", "hub", "hub")
NAME = Text("名", "name")


def operation(id_: str, method: str, path: str, *, read_only: bool = True) -> Operation:
    shapes: dict[str, Any] = {"request_schemas": {}, "responses": {}, "response_headers": {}}
    return Operation(
        id=id_,
        part="toy",
        method=method,
        path=path,
        read_only=read_only,
        scopes=(),
        idempotent=False,
        **shapes,
    )


OPERATIONS = (
    operation("getPlatformDescriptor", "GET", "/.well-known/fcsp-platform"),
    operation("issueToken", "POST", "/v1/oauth/token", read_only=False),
    operation("getHealth", "GET", "/v1/health"),
    operation("createThing", "POST", "/v1/things", read_only=False),
    operation("getThing", "GET", "/v1/things/{id}"),
)


def requirement(id_: str, **changes: Any) -> Requirement:
    values: dict[str, Any] = {
        "id": id_,
        "part": "toy",
        "level": Level.SHALL,
        "actor": "platform",
        "sentence": NAME,
        "clauses": (),
        "profiles": ("baseline",),
        "capability": None,
        "applies_when": None,
        "parameters": {},
        "effective_from": date(2026, 1, 1),
        "effective_until": None,
        "verification": Verification.TEST,
        "reason": None,
        "remediation": NAME,
        "note": None,
    }
    return Requirement(**{**values, **changes})


def standard(*requirements: Requirement) -> Standard:
    return Standard(
        version="0",
        digest="0" * 64,
        clauses={},
        requirements={r.id: r for r in requirements},
        profiles={
            "baseline": Profile("baseline", NAME, ()),
            "municipal": Profile("municipal", NAME, ("baseline",)),
        },
        terms={},
        checklist=Checklist("0", NAME, (), {}),
        codes={},
        desensitization=Desensitization("***", {}, {}, {}, frozenset(), {}, {}),
        api=Api("0", {o.id: o for o in OPERATIONS}),
        reserved={},
        holidays={},
    )


def target(base_url: str, keys: Path = Path("keys"), **changes: Any) -> Target:
    values: dict[str, Any] = {
        "base_url": base_url,
        "profile": "baseline",
        "clients": {"hub": HUB},
        "institution_keys": ("institution-1",),
        "issuer": "https://issuer.test",
        "key_store": keys,
        "timeout": 30.0,
        "max_body": 100_000,
    }
    return Target(**{**values, **changes})


def make_keys(folder: Path) -> KeyStore:
    keys = KeyStore(folder)
    for name in ("hub", "issuer", "institution-1", "stranger"):
        keys.create(name)
    return keys


Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Toy:
    """The state of the toy platform, and what it was asked."""

    trusted: Mapping[str, Any] = field(default_factory=dict)
    base: str = ""
    documents: dict[str, Any] = field(default_factory=dict)
    requests: list[tuple[str, str, bytes, Mapping[str, str]]] = field(default_factory=list)
    assertions: set[str] = field(default_factory=set)
    claims: list[Mapping[str, Any]] = field(default_factory=list)
    tokens: int = 0
    lifetime: float = 3600
    raw: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    """Paths answered by hand."""
    clock_ahead: float = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        with self.lock:
            self.requests.append((method, path, body, headers))
            match method, urlsplit(path).path:
                case "GET", "/.well-known/fcsp-platform":
                    return _json(200, self.descriptor())
                case "GET", "/v1/health":
                    return _json(200, {"status": "ok"})
                case "POST", "/v1/oauth/token":
                    return self.grant(parse_qs(body.decode()))
                case "POST", "/v1/things":
                    id_ = f"thing-{time.monotonic_ns()}"
                    self.documents[id_] = json.loads(body)
                    return _json(201, {"id": id_, **self.documents[id_]})
                case "GET", thing if thing.startswith("/v1/things/"):
                    document = self.documents.get(thing.rsplit("/", 1)[1])
                    return _json(200, document) if document else _problem(404, "not_found")
                case _:
                    return _problem(404, "not_found")

    def descriptor(self) -> dict[str, Any]:
        endpoint = f"{self.base}/v1/oauth/token"
        return {"issuer": ISSUER, "token_endpoint": endpoint, "api_base": self.base, "level": "municipal"}

    def grant(self, form: Mapping[str, list[str]]) -> Answer:
        """A token for an assertion of a trusted signer that was not used before."""
        signed = (form.get("client_assertion") or form["assertion"])[0]
        for jwk in self.trusted.values():
            try:
                claims = jwt.decode(signed, ECKey.import_key(jwk), algorithms=["ES256"]).claims
            except Exception:  # noqa: BLE001, S112 - the next key
                continue
            if claims["jti"] in self.assertions or claims["exp"] < time.time() + self.clock_ahead:
                break
            self.assertions.add(claims["jti"])
            self.claims.append(claims)
            self.tokens += 1
            token = f"opaque-{self.tokens}-{claims['jti']}"
            return _json(200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime})
        return _problem(401, "unauthorized", error="invalid_client")


def _json(status: int, value: Any) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value, ensure_ascii=False).encode()


def _problem(status: int, code: str, **more: str) -> Answer:
    body = json.dumps({"type": f"urn:fcsp:problem:{code}", "code": code, "status": status, **more}).encode()
    return status, {"Content-Type": "application/problem+json"}, body


@contextmanager
def serve(toy: Toy, wrap: Callable[[Any], Any] | None = None, scheme: str = "http") -> Iterator[str]:
    """The toy platform on a free port; `wrap` wraps its listening socket."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            by_hand = toy.raw.get(urlsplit(self.path).path)
            if by_hand:
                by_hand(self)
                self.close_connection = True
                return
            status, headers, content = toy.answer(self.command, self.path, body, dict(self.headers))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = handle_any  # noqa: N815

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string((timestamp or time.time()) + toy.clock_ahead)

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what many tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    if wrap:
        server.socket = wrap(server.socket)
    toy.base = f"{scheme}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield toy.base
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

"""Probes of trust in the parties that the suite simulates: each client, and the issuer of assertions."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from conformance.doctor.diagnosis import Diagnosis, fail, ok, warn
from conformance.model.standard import Standard
from conformance.model.target import Client, Target
from conformance.model.wire import ClientAssertion, FormBody, Reply, Request, SubjectAssertion

Send = Callable[[Request], Reply]
"""Sends one request through the wire; raises when no reply of a platform arrives."""

_CLIENT = "client_credentials"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def probe_keys(target: Target) -> Iterator[Diagnosis]:
    """The key files, before anything is signed with them."""
    names = [client.key for client in target.clients.values()] + [
        *target.institution_keys,
        "issuer",
        "stranger",
    ]
    broken = [found for name in names if (found := _key_file(target.key_store / f"{name}.jwk.json"))]
    yield from broken
    if not broken:
        yield ok("keys", "keys_ok", count=len(names), folder=str(target.key_store))


def probe_clients(target: Target, standard: Standard, send: Send) -> Iterator[Diagnosis]:
    roles = standard.codes["client_role"].codes
    for role, client in target.clients.items():
        scopes = roles[role].properties["scopes"] if role in roles else ()
        yield _client(role, client, frozenset(scopes), target, send)


def probe_issuer(target: Target, subject: tuple[str, str, str], send: Send) -> Diagnosis:
    """`subject` is type, scheme and value of a test identity."""
    assertion = SubjectAssertion(*subject, serial=_serial())
    request = Request("issueToken", body=FormBody({"grant_type": _BEARER, "assertion": assertion}))
    reply = send(request)
    details = {"issuer": target.issuer, "key": "issuer", **_said(reply)}
    if reply.status == 200:
        return ok("issuer", "issuer_ok", issuer=target.issuer)
    return fail(
        "issuer",
        "issuer_refused" if 400 <= reply.status < 500 else "token_error",
        who=target.issuer,
        **details,
    )


def _client(role: str, client: Client, scopes: frozenset[str], target: Target, send: Send) -> Diagnosis:
    probe = f"credentials.{role}"
    assertion = ClientAssertion(client.client_id, client.key, serial=_serial())
    form: dict[str, Any] = {"grant_type": _CLIENT, "client_assertion_type": _ASSERTION_TYPE}
    reply = send(Request("issueToken", body=FormBody(form | {"client_assertion": assertion})))
    details = {"role": role, "client": client.client_id, "key": client.key, **_said(reply)}
    if reply.status == 200:
        return _scopes(probe, role, client, scopes, reply)
    if reply.status in {400, 401, 403}:
        thumbprint = _thumbprint(target.key_store / f"{client.key}.jwk.json")
        return fail(probe, "client_refused", thumbprint=thumbprint, **details)
    return fail(probe, "token_error", who=client.client_id, **details)


def _scopes(probe: str, role: str, client: Client, scopes: frozenset[str], reply: Reply) -> Diagnosis:
    granted_scopes = set(str(_content(reply).get("scope", "")).split())
    missing_scopes = scopes - granted_scopes
    if missing_scopes:
        return warn(
            probe, "scope_missing", role=role, client=client.client_id, missing=sorted(missing_scopes)
        )
    return ok(probe, "client_ok", role=role, client=client.client_id)


def _said(reply: Reply) -> dict[str, Any]:
    """Status, error code and reason (at most 200 characters) of the platform's reply."""
    content = _content(reply)
    reason = content.get("detail") or content.get("error_description") or content.get("title") or "-"
    return {
        "status": reply.status,
        "error": content.get("error") or content.get("code") or "-",
        "said": str(reason)[:200],
    }


def _content(reply: Reply) -> dict[str, Any]:
    try:
        content = reply.json
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _key_file(path: Path) -> Diagnosis | None:
    try:
        key = json.loads(path.read_text("utf-8"))
        private = (
            isinstance(key, dict) and key.get("kty") == "EC" and key.get("crv") == "P-256" and "d" in key
        )
    except FileNotFoundError:
        return fail("keys", "key_missing", file=str(path))
    except (OSError, ValueError) as error:
        return fail("keys", "key_unreadable", file=str(path), error=type(error).__name__)
    if not private:
        return fail("keys", "key_wrong_kind", file=str(path))
    return warn("keys", "key_open", file=str(path)) if path.stat().st_mode & 0o077 else None


def _thumbprint(path: Path) -> str:
    from joserfc.jwk import ECKey

    return ECKey.import_key(json.loads(path.read_text("utf-8"))).thumbprint()


def _serial() -> str:
    """Assertions are single use, and the doctor may call twice within a second."""
    return f"doctor-{time.time_ns()}"

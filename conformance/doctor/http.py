"""The descriptor over HTTP: redirects, gateways, slow and endless replies told from a real answer."""

import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from conformance.doctor.deadline import within
from conformance.doctor.diagnosis import Broken, Diagnosis, fail, ok, warn
from conformance.model.target import Target

WELL_KNOWN = "/.well-known/fcsp-platform"
_HEADERS = {"accept": "application/json", "accept-encoding": "identity"}
_LIMIT = 1024 * 1024
_REDIRECTS = 5
_SLOW_SHARE = 0.3


@dataclass(slots=True)
class Answer:
    """One reply, read within bounds."""

    status: int
    headers: httpx.Headers
    body: bytes
    elapsed: float
    url: str


@dataclass(frozen=True, slots=True)
class Descriptor:
    """The platform's descriptor as it came, with the reply's own clock."""

    content: dict[str, Any]
    date: str | None
    received_at: float


class _TooLong(Exception):  # noqa: N818 - internal signal
    pass


def probe_descriptor(target: Target) -> tuple[Descriptor, tuple[Diagnosis, ...]]:
    """Fetch the descriptor. Raises Broken when what answers is not a platform."""
    answer = _fetch(target, target.base_url.rstrip("/") + WELL_KNOWN)
    found = tuple(_judge(answer, target))
    return Descriptor(_parse(answer), answer.headers.get("date"), time.time()), found


def _judge(answer: Answer, target: Target) -> Iterator[Diagnosis]:
    details: dict[str, Any] = {"url": answer.url, "status": answer.status, "media_type": _media_type(answer)}
    if 300 <= answer.status < 400:
        raise Broken(_redirected(answer, target))
    if "html" in details["media_type"]:
        raise Broken(fail("http", "http_html", start=_start(answer), **details))
    if answer.status == 404:
        raise Broken(fail("http", "http_not_found", **details))
    if answer.status >= 500:
        raise Broken(fail("http", "http_server_error", start=_start(answer), **details))
    if answer.status != 200:
        raise Broken(fail("http", "http_status", start=_start(answer), **details))
    ms = round(answer.elapsed * 1000)
    slow = answer.elapsed > target.timeout * _SLOW_SHARE
    yield (
        warn("http", "http_slow", ms=ms, seconds=target.timeout)
        if slow
        else ok("http", "http_ok", ms=ms, **details)
    )


def _redirected(answer: Answer, target: Target) -> Diagnosis:
    """The suite follows no redirect; the doctor does, only to say where it leads."""
    hops = [answer.url]
    location = answer.headers.get("location", "")
    while location and len(hops) <= _REDIRECTS:
        following = str(httpx.URL(hops[-1]).join(location))
        if following in hops:
            return fail("http", "http_redirect_loop", hops=" → ".join([*hops, following]))
        hops.append(following)
        try:
            step = _fetch(target, following)
        except Broken:
            break
        location = step.headers.get("location", "") if 300 <= step.status < 400 else ""
    if location and len(hops) > _REDIRECTS:
        return fail("http", "http_redirect_loop", hops=" → ".join(hops))
    return fail("http", "http_redirect", status=answer.status, url=answer.url, to=hops[-1])


def _fetch(target: Target, url: str) -> Answer:
    try:
        return within(lambda: _get(target, url), target.timeout)
    except _TooLong:
        raise Broken(fail("http", "http_endless", url=url, limit=_LIMIT)) from None
    except (httpx.TimeoutException, TimeoutError):
        raise Broken(fail("http", "http_timeout", url=url, seconds=target.timeout)) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Broken(fail("http", "http_broken", url=url, error=str(error) or type(error).__name__)) from None


def _get(target: Target, url: str) -> Answer:
    verify = ssl.create_default_context(cafile=target.ca_file)
    started = time.monotonic()
    with (
        httpx.Client(verify=verify, timeout=target.timeout, trust_env=False) as client,
        client.stream("GET", url, headers=_HEADERS) as reply,
    ):
        body = _read(reply)
        return Answer(reply.status_code, reply.headers, body, time.monotonic() - started, url)


def _read(reply: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in reply.iter_raw():
        body += chunk
        if len(body) > _LIMIT:
            raise _TooLong
    return bytes(body)


def _parse(answer: Answer) -> dict[str, Any]:
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Broken(fail("http", "http_not_json", url=answer.url, start=_start(answer))) from None
    if not isinstance(content, dict):
        raise Broken(fail("http", "http_not_json", url=answer.url, start=_start(answer)))
    return content


def _media_type(answer: Answer) -> str:
    return str(answer.headers.get("content-type", "")).split(";")[0].strip().lower()


def _start(answer: Answer) -> str:
    return " ".join(answer.body[:160].decode("utf-8", "replace").split())

"""The one ASGI adapter: requests become values, replies become bytes, and the work is done in threads."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from email.utils import format_datetime
from functools import partial
from itertools import groupby
from typing import Any

import orjson
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_impl.http.pipeline import Platform, log_fault
from reference_impl.parts.base import BaseParts
from reference_impl.parts.wire import WireParts
from reference_impl.policy.model import Problem, Refusal
from reference_impl.wire.contract import Operation
from reference_impl.wire.message import Reply, Request

THREADS = 8
REQUEST_ID = re.compile("[!-~]{1,128}")
COMMON_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def app(platform: Platform) -> ASGIApp:
    """The ASGI application: one route for each path, so that 405 can name all its methods."""
    operations = sorted(platform.contract.operations.values(), key=lambda o: o.path)
    limiter = CapacityLimiter(THREADS)
    routes = [
        Route(path, endpoint=_Resource(platform, list(group), limiter))
        for path, group in groupby(operations, key=lambda o: o.path)
    ]
    starlette = Starlette(routes=routes, exception_handlers={404: partial(_not_found, platform)})
    starlette.router.redirect_slashes = False
    return starlette


class _Resource:
    """Everything that answers at one path."""

    def __init__(self, platform: Platform, operations: Iterable[Operation], limiter: CapacityLimiter) -> None:
        self._platform = platform
        self._operations = {operation.method: operation for operation in operations}
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        http = HttpRequest(scope, receive)
        try:
            reply = await self._reply(http)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 (nothing may reach the server's own error page)
            log_fault(scope["path"], error)
            reply = self._problem(Problem("internal_error"))
        await response(self._platform, reply, http.headers)(scope, receive, send)

    async def _reply(self, http: HttpRequest) -> Reply:
        operation = self._operations.get(http.method)
        if operation is None:
            allow = {"Allow": ", ".join(sorted(self._operations))}
            return self._problem(Problem("method_not_allowed", headers=allow))
        limit = self._platform.settings.limits.max_body_bytes
        try:
            content = await self._platform.parts[WireParts].read_body(http.stream(), limit)
        except Refusal as refusal:
            return self._problem(refusal.problem)
        request = Request(
            http.method, http.url.path, http.path_params, http.query_params, http.headers, content
        )
        return await to_thread.run_sync(self._platform.serve, operation, request, limiter=self._limiter)

    def _problem(self, problem: Problem) -> Reply:
        return self._platform.parts[WireParts].problem(problem)


def response(platform: Platform, reply: Reply, request_headers: Mapping[str, str]) -> Response:
    headers = {**COMMON_HEADERS, "Date": _date(platform), **reply.headers}
    request_id = request_headers.get("x-request-id", "")
    if REQUEST_ID.fullmatch(request_id):
        headers["X-Request-Id"] = request_id
    return Response(orjson.dumps(reply.body), reply.status, headers, reply.media_type)


async def _not_found(platform: Platform, http: HttpRequest, _error: Any) -> Response:
    return response(platform, platform.parts[WireParts].problem(Problem("not_found")), http.headers)


def _date(platform: Platform) -> str:
    """The time of the platform's own clock, as RFC 9110 writes it."""
    return format_datetime(platform.parts[BaseParts].clock().astimezone(UTC), usegmt=True)

"""The adapter: identity, health and errors in the words of the standard; data from the existing API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from docs.examples.legacy_adapter import mapping

TEXTS = {
    "not_found": {"zh": "资源不存在。", "en": "The resource does not exist."},
    "method_not_allowed": {"zh": "该地址不支持此方法。", "en": "This address does not support the method."},
    "unauthorized": {"zh": "缺少有效的访问凭证。", "en": "Valid credentials are missing."},
    "unavailable": {"zh": "服务暂不可用。", "en": "The service is not available."},
}
STATUS_CODES = {404: "not_found", 405: "method_not_allowed"}


class LegacyError(Exception):
    """The existing API answered with a failure."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass(frozen=True, slots=True)
class Legacy:
    """The existing API."""

    client: httpx.AsyncClient

    async def basic_registration(self, uscc: str) -> dict[str, Any]:
        """Item F01-01 of an enterprise. Raises LegacyError, and UnmappableError for what has no word."""
        reply = await self.client.get("/ent/base", params={"tyshxydm": uscc})
        body = reply.json()
        if body["code"] != "0000":
            raise LegacyError(*mapping.FAILURES.get(body["code"], (503, "unavailable")))
        return mapping.basic_registration(body["data"])


def application(document: Mapping[str, Any]) -> Starlette:
    """The adapter as an ASGI application; `document` is the descriptor without the time."""

    async def descriptor(_: Request) -> Response:
        return JSONResponse({**document, "time": now()})

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "version": "1.0", "time": now()})

    return Starlette(
        routes=[Route("/.well-known/fcsp-platform", descriptor), Route("/v1/health", health)],
        exception_handlers={HTTPException: refused, LegacyError: failed},
    )


async def refused(_: Request, error: Exception) -> Response:
    """What the framework refuses by itself, as problem details instead of its plain text."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return told(status, STATUS_CODES.get(status, "unavailable"))


async def failed(_: Request, error: Exception) -> Response:
    assert isinstance(error, LegacyError)  # noqa: S101 - for the type checker
    return told(error.status, error.code)


def told(status: int, code: str) -> Response:
    content = mapping.problem(status, code, TEXTS[code])
    return JSONResponse(
        content, status, {"date": formatdate(usegmt=True)}, media_type="application/problem+json"
    )


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

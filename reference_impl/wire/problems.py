"""Problem details (RFC 9457): the code decides status and texts, and nothing of the request is repeated."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from reference_impl.policy.model import Problem
from reference_impl.wire.message import PROBLEM, Reply

Codes = Mapping[str, Mapping[str, Any]]

RETRY_SECONDS = "30"


def render(problem: Problem, codes: Codes) -> Reply:
    """The reply that tells a problem in both languages."""
    code = codes[problem.code]
    status = problem.status or code["status"]
    detail = problem.detail or code["title"]
    body = {
        "type": f"urn:fcsp:problem:{problem.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": problem.code,
        "detail": detail["en"],
        "detail_i18n": {"zh": detail["zh"], "en": detail["en"]},
        **problem.members,
    }
    if problem.errors:
        body["errors"] = [dict(error) for error in problem.errors]
    return Reply(status, body, {**_headers(status, problem.code), **problem.headers}, PROBLEM)


def _headers(status: int, code: str) -> dict[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        error = ', error="invalid_token"' if code == "invalid_token" else ""
        return {"WWW-Authenticate": f'Bearer realm="fcsp"{error}'}
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        return {"Retry-After": RETRY_SECONDS}
    return {}

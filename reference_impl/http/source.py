"""Asking sources: one bounded request to a configured address, and no word of it that was not judged."""

import secrets
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from reference_impl.http.body import strict
from reference_impl.http.message import JSON
from reference_impl.policy import source
from reference_impl.policy.model import Document
from reference_impl.policy.source import Answer, Question
from reference_impl.settings import Source

if TYPE_CHECKING:
    from reference_impl.http.pipeline import Platform

AT_A_TIME = 8


@dataclass(frozen=True, slots=True)
class SourceReply:
    """What came back from a source, unjudged."""

    status: int
    media_type: str
    body: bytes
    location: str = ""
    """Where a redirect leads. Nobody follows it."""


def ask_all(platform: "Platform", questions: Sequence[Question]) -> dict[Question, Answer]:
    """Ask several sources at a time. All of them together get the time of one."""
    pool = ThreadPoolExecutor(min(AT_A_TIME, len(questions)), thread_name_prefix="source")
    waiting = {pool.submit(platform.parts.consult, platform, question): question for question in questions}
    done, _ = wait(waiting, timeout=platform.settings.limits.source_seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    return {question: future.result() if future in done else None for future, question in waiting.items()}


def consult(platform: "Platform", question: Question) -> Answer:
    """The answer to one question; None where there is no source, or none that can be used came back."""
    parts, limits = platform.parts, platform.settings.limits
    where = parts.find_source(platform.settings.trust, question.item_code)
    if where is None:
        return None
    operation = platform.contract.sources["askRecords" if question.claims is None else "verifyClaims"]
    body = parts.source_request(question, parts.catalogue.version)
    token = platform.vault.sign(
        {
            **parts.source_claims(platform.settings.base_url, where.url, int(parts.clock().timestamp())),
            **_id(),
        }
    )
    headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON, "Accept": JSON}
    url = parts.source_address(where, operation.path, body)
    try:
        reply = parts.post_source(
            url, orjson.dumps(body), headers, limits.source_seconds, limits.source_bytes
        )
        return parts.read_source(question, reply, operation.reply.is_valid, parts.validate_record)
    except (OSError, HTTPException, ValueError, TypeError, RecursionError):
        return None


def address(where: Source, path: str, _body: Document) -> str:
    """Where to send a request: nothing of it shows in the address."""
    return where.url + path


def read(
    question: Question,
    reply: SourceReply,
    obeys: Callable[[Any], bool],
    validate: Callable[[object], Sequence[Any]],
) -> Answer:
    """The answer in a reply, if it is one in every respect."""
    if reply.status != 200 or reply.media_type != JSON:
        return None
    document = strict(reply.body)
    if not obeys(document):
        return None
    if question.claims is not None:
        return bool(document["matches"])
    return source.usable(question, document["records"], validate)


def post(
    url: str, body: bytes | Iterable[bytes], headers: Mapping[str, str], seconds: float, limit: int
) -> SourceReply:
    """One POST, in chunks where the body comes in parts.

    Follows no redirect, reads at most `limit` bytes and ends after `seconds`, drip or not.
    """
    end, parts = monotonic() + seconds, urlsplit(url)
    connection = _connection(parts.scheme, parts.netloc, seconds)
    connection.connect()
    cut = Timer(max(0.0, end - monotonic()), _cut, (connection.sock,))
    cut.start()
    try:
        connection.request(
            "POST", f"{parts.path}?{parts.query}" if parts.query else parts.path, body, dict(headers)
        )
        response = connection.getresponse()
        content = response.read(limit + 1)
        if monotonic() >= end or len(content) > limit:
            raise TimeoutError("too slow or too large")
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return SourceReply(response.status, media_type, content, response.headers.get("Location", ""))
    finally:
        cut.cancel()
        connection.close()


def _connection(scheme: str, place: str, seconds: float) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(place, timeout=seconds, context=ssl.create_default_context())
    return HTTPConnection(place, timeout=seconds)


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _id() -> dict[str, str]:
    return {"jti": secrets.token_hex(16)}

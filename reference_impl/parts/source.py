"""Decisions about items that stay at their source: one bounded request, and no answer that was not judged."""

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
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson

from reference_impl.groups import Parts
from reference_impl.knowledge import Setup
from reference_impl.parts.base import BaseParts
from reference_impl.parts.collection import CollectionParts
from reference_impl.policy import source
from reference_impl.policy.model import Document
from reference_impl.policy.query import Grant
from reference_impl.policy.source import Answer, Question
from reference_impl.settings import Settings, Source
from reference_impl.standard import ItemSpec
from reference_impl.store.keys import KeyStore
from reference_impl.wire.body import strict
from reference_impl.wire.contract import Contract
from reference_impl.wire.message import JSON

CONCURRENT_QUESTIONS = 8


class Asking(Protocol):
    """The platform as far as sources are asked by it; no transaction is open meanwhile."""

    @property
    def settings(self) -> Settings:
        """Addresses of the sources, and limits."""
        ...

    @property
    def contract(self) -> Contract:
        """The operations of a source, with the schemas of their replies."""
        ...

    @property
    def parts(self) -> Parts:
        """The decisions of the platform."""
        ...

    @property
    def keys(self) -> KeyStore:
        """The key that signs the platform's tokens."""
        ...


@dataclass(frozen=True, slots=True)
class SourceReply:
    """The reply of a source, not judged yet."""

    status: int
    media_type: str
    body: bytes
    location: str = ""
    """Target of a redirect. It is not followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceParts:
    """Decisions about questions to sources."""

    address: Callable[[Source, str, Document], str]
    """URL of a request, by source, path of the operation, and body."""
    token_claims: Callable[[str, str, int], dict[str, Any]]
    """Claims of the platform's token, by issuer, audience and POSIX seconds."""
    post: Callable[[str, bytes | Iterable[bytes], Mapping[str, str], float, int], SourceReply]
    """One POST, by URL, body (parts of one are sent in chunks), headers, seconds and bytes.

    Raises OSError and HTTPException.
    """
    read_answer: Callable[
        [Question, SourceReply, Callable[[Any], bool], Callable[[object], Sequence[Any]]], Answer
    ]
    """The answer in a reply, by the question, the contract's validator, and that of records."""
    request: Callable[[Question, str], dict[str, Any]]
    """Body of the request, by question and checklist version."""
    ask_sources: Callable[[Any, Sequence[Question]], dict[Question, Answer]]
    """The answers to several questions, within the time of one."""
    consult: Callable[[Any, Question], Answer]
    """The answer to one question; None where no usable one came."""
    may_verify: Callable[[Grant, ItemSpec, Document], bool]
    """True if a grant lets claims about an item be verified."""


def honest(_setup: Setup) -> SourceParts:
    """Sources are asked only about what an authorization opened, and believed only where they obey."""
    return SourceParts(
        address=address,
        token_claims=source.token_claims,
        post=post,
        read_answer=read_answer,
        request=source.request,
        ask_sources=ask_sources,
        consult=consult,
        may_verify=source.may_verify,
    )


def ask_sources(platform: Asking, questions: Sequence[Question]) -> dict[Question, Answer]:
    """Answers by question, asked concurrently; all of them together get the time of one."""
    pool = ThreadPoolExecutor(min(CONCURRENT_QUESTIONS, len(questions)), thread_name_prefix="source")
    consult_source = platform.parts[SourceParts].consult
    waiting = {pool.submit(consult_source, platform, question): question for question in questions}
    finished, _ = wait(waiting, timeout=platform.settings.limits.source_seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    return {question: future.result() if future in finished else None for future, question in waiting.items()}


def consult(platform: Asking, question: Question) -> Answer:
    """The answer to one question; None without a source, or without a usable answer."""
    parts, settings = platform.parts, platform.settings
    source_group, limits = parts[SourceParts], settings.limits
    place = settings.trust.source_of(question.item_code)
    if place is None:
        return None
    operation = platform.contract.sources["askRecords" if question.claims is None else "verifyClaims"]
    body = source_group.request(question, parts[BaseParts].catalogue.version)
    now = int(parts[BaseParts].clock().timestamp())
    claims = {**source_group.token_claims(settings.base_url, place.url, now), **_token_id()}
    token = platform.keys.sign(claims)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON, "Accept": JSON}
    url = source_group.address(place, operation.path, body)
    try:
        reply = source_group.post(
            url, orjson.dumps(body), headers, limits.source_seconds, limits.source_bytes
        )
        validate = parts[CollectionParts].validate_record
        return source_group.read_answer(question, reply, operation.reply.is_valid, validate)
    except (OSError, HTTPException, ValueError, TypeError, RecursionError):
        return None


def address(place: Source, path: str, _body: Document) -> str:
    """URL of an operation at a source; it holds nothing of the request."""
    return place.url + path


def read_answer(
    question: Question,
    reply: SourceReply,
    obeys: Callable[[Any], bool],
    validate: Callable[[object], Sequence[Any]],
) -> Answer:
    """The answer in a reply; None where anything about it is wrong. Raises ValueError for bad JSON."""
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
    """One POST: no redirect is followed, at most `limit` bytes are read, and it ends after `seconds`.

    Raises OSError (TimeoutError for a reply too slow or too large) and HTTPException.
    """
    end, place = monotonic() + seconds, urlsplit(url)
    connection = _connection(place.scheme, place.netloc, seconds)
    connection.connect()
    cut = Timer(max(0.0, end - monotonic()), _cut, (connection.sock,))
    cut.start()
    try:
        connection.request(
            "POST", f"{place.path}?{place.query}" if place.query else place.path, body, dict(headers)
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


def _token_id() -> dict[str, str]:
    return {"jti": secrets.token_hex(16)}

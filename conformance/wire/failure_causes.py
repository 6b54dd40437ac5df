"""Why no usable reply came: a closed list of causes, each a message `wire.<cause>`."""

import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum

import httpcore

from conformance.expect import Inconclusive
from conformance.model.text import Message


class Cause(StrEnum):
    """The closed list."""

    NAME_UNKNOWN = "name_unknown"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS = "tls"
    TIMEOUT = "timeout"
    DISCONNECTED = "disconnected"
    NO_HTTP = "no_http"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    BAD_ADDRESS = "bad_address"
    CREDENTIALS_REFUSED = "credentials_refused"
    DESCRIPTOR_UNUSABLE = "descriptor_unusable"


TRANSPORT_FAULTS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
)


CUT = ("disconnected", "peer closed connection")
"""Wording of the transport for a connection that ended too early, which has no exception type."""


def inconclusive(cause: Cause, **args: object) -> Inconclusive:
    return Inconclusive(Message(f"wire.{cause}", args))


def of(error: Exception) -> Cause:
    """The cause behind a fault of the transport."""
    chain = tuple(_chain(error))
    for kind, cause in (
        (socket.gaierror, Cause.NAME_UNKNOWN),
        (ssl.SSLError, Cause.TLS),
        (ConnectionRefusedError, Cause.REFUSED),
        (httpcore.ConnectTimeout, Cause.CONNECT_TIMEOUT),
        (httpcore.TimeoutException, Cause.TIMEOUT),
        (httpcore.UnsupportedProtocol, Cause.BAD_ADDRESS),
        (httpcore.ConnectError, Cause.UNREACHABLE),
    ):
        if any(isinstance(link, kind) for link in chain):
            return cause
    cut = isinstance(error, httpcore.NetworkError) or any(sign in str(error) for sign in CUT)
    return Cause.DISCONNECTED if cut else Cause.NO_HTTP


def detail(error: Exception) -> str:
    """The innermost reason in one line, e.g. which part of a certificate is wrong."""
    *_, root = _chain(error)
    return str(root).splitlines()[0] if str(root) else type(root).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__

"""The lower layers: address, name, port and TLS; each broken in its own recognizable way."""

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from conformance.doctor.deadline import within
from conformance.doctor.diagnosis import Broken, Diagnosis, fail, ok, warn
from conformance.model.target import Target

_EXPIRES_SOON_DAYS = 14
# Verification codes of OpenSSL (X509_V_ERR_*).
_UNKNOWN_CA = frozenset({2, 18, 19, 20, 21})
_TLS_CAUSES = {9: "tls_not_yet_valid", 10: "tls_expired", 62: "tls_hostname", 64: "tls_hostname"}


@dataclass(frozen=True, slots=True)
class Address:
    """Scheme, host and port of the platform's base URL."""

    scheme: str
    host: str
    port: int

    @property
    def loopback(self) -> bool:
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def probe_transport(target: Target) -> Iterator[Diagnosis]:
    """Raises Broken at the first layer that does not hold."""
    address = parse_address(target.base_url)
    yield from _address(address, target)
    yield _dns(address, target.timeout)
    yield _tcp(address, target.timeout)
    if address.scheme == "https":
        yield _tls(address, target)


def parse_address(base_url: str) -> Address:
    try:
        parts = urlsplit(base_url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise Broken(fail("address", "address_malformed", url=base_url)) from None
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.username
        or parts.query
        or parts.fragment
    ):
        raise Broken(fail("address", "address_malformed", url=base_url))
    return Address(parts.scheme, parts.hostname, port)


def _address(address: Address, target: Target) -> Iterator[Diagnosis]:
    if address.scheme == "http" and not address.loopback:
        if target.environment == "production":
            raise Broken(fail("address", "address_plain_production", url=target.base_url))
        yield warn("address", "address_plain", url=target.base_url)
    else:
        yield ok("address", "address_ok", url=target.base_url)


def _dns(address: Address, timeout: float) -> Diagnosis:
    def resolve() -> list[str]:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        return sorted({str(entry[4][0]) for entry in found})

    started = time.monotonic()
    try:
        addresses = within(resolve, timeout)
    except TimeoutError:
        raise Broken(fail("dns", "dns_timeout", host=address.host, seconds=timeout)) from None
    except (OSError, UnicodeError) as error:
        raise Broken(fail("dns", "dns_unknown", host=address.host, error=str(error))) from None
    return ok("dns", "dns_ok", host=address.host, addresses=addresses, ms=_ms(started))


def _tcp(address: Address, timeout: float) -> Diagnosis:
    where = {"host": address.host, "port": address.port}
    started = time.monotonic()
    try:
        socket.create_connection((address.host, address.port), timeout).close()
    except ConnectionRefusedError:
        raise Broken(fail("tcp", "tcp_refused", **where)) from None
    except TimeoutError:
        raise Broken(fail("tcp", "tcp_timeout", seconds=timeout, **where)) from None
    except OSError as error:
        raise Broken(fail("tcp", "tcp_unreachable", error=str(error), **where)) from None
    return ok("tcp", "tcp_ok", ms=_ms(started), **where)


def _tls(address: Address, target: Target) -> Diagnosis:
    host = address.host
    try:
        context = ssl.create_default_context(cafile=target.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise Broken(fail("tls", "tls_ca_file", file=str(target.ca_file), error=str(error))) from None
    try:
        with (
            socket.create_connection((host, address.port), target.timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            return _certificate(secured, host)
    except ssl.SSLCertVerificationError as error:
        key = (
            "tls_unknown_ca"
            if error.verify_code in _UNKNOWN_CA
            else _TLS_CAUSES.get(error.verify_code, "tls_failed")
        )
        raise Broken(fail("tls", key, host=host, error=error.verify_message)) from None
    except ssl.SSLError as error:
        key = "tls_not_spoken" if error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST"} else "tls_failed"
        raise Broken(fail("tls", key, host=host, error=error.reason or str(error))) from None
    except TimeoutError:
        raise Broken(fail("tls", "tls_timeout", host=host, seconds=target.timeout)) from None
    except OSError as error:
        raise Broken(fail("tls", "tls_failed", host=host, error=str(error))) from None


def _certificate(secured: ssl.SSLSocket, host: str) -> Diagnosis:
    certificate = secured.getpeercert() or {}
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    days = (until - datetime.now(UTC)).days
    details = {"host": host, "version": secured.version(), "until": until.date().isoformat(), "days": days}
    return (
        ok("tls", "tls_ok", **details)
        if days > _EXPIRES_SOON_DAYS
        else warn("tls", "tls_expires_soon", **details)
    )


def _ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)

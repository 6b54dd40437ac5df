"""The wire over TLS: unknown issuers, other hosts, and plain HTTP where TLS is expected."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from conformance.evidence import Vault
from conformance.model.wire import Request
from conformance.wire import KeyStore, Wire
from conformance.wire.failure_causes import Cause
from tests.conformance.wire.test_wire import cause, send
from tests.support import toy_platform


@contextmanager
def tls_platform(folder: Path, names: list[x509.GeneralName]) -> Iterator[tuple[str, Path]]:
    certificate, key = self_signed(names)
    (folder / "certificate.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    with toy_platform.serve(
        toy_platform.Toy(),
        lambda sock: context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False),
        "https",
    ) as base:
        yield base, folder / "certificate.pem"


def self_signed(names: list[x509.GeneralName]) -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "toy")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
        )
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


LOCAL = x509.DNSName("localhost")


def test_tls_with_an_unknown_issuer_then_with_its_certificate(tmp_path: Path, keys: KeyStore) -> None:
    with tls_platform(tmp_path, [LOCAL]) as (base, certificate):
        host = base.replace("127.0.0.1", "localhost")
        unknown = Wire(toy_platform.target(host), toy_platform.standard(), Vault(b""), keys)
        assert cause(unknown) == Cause.TLS
        trusting = Wire(
            toy_platform.target(host, ca_file=certificate), toy_platform.standard(), Vault(b""), keys
        )
        reply = send(trusting, Request("getPlatformDescriptor"))
        assert reply.status == 200
        trusting.close()


def test_tls_for_another_host(tmp_path: Path, keys: KeyStore) -> None:
    with tls_platform(tmp_path, [x509.DNSName("other.test")]) as (base, certificate):
        wire = Wire(toy_platform.target(base, ca_file=certificate), toy_platform.standard(), Vault(b""), keys)
        assert cause(wire) == Cause.TLS


def test_tls_where_plain_http_answers(toy: toy_platform.Toy, keys: KeyStore) -> None:
    wire = Wire(
        toy_platform.target(toy.base.replace("http:", "https:")), toy_platform.standard(), Vault(b""), keys
    )
    assert cause(wire) == Cause.TLS

"""Servers that are wrong in ways a doctor has to tell apart."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Talk = Callable[[socket.socket], None]


@contextmanager
def serving(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Give each connection to `talk` until the block ends; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def accept() -> None:
        while not over.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(5)
            if context is None:
                talk(connection)
            else:
                with context.wrap_socket(connection, server_side=True) as secured:
                    talk(secured)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def reply(
    body: bytes, *, status: str = "200 OK", media: str = "application/json", header_lines: str = ""
) -> Talk:
    """Read a request, answer it, hang up."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        headers = (
            f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n{header_lines}Connection: close\r\n\r\n"
        )
        connection.sendall(f"HTTP/1.1 {status}\r\n{headers}".encode() + body)

    return talk


def endless(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    while True:
        connection.sendall(b"1," * 32768)


def dripping(connection: socket.socket) -> None:
    """One byte now and then: each read succeeds, the reply never ends."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    pause = threading.Event()
    while not pause.wait(0.1):
        connection.sendall(b" ")


def silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def hang_up(connection: socket.socket) -> None:
    connection.recv(65536)


class Authority:
    """A private authority that signs certificates for 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        root = self._certificate(self._name, self._key.public_key(), days=30, extension=None)
        self.file = folder / "ca.pem"
        self.file.write_bytes(root.public_bytes(serialization.Encoding.PEM))

    def context(self, *, days: int = 90, address: str = "127.0.0.1") -> ssl.SSLContext:
        """A server context whose certificate ends in `days` and names `address`."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "platform")])
        certificate = self._certificate(name, key.public_key(), days=days, extension=names)
        chain, private = self._folder / f"{days}{address}.pem", self._folder / f"{days}{address}.key"
        chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        private.write_bytes(key.private_bytes(*form))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, private)
        return context

    def _certificate(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePublicKey,
        *,
        days: int,
        extension: x509.SubjectAlternativeName | None,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=extension is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        if extension:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self._key, hashes.SHA256())

"""The key store: private keys of everybody the suite plays, one `<name>.jwk.json` each."""

import os
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
from joserfc.jwk import ECKey

from conformance.expect import NotVerified
from conformance.model.text import Message

CURVE = "P-256"


class KeyStore:
    """A folder of private keys, read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._keys: dict[str, ECKey] = {}

    def key(self, name: str) -> ECKey:
        """A private key; what needs a missing one is not verified."""
        with self._lock:
            if name not in self._keys:
                self._keys[name] = self._read(name)
            return self._keys[name]

    def public(self, name: str) -> dict[str, Any]:
        """The public half as it stands in a `jwks`."""
        key = self.key(name)
        return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}

    def salt(self, name: str, purpose: str) -> bytes:
        """A secret derived from a private key, which needs no place of its own."""
        return f"{purpose}|{self.key(name).as_dict(private=True)['d']}".encode()

    def create(self, name: str) -> None:
        """Make a key, readable by its owner only; an existing one is kept."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = orjson.dumps(ECKey.generate_key(CURVE).as_dict(private=True), option=orjson.OPT_INDENT_2)
        try:
            file = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(file, "wb") as stream:
            stream.write(text)

    def __contains__(self, name: str) -> bool:
        return self._path(name).is_file()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.jwk.json"

    def _read(self, name: str) -> ECKey:
        try:
            return ECKey.import_key(orjson.loads(self._path(name).read_bytes()))
        except (OSError, ValueError) as error:
            raise NotVerified(Message("wire.key_missing", {"name": name, "detail": str(error)})) from error

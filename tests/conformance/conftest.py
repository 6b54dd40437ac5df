"""Fixtures of the engine's tests: a toy platform, its keys, and a wire to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.evidence import Vault
from conformance.wire import KeyStore, Wire
from tests.support import toy_platform


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return toy_platform.make_keys(tmp_path / "keys")


@pytest.fixture
def toy(keys: KeyStore) -> Iterator[toy_platform.Toy]:
    toy = toy_platform.Toy({name: keys.public(name) for name in ("hub", "issuer", "institution-1")})
    with toy_platform.serve(toy):
        yield toy


@pytest.fixture
def vault() -> Vault:
    return Vault(b"salt")


@pytest.fixture
def wire(toy: toy_platform.Toy, keys: KeyStore, vault: Vault, tmp_path: Path) -> Iterator[Wire]:
    wire = Wire(
        toy_platform.target(toy.base, tmp_path / "keys"), toy_platform.standard(), vault, keys, nonce="n"
    )
    yield wire
    wire.close()

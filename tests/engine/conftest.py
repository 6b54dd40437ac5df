"""Fixtures of the engine's tests: a toy platform, its keys, and a wire to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.evidence import Vault
from conformance.wire import KeyStore, Wire
from tests.engine import world


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return world.make_keys(tmp_path / "keys")


@pytest.fixture
def toy(keys: KeyStore) -> Iterator[world.Toy]:
    toy = world.Toy({name: keys.public(name) for name in ("hub", "issuer", "institution-1")})
    with world.serve(toy):
        yield toy


@pytest.fixture
def vault() -> Vault:
    return Vault(b"salt")


@pytest.fixture
def wire(toy: world.Toy, keys: KeyStore, vault: Vault, tmp_path: Path) -> Iterator[Wire]:
    wire = Wire(world.target(toy.base, tmp_path / "keys"), world.standard(), vault, keys, nonce="n")
    yield wire
    wire.close()

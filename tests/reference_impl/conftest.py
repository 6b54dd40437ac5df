"""The standard as the exemplar reads it, and one platform for the tests that leave it usable."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reference_impl.desensitization import Desensitization
from reference_impl.standard import Catalogue, load, root
from tests.reference_impl.platform_process import World, running


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(root())


@pytest.fixture(scope="session")
def desensitization(catalogue: Catalogue) -> Desensitization:
    return catalogue.desensitization


@pytest.fixture(scope="session")
def schemas() -> Path:
    return root() / "schemas"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("platform")) as started:
        yield started

"""The standard as the exemplar reads it, once."""

from pathlib import Path

import pytest

from reference_impl.desensitization import Desensitization
from reference_impl.standard import Catalogue, load, root


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(root())


@pytest.fixture(scope="session")
def desensitization(catalogue: Catalogue) -> Desensitization:
    return catalogue.desensitization


@pytest.fixture(scope="session")
def schemas() -> Path:
    return root() / "schemas"

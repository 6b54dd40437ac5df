"""The standard as published, read once."""

import pytest

from conformance.loader import load_standard
from conformance.model.standard import Standard
from tests.standard.api.document import ROOT


@pytest.fixture(scope="session")
def standard() -> Standard:
    return load_standard(ROOT)

"""The standard and everything that judges, read once."""

from collections.abc import Iterator

import pytest

from conformance.cli.shared.judges import all_checks_and_monitors
from conformance.loader import load_standard
from conformance.model.standard import Standard
from conformance.selftest.fork_server import Nursery
from conformance.selftest.trial import Suite
from tests.system.processes import TODAY


@pytest.fixture(scope="session")
def standard() -> Standard:
    return load_standard()


@pytest.fixture(scope="session")
def suite(standard: Standard) -> Suite:
    return Suite(standard, *all_checks_and_monitors(standard), day=TODAY)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """A warm process from which platforms start in no time, each on its own."""
    with Nursery() as nursery:
        yield nursery

"""One platform for the tests that leave it usable."""

from collections.abc import Iterator

import pytest

from tests.platform.world import World, running


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("platform")) as started:
        yield started

"""A workspace that the tests of the commands share."""

from pathlib import Path

import pytest

from tests.conformance.cli.commands import fcsp


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vendor")
    done = fcsp("init", "--base-url", "http://127.0.0.1:1", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder

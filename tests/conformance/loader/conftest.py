"""A small copy of the standard that a test may damage."""

import shutil
from pathlib import Path

import pytest

from conformance.loader import root


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the standard with the test divisions only and without examples: quick to read."""
    copy = tmp_path_factory.mktemp("standard")
    for part in ("standard", "schemas"):
        shutil.copytree(root() / part, copy / part, ignore=shutil.ignore_patterns("examples"))
    division = copy / "schemas" / "codes" / "division.yaml"
    lines = division.read_text("utf-8").splitlines(keepends=True)
    division.write_text("".join(n for n in lines if "{code:" not in n or '{code: "99' in n), "utf-8")
    return copy


@pytest.fixture
def copy(pristine: Path, tmp_path: Path) -> Path:
    """A fresh copy for one test."""
    return Path(shutil.copytree(pristine, tmp_path / "root"))

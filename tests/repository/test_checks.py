"""Guard over conformance/checks: all input of a check comes through its context."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.tracked import shown, tracked

MODULES = frozenset(
    ("time", "random", "secrets", "uuid", "os", "socket", "urllib", "http", "httpx", "threading")
)
CALLS = frozenset(("now", "utcnow", "today", "sleep", "urandom", "open"))


def strays(path: Path) -> Iterator[str]:
    """Imports and calls that reach past the context; a generator with a fixed seed is data."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
            yield from (a.name for a in node.names if (node.module, a.name) != ("random", "Random"))
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            if name in CALLS or (name == "Random" and not node.args):
                yield f"{name}()"


def test_checks_reach_nothing_past_their_context() -> None:
    assert {shown(p): found for p in tracked("conformance/checks/*.py") if (found := list(strays(p)))} == {}


@pytest.mark.parametrize(
    "line",
    ["import time", "from random import choice", "Random()", "import httpx", "datetime.now()", "open('x')"],
)
def test_a_stray_would_be_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "check.py").write_text(line + "\n")
    assert list(strays(tmp_path / "check.py")) != []

"""Guards over conformance/checks: all input comes through the context, and what is delivered is new."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.tracked import shown, tracked

MODULES = frozenset(
    ("time", "random", "secrets", "uuid", "os", "socket", "urllib", "http", "httpx", "threading")
)
CALLS = frozenset(("now", "utcnow", "today", "sleep", "urandom", "open"))
DELIVERS = frozenset(("deliver", "deliver_accepted", "submit"))


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


def stale(path: Path) -> Iterator[str]:
    """Checks that deliver what they make, and make what a run before has delivered already.

    Where a platform has loaded a data set, all that is made is the same in every run, unless it is fresh.
    """
    for node in ast.parse(path.read_text("utf-8")).body:
        calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
        makes = [one for one in calls if getattr(one.func, "id", "") == "Network"]
        function_names = {getattr(one.func, "attr", "") for one in calls}
        if (
            isinstance(node, ast.FunctionDef)
            and function_names & DELIVERS
            and any(not c.keywords for c in makes)
        ):
            yield node.name


def test_checks_reach_nothing_past_their_context() -> None:
    assert {shown(p): found for p in tracked("conformance/checks/*.py") if (found := list(strays(p)))} == {}


def test_what_a_check_delivers_is_new_in_every_run() -> None:
    found = {shown(p): names for p in tracked("conformance/checks/*.py") if (names := list(stale(p)))}
    assert found == {}


def test_a_delivery_of_the_same_again_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "check.py").write_text(
        "def one(ctx):\n    network = Network(ctx)\n    network.provider.deliver(record)\n"
    )
    assert list(stale(tmp_path / "check.py")) == ["one"]


@pytest.mark.parametrize(
    "line",
    ["import time", "from random import choice", "Random()", "import httpx", "datetime.now()", "open('x')"],
)
def test_a_stray_would_be_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "check.py").write_text(line + "\n")
    assert list(strays(tmp_path / "check.py")) != []

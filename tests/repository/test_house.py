"""Guards over the house: import contracts hold, libraries are declared, files and functions stay small."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.repository.tracked import ROOT, shown, tracked

FILE_LINES = 400
FUNCTION_LINES = 50
EXTRAS = ("data", "spark")
"""Parts of the product that ask for more than the base; without them they say what to install."""
TOOL = Path(sys.executable).with_name("lint-imports")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its number of lines, docstring and decorators not counted."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            words = (node.body[0].end_lineno or 0) - node.body[0].lineno + 1 if docstring is not None else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - words


def test_import_contracts_hold() -> None:
    run = subprocess.run(
        [TOOL, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout
    assert "0 kept" not in run.stdout


def imported(path: Path) -> Iterator[str]:
    """The top-level modules that a file imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def plain(name: str) -> str:
    """A distribution's name as it is compared: without case, extras and version."""
    return re.split(r"[^a-z0-9._-]", name.lower().strip())[0].replace("_", "-").replace(".", "-")


def test_what_the_product_imports_is_what_its_users_get() -> None:
    """A library that only the development environment has is missing wherever the wheel is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {plain(name) for name in project["dependencies"]}
    extra = {plain(name) for kind in EXTRAS for name in project["optional-dependencies"].get(kind, ())}
    distributions = packages_distributions()
    files = tracked("conformance/*.py", "reference_impl/*.py")
    modules = {name for path in files for name in imported(path)} - sys.stdlib_module_names
    libraries = modules - {"conformance", "reference_impl"}
    assert len(libraries) > 10
    assert {
        m for m in libraries if not (declared | extra) & {plain(name) for name in distributions.get(m, (m,))}
    } == set()
    providers = {plain(name) for module in libraries for name in distributions.get(module, ())}
    assert declared - providers == set(), "declared, yet imported by nothing"


def test_files_stay_small() -> None:
    sizes = {shown(path): len(path.read_text("utf-8").splitlines()) for path in tracked("*.py")}
    assert len(sizes) > 100
    assert {name: size for name, size in sizes.items() if size > FILE_LINES} == {}


def test_functions_stay_small() -> None:
    found = [(f"{shown(path)}: {name}", size) for path in tracked("*.py") for name, size in functions(path)]
    assert len(found) > 500
    assert {name for name, size in found if size > FUNCTION_LINES} == set()


def test_a_long_function_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "long.py"
    page.write_text('def f() -> None:\n    """Says\n    much."""\n' + "    print()\n" * 60)
    assert dict(functions(page)) == {"f": 61}

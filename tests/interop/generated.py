"""Clients that other people's generators make of the API, each put through one flow.

What they generate stays in the folder of the run. A client has to hold every operation, and the flow has to
fit its types, before it goes against the reference platform.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from conformance.model.standard import Standard
from tests.interop.bundle import METHODS
from tests.interop.flow_input import flow_input

CLIENTS = Path(__file__).parent / "clients"
PACKAGE = "fcsp_client"
KNOWN = frozenset({"POST /v1/batches within collection"})
"""Of the two media types of a delivery the Python generator knows one: it leaves NDJSON out, and says so."""
SECONDS = 300


def python(folder: Path, document: Path, standard: Standard) -> list[str]:
    """openapi-python-client, with mypy as the judge of types."""
    home, tools = folder / "python", folder / "venv/bin"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    client, settings = home / PACKAGE, CLIENTS / "openapi-python-client.yaml"
    words = [str(tools / "openapi-python-client"), "generate", "--meta", "none", "--path", str(document)]
    generated = _run([*words, "--config", str(settings), "--output-path", str(client)], home)
    problems = _failed(generated) or _left_out(generated.stderr + generated.stdout)
    problems = problems or _missing(document, {path.stem for path in client.glob("api/*/*.py")}, _snake)
    flow = CLIENTS / "flow.py"
    mypy = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--config-file=", str(flow)]
    problems = problems or _failed(_run(mypy, home, {"MYPYPATH": str(home)}))
    return problems or _flown([str(tools / "python"), str(flow)], home, standard, {"PYTHONPATH": str(home)})


def typescript(folder: Path, document: Path, standard: Standard) -> list[str]:
    """@hey-api/openapi-ts, with tsc as the judge of types and zod of each reply."""
    home, tools = folder / "typescript", folder / "node_modules/.bin"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for name in ("flow.ts", "openapi-ts.config.js", "tsconfig.json"):
        shutil.copy(CLIENTS / name, home)
    shutil.copy(document, home / "document.json")
    problems = _failed(_run([str(tools / "openapi-ts"), "--file", "openapi-ts.config.js"], home))
    problems = problems or _missing(document, _exported(home / "client/sdk.gen.ts"), str)
    problems = problems or _failed(_run([str(tools / "tsc"), "--project", "."], home))
    return problems or _flown(["node", "out/flow.js"], home, standard, {})


def _run(
    words: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, **(variables or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def _failed(done: subprocess.CompletedProcess[str]) -> list[str]:
    said = f"{done.stdout[-4000:]}{done.stderr[-2000:]}"
    return [f"exit code {done.returncode} of {Path(done.args[0]).name}:\n{said}"] if done.returncode else []


def _left_out(said: str) -> list[str]:
    """What the generator says that it could not express."""
    found = {*re.findall(r"^WARNING parsing (.*?)\.(?:\s|$)", said, re.MULTILINE)}
    found |= {*re.findall(r"^Unable to process schema (\S+):", said, re.MULTILINE)}
    return [f"not generated: {what}" for what in sorted(found - KNOWN)]


def _missing(document: Path, there: set[str], named: Callable[[str], str]) -> list[str]:
    paths = json.loads(document.read_text("utf-8"))["paths"].values()
    names = [item[method]["operationId"] for item in paths for method in METHODS & item.keys()]
    return [f"not in the client: {name}" for name in names if named(name) not in there]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def _exported(file: Path) -> set[str]:
    return {*re.findall(r"^export const (\w+)", file.read_text("utf-8"), re.MULTILINE)}


def _flown(
    words: Sequence[str], folder: Path, standard: Standard, environment: Mapping[str, str]
) -> list[str]:
    with _input_file(standard) as file:
        process = _run([*words, str(file)], folder, environment)
    sys.stdout.write("".join(f"  {line}\n" for line in process.stdout.splitlines()))
    return (
        [f"the flow ended with {process.returncode}\n{process.stderr[-2000:]}"] if process.returncode else []
    )


@contextmanager
def _input_file(standard: Standard) -> Iterator[Path]:
    """The file that a flow program is given, with the platform that it speaks of."""
    with tempfile.TemporaryDirectory() as folder, flow_input(Path(folder) / "work", standard) as values:
        file = Path(folder) / "given.json"
        file.write_text(json.dumps(values, ensure_ascii=False), "utf-8")
        yield file

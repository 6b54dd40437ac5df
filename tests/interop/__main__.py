"""`make interop`: other people's tools read the published API, and the reference platform stands up to them.

Not part of `make test`: it takes minutes and needs Node. What is missing is named, and is a failure. Names of
steps after the folder restrict a run to them.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from openapi_spec_validator import validate

from conformance.loader import load_standard
from conformance.model.standard import Standard
from tests.interop import fuzz, generated
from tests.interop.bundle import Bundle, with_examples
from tests.interop.used_platform import world

HERE = Path(__file__).parent
SECONDS = 300


def main() -> int:
    """Exit code 0 when no tool finds anything."""
    folder, selected = Path(sys.argv[1]).resolve(), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    if missing_tools := list(_missing(folder)):
        _say("missing: " + "; ".join(missing_tools))
        return 1
    standard = load_standard()
    plain = folder / "platform.openapi.json"
    _write(plain, Bundle(standard).document())
    steps: dict[str, Callable[[], list[str]]] = {
        "openapi-spec-validator": lambda: _validated(plain),
        "spectral": lambda: _linted(folder, plain),
        "python client": lambda: generated.python(folder, plain, standard),
        "typescript client": lambda: generated.typescript(folder, plain, standard),
        "schemathesis": lambda: _fuzzed(folder, standard),
    }
    if unknown := set(selected) - steps.keys():
        _say(f"no such step: {', '.join(sorted(unknown))}; there are {', '.join(steps)}")
        return 2
    return _summed_up({name: _passes(name, steps[name]) for name in selected or steps}, len(steps))


def _missing(folder: Path) -> Iterator[str]:
    for tool, remedy in (
        (_schemathesis(folder), "pip install -r tests/interop/requirements.txt into its own environment"),
        (folder / "venv/bin/openapi-python-client", "the same environment"),
        (_spectral(folder), "Node 20 or later; npm install of tests/interop/package.json"),
        (folder / "node_modules/.bin/openapi-ts", "the same folder"),
        (folder / "node_modules/.bin/tsc", "the same folder"),
    ):
        if not tool.exists():
            yield f"{tool.name} ({remedy})"
    if shutil.which("node") is None:
        yield "node (20 or later)"


def _validated(document: Path) -> list[str]:
    try:
        validate(json.loads(document.read_text("utf-8")))
    except Exception as error:  # noqa: BLE001 - whatever the tool says
        return [str(error)[:2000]]
    return []


def _linted(folder: Path, document: Path) -> list[str]:
    words = [str(_spectral(folder)), "lint", str(document), "--ruleset", str(HERE / "spectral.yaml")]
    process = subprocess.run(
        [*words, "--fail-severity", "warn"], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    return [process.stdout[-4000:] + process.stderr[-1000:]] if process.returncode else []


def _fuzzed(folder: Path, standard: Standard) -> list[str]:
    with tempfile.TemporaryDirectory() as work, world(Path(work) / "work", standard) as platform:
        document = folder / "with-examples.openapi.json"
        _write(document, with_examples(Bundle(standard).document(), platform.examples))
        return fuzz.run(_schemathesis(folder), document, platform, folder)


def _schemathesis(folder: Path) -> Path:
    return folder / "venv/bin/schemathesis"


def _spectral(folder: Path) -> Path:
    return folder / "node_modules/.bin/spectral"


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


def _passes(name: str, step: Callable[[], list[str]]) -> bool:
    """Whether the step found nothing."""
    _say(f"{name} ...")
    began = time.monotonic()
    try:
        problems = step()
    except subprocess.TimeoutExpired as late:
        problems = [str(late)]
    _say(f"{'✗' if problems else '✓'} {name} ({time.monotonic() - began:.0f} s)")
    for line in problems:
        _say(line)
    return not problems


def _summed_up(passed: dict[str, bool], steps: int) -> int:
    _say("")
    for name, good in passed.items():
        _say(f"{'✓' if good else '✗'} {name}")
    left = steps - len(passed)
    _say(f"{sum(passed.values())} of {steps} steps passed" + (f"; {left} not run" if left else ""))
    return 0 if all(passed.values()) else 1


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

"""schemathesis against the reference platform: it finds nothing, and every operation has succeeded."""

import json
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from tests.interop.bundle import METHODS
from tests.interop.used_platform import World

HERE = Path(__file__).parent
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
"""Not those that take the document for all that decides what is accepted: other rules stand elsewhere."""
PHASES = ("examples", "coverage", "fuzzing")
SEED, EXAMPLES, SECONDS, FRESH_SECONDS = 20241128, 100, 900, 30.0


def run(tool: Path, document: Path, world: World, folder: Path) -> list[str]:
    """What is wrong; the report of the tool is left in `folder`."""
    report = folder / "schemathesis.ndjson"
    words = [str(tool), "run", str(document), "--url", world.address, "--checks", ",".join(CHECKS)]
    words += ["--phases", ",".join(PHASES), "--seed", str(SEED), "--max-examples", str(EXAMPLES)]
    words += ["--report-ndjson-path", str(report), "--workers", "1", "--continue-on-failure"]
    with fresh_tokens(world) as file:
        variables = {"FCSP_INTEROP_TOKENS": str(file), "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE)}
        process = subprocess.run(
            words,
            cwd=folder,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    (folder / "schemathesis.txt").write_text(process.stdout + process.stderr, "utf-8")
    reached = successes(report)
    problems = [f"exit code {process.returncode}:\n{process.stdout[-6000:]}"] if process.returncode else []
    return problems + [
        f"never answered with success: {label}" for label in operations(document) if not reached[label]
    ]


def operations(document: Path) -> list[str]:
    paths = json.loads(document.read_text("utf-8"))["paths"]
    return [f"{method.upper()} {path}" for path, item in paths.items() for method in METHODS & item.keys()]


@contextmanager
def fresh_tokens(world: World) -> Iterator[Path]:
    """A file with valid tokens, written anew for as long as somebody reads it, and gone afterwards."""
    ended = Event()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tokens.json"

        def write() -> None:
            again = file.with_suffix(".new")
            again.write_text(json.dumps(dict(world.tokens())), "utf-8")
            again.replace(file)

        def go_on() -> None:
            while not ended.wait(FRESH_SECONDS):
                write()

        write()
        writer = Thread(target=go_on)
        writer.start()
        try:
            yield file
        finally:
            ended.set()
            writer.join()


def successes(report: Path) -> Counter[str]:
    """Replies with a status below 300, by method and path."""
    counts: Counter[str] = Counter()
    for line in report.read_text("utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for interaction in recorder.get("interactions", {}).values():
            status = (interaction.get("response") or {}).get("status_code", 0)
            counts[recorder["label"]] += 200 <= status < 300
    return counts

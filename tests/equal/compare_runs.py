"""Two checkouts of the suite against their reference platforms: equal cases, verdicts, findings and requests?

    python -m tests.equal.compare_runs BASE_CHECKOUT [--runs FOLDER] [--jobs N] [IDS ...]

Both runs use one workspace, seed, nonce and day, so every difference comes from the code. Of a wait only the
last attempt counts, since their number depends on the time. The exit code is 1 if anything differs.
A case that repeats a request until it is refused (DOC-021) may differ in the Idempotency-Key of the last one.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conformance.evidence import canonical, read
from conformance.evidence.transcript import Recorded
from conformance.loader import load_standard
from conformance.selftest.trial import reference_options
from conformance.workspace import Workspace, aim, create

CHECKOUT = Path(__file__).resolve().parents[2]
SEED, NONCE, DAY = "0", "compared", "2026-11-24"
READY = "listening on "
UNRECORDED = frozenset({"patient"})
"""Members of a request that older transcripts do not hold."""
CURSOR = "cursor"
"""Query parameter whose value the platform chose, in a page that may not be part of the comparison."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 if the runs of both checkouts are equal, 1 if not."""
    options = _parser().parse_args(arguments)
    standard = load_standard()
    workspace_options = reference_options(standard)
    with tempfile.TemporaryDirectory(prefix="fcsp-compare-") as temporary:
        runs = options.runs or Path(temporary)
        workspace = Workspace(runs / "workspace")
        if not workspace.target.exists():
            create(workspace.folder, workspace_options, standard)
        transcripts = []
        for name, checkout in (("base", options.base), ("head", CHECKOUT)):
            output = runs / name
            if not output.exists():
                with _platform(checkout, workspace) as address:
                    aim(workspace, address, workspace_options, standard)
                    _run(checkout, workspace, output, options)
            transcripts.append(read(next(path.parent for path in output.rglob("transcript.jsonl"))).cases)
        differences = list(_differences(*transcripts))
    for difference in differences:
        sys.stdout.write(f"{difference}\n")
    before, after = map(len, transcripts)
    sys.stdout.write(f"{before} cases before, {after} after, {len(differences)} differences\n")
    return 1 if differences or not transcripts[0] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compare_runs", description=__doc__)
    parser.add_argument("base", type=Path, help="checkout to compare with")
    parser.add_argument("--runs", type=Path, help="keep the run folders here; a run that is there is reused")
    parser.add_argument("--jobs", default="4")
    parser.add_argument("ids", nargs="*", help="requirements or cases; all by default")
    return parser


@contextmanager
def _platform(checkout: Path, workspace: Workspace) -> Iterator[str]:
    """The reference platform of a checkout; yields its address."""
    trust = ["--trust", str(workspace.trust.resolve()), "--profile", "provincial", "--day", DAY]
    harness = (checkout / "reference_impl" / "harness").is_dir()
    module = "reference_impl.harness" if harness else "reference_impl"  # older checkouts have none
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", module, "--port", "0", *trust],
        cwd=checkout,
        env=_environment(checkout),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        if not line.startswith(READY):
            raise SystemExit(f"the platform of {checkout} did not start")
        yield line.removeprefix(READY).strip()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _run(checkout: Path, workspace: Workspace, output: Path, options: argparse.Namespace) -> None:
    fixed = ["--seed", SEED, "--nonce", NONCE, "--as-of", DAY, "--jobs", options.jobs]
    subprocess.run(
        [sys.executable, "-m", "conformance", "run", *options.ids, *fixed, "--output", str(output.resolve())],
        cwd=workspace.folder,
        env=_environment(checkout),
        stdout=subprocess.DEVNULL,
        check=False,
    )


def _environment(checkout: Path) -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": str(checkout.resolve())}


def _differences(base: Mapping[str, Recorded], head: Mapping[str, Recorded]) -> Iterator[str]:
    """One line for each case that is missing, new, or judged or asked otherwise."""
    for case in sorted(base.keys() | head.keys()):
        if case not in head:
            yield f"missing: {case}"
        elif case not in base:
            yield f"new: {case}"
        else:
            first = _first_difference(_comparable(base[case]), _comparable(head[case]))
            if first:
                yield f"{case}{first}"


def _first_difference(before: Any, after: Any, pointer: str = "") -> str | None:
    """The first place where two JSON values differ, with both values; None where they are equal."""
    if before == after:
        return None
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        pairs = [(name, before[name], after[name]) for name in before]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = [(str(index), *pair) for index, pair in enumerate(zip(before, after, strict=True))]
    else:
        return f"{pointer}: {_clipped(before)} -> {_clipped(after)}"
    inner = (_first_difference(one, other, f"{pointer}/{name}") for name, one, other in pairs)
    return next(filter(None, inner))


def _comparable(recorded: Recorded) -> dict[str, Any]:
    result = recorded.result
    return {
        "verdict": result.verdict.value,
        "findings": [[finding.message.key, finding.where, finding.step] for finding in result.findings],
        "requests": [_comparable_request(request) for request in canonical(result.exchanges)],
        "statuses": sorted({exchange.reply.status for exchange in result.exchanges}),
        "received": [[incoming.operation, incoming.faults] for incoming in result.received],
    }


def _comparable_request(request: Mapping[str, Any]) -> dict[str, Any]:
    query = {name: name if name == CURSOR else value for name, value in request["query"].items()}
    members = {name: value for name, value in request.items() if name not in UNRECORDED}
    return {**members, "query": query}


def _clipped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:400]


if __name__ == "__main__":
    raise SystemExit(main())

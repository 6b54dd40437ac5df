"""`python -m benchmarks.bulk_check`: a million rows with known faults, ours beside a peer, on one core each.

Every measurement is a process of its own, pinned to one core. What it finds is compared with the truth
file, row by row; a judgement that is wrong stops the benchmark.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import bulk_ours, bulk_peer
from benchmarks.bulk_ours import Places as Found
from benchmarks.material import TODAY, standard
from benchmarks.measure import Spread

MEMBERS = frozenset({"severity", "record.generated_at"})
"""Thirteen required members of the item, the subject's code and these: sixteen."""
RATE, LEAST_KINDS = 0.01, 13
FORMATS = ("ndjson", "parquet")


@dataclass(frozen=True, slots=True)
class Measured:
    """One process."""

    job: str
    form: str
    cpu_seconds: float
    wall_seconds: float
    peak_mib: float
    wrong_rows: int


def jobs() -> Mapping[str, Callable[[Path], Found]]:
    return {
        "ours": bulk_ours.ours,
        "peer": bulk_peer.peer_by_hand,
        "peer, formats in the validator": bulk_peer.peer,
        "orjson alone": bulk_peer.parse_only,
        "polars alone": bulk_peer.read_only,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_check", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--folder", type=Path, help="keep the files there, and use them again")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", nargs=2, metavar=("JOB", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(asdict(_measured(options.child[0], Path(options.child[1])))))
        return
    with tempfile.TemporaryDirectory(prefix="fcsp-bulk-") as folder:
        measured = list(_rounds(options.folder or Path(folder), options))
    print(table(measured, options.rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in measured], indent=2) + "\n", "utf-8")


def _rounds(folder: Path, given: argparse.Namespace) -> Iterator[Measured]:
    files = [write_delivery(folder, form, given.rows) for form in FORMATS]
    for _ in range(given.rounds):
        for path in files:
            yield from (_in_a_process(job, path, given.core) for job in jobs() if _applies(job, path))


def _applies(job: str, path: Path) -> bool:
    return job != "orjson alone" or path.suffix == ".ndjson"


def write_delivery(folder: Path, form: str, rows: int) -> Path:
    """The file of a format, beside it the truth; made once in a folder."""
    from conformance.data.synth import OutputFormat, SynthRequest, deliver

    path = folder / f"{bulk_peer.ITEM}-{rows}.{form}"
    if not path.is_file():
        order = SynthRequest(
            bulk_peer.ITEM,
            rows,
            TODAY,
            path,
            faults=RATE,
            form=OutputFormat(form),
            truth=_truth(path),
            columns=MEMBERS,
        )
        sure(len(deliver(standard().on(TODAY, ""), order).faults) >= LEAST_KINDS, "too few kinds of faults")
    if form == "ndjson":
        bulk_peer.sound(path)
    return path


def _truth(path: Path) -> Path:
    return path.with_name(path.name + ".truth")


def _in_a_process(job: str, path: Path, core: int) -> Measured:
    command = [
        "taskset",
        "-c",
        str(core),
        sys.executable,
        "-m",
        "benchmarks.bulk_check",
        "--child",
        job,
        str(path),
    ]
    env = {**os.environ, "POLARS_MAX_THREADS": "1"}
    child = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=env)
    return Measured(**json.loads(child.stdout))


def _measured(job: str, path: Path) -> Measured:
    work = jobs()[job]
    standard()
    cpu, wall = time.process_time(), time.perf_counter()
    reasons = work(path)
    seconds = time.process_time() - cpu, time.perf_counter() - wall
    if not job.endswith("alone"):
        compared(reasons, path, frozenset() if job == "ours" else bulk_peer.UNSEEN)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(job, path.suffix[1:], *seconds, peak, len({line for line, _ in reasons}))


def compared(reasons: Found, path: Path, unseen: frozenset[str]) -> None:
    """Just the rows of the truth file are wrong, each for its reason. `unseen`: kinds a peer is blind to."""
    truth: list[dict[str, Any]] = [json.loads(line) for line in _truth(path).read_bytes().splitlines()]
    truth_by_line = {entry["line"]: entry for entry in truth if entry["kind"] not in unseen}
    lines = {line for line, _ in reasons}
    sure(
        lines == truth_by_line.keys(), f"{path.name}: rows differ, {sorted(lines ^ truth_by_line.keys())[:5]}"
    )
    expected = {(line, _coarse(entry["rule"])) for line, entry in truth_by_line.items()}
    undetected = expected - {(line, _coarse(why)) for line, why in reasons}
    sure(not undetected, f"{path.name}: reasons are missing, {sorted(undetected)[:5]}")


def _coarse(rule: str) -> str:
    """What is wrong with a line as such has more names than a peer knows."""
    return "line" if rule.startswith("line/") else rule


def sure(holds: object, what: str) -> None:
    if not holds:
        raise RuntimeError(f"the figures would mean nothing: {what}")


def table(measured: list[Measured], rows: int) -> str:
    """Markdown: thousand rows a CPU second, and how many times as fast as the peer of the same round."""
    lines = ["| job | format | thousand rows/s | to the peer | peak MiB |", "| --- | --- | --- | --- | --- |"]
    for job, form in dict.fromkeys((one.job, one.form) for one in measured):
        mine = [one for one in measured if (one.job, one.form) == (job, form)]
        peers = [one for one in measured if (one.job, one.form) == ("peer", form)]
        rate = Spread.of([rows / one.cpu_seconds / 1000 for one in mine])
        ratio = Spread.of([p.cpu_seconds / one.cpu_seconds for p, one in zip(peers, mine, strict=True)])
        peak = max(one.peak_mib for one in mine)
        lines.append(f"| {job} | {form} | {_shown(rate)} | {_shown(ratio)} | {peak:.0f} |")
    return "\n".join(lines)


def _shown(spread: Spread) -> str:
    return " / ".join(f"{value:.3g}" for value in asdict(spread).values())


if __name__ == "__main__":
    main()

"""The commands as a user runs them: how long, how many requests, how much memory."""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Figure, Spread, repeated
from conformance.loader import load_standard
from conformance.selftest.process import environment

RUNS = 5
_PEAK = """
import resource, sys
from conformance.cli import main
try:
    main()
finally:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    with open(sys.argv[-1] + "/peak", "w") as file:
        print(*(resource.getrusage(who).ru_maxrss for who in both), file=file)
"""
"""The peak of the judge, and of the platform that was its child, in KiB."""


@dataclass(frozen=True, slots=True)
class _Run:
    seconds: float
    requests: int
    judge_mib: float
    platform_mib: float


def figures() -> Iterator[Figure]:
    yield from start_times()
    yield repeated("loading and checking the standard", load_standard)
    runs = [_run() for _ in range(RUNS)]
    yield Figure("a whole run with four jobs", "s", Spread.of([r.seconds for r in runs]))
    yield Figure("requests of a run", "", Spread.of([r.requests for r in runs]))
    yield Figure("requests a second", "1/s", Spread.of([r.requests / r.seconds for r in runs]))
    yield Figure("peak memory of the judge", "MiB", Spread.of([r.judge_mib for r in runs]))
    yield Figure("peak memory of the reference platform", "MiB", Spread.of([r.platform_mib for r in runs]))


def start_times() -> Iterator[Figure]:
    """CPU seconds of the help pages: interpreter, imports and page, in a process of its own."""
    for words in (("--help",), ("plan", "--help")):
        seconds = [_child_seconds(words) for _ in range(RUNS)]
        yield Figure(f"fcsp {' '.join(words)}", "CPU s", Spread.of(seconds))


def _child_seconds(words: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", "from conformance.cli import main; main()", *words],
        check=True,
        stdout=subprocess.DEVNULL,
        env=environment(),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run() -> _Run:
    with tempfile.TemporaryDirectory(prefix="fcsp-bench-") as folder:
        subprocess.run(
            [sys.executable, "-c", _PEAK, "demo", "--output", folder],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        result = next(Path(folder).glob("runs/*/result.json"))
        seconds = json.loads(result.read_text("utf-8"))["run"]["duration_seconds"]
        cases = map(json.loads, (result.parent / "transcript.jsonl").read_text("utf-8").splitlines())
        requests = sum(len(case.get("exchanges", ())) for case in cases)
        judge, platform = (int(n) / 1024 for n in (Path(folder) / "peak").read_text().split())
        return _Run(seconds, requests, judge, platform)

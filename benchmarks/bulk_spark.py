"""`python -m benchmarks.bulk_spark PATH...`: one worker, two workers and one process on the same files.

The workers have a core each. All three have to come to the same result, or the figures would mean nothing.
"""

import argparse
import json
import tempfile
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.bulk_check import sure
from benchmarks.material import TODAY, standard
from benchmarks.spark_cluster import cluster, settings
from conformance.data.check.delivery import Checked, DeliveryCheck
from conformance.data.check.file import Examiner, Options
from conformance.data.cluster import ClusterCheck, open_session
from conformance.data.files import Delivery, discover


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_spark", description=__doc__)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--memory", default="3g")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    delivery = discover(options.paths)
    seconds: dict[str, float] = {}
    seconds["local"], expected = timed(lambda: local(delivery))
    for count in options.workers:
        name = f"spark, {count} worker{'s' * (count > 1)}"
        seconds[name], result = clustered(delivery, count, options.memory)
        sure(result == expected, f"{name} finds something else")
    rows = sum(row[0] for row in expected["tallies"].values())
    print(table(seconds, rows))
    if options.json:
        options.json.write_text(json.dumps({"rows": rows, "seconds": seconds}, indent=2) + "\n", "utf-8")


def timed(work: Any) -> tuple[float, dict[str, Any]]:
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def local(delivery: Delivery) -> dict[str, Any]:
    return run(DeliveryCheck(_examiner(), delivery, samples=5, started=_now()))


def clustered(delivery: Delivery, workers: int, memory: str) -> tuple[float, dict[str, Any]]:
    """The time of the check alone: a cluster is there already, and a session open."""
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory())
        address = stack.enter_context(cluster(workers, memory))
        spark = stack.enter_context(open_session(address, settings(Path(scratch))))
        check = ClusterCheck(spark, _examiner(), delivery, samples=5, started=_now())
        return timed(lambda: run(check))


def run(check: DeliveryCheck) -> dict[str, Any]:
    for _ in check.run(lambda _: None):
        pass
    return summary(check.result)


def summary(result: Checked) -> dict[str, Any]:
    """What was found, in values that can be compared."""
    tallies = {
        code: (t.rows, t.bad, dict(t.rules), dict(t.samples), t.timeliness, t.latest)
        for code, t in result.tallies.items()
    }
    return {"tallies": tallies, "problems": result.problems, "complete": result.complete}


def _examiner() -> Examiner:
    return Examiner(standard().on(TODAY, ""), Options())


def _now() -> datetime:
    return datetime.now().astimezone()


def table(seconds: dict[str, float], rows: int) -> str:
    lines = [f"| {rows:,} rows | seconds | thousand rows/s |", "| --- | --- | --- |"]
    lines += [f"| {name} | {took:.1f} | {rows / took / 1000:.0f} |" for name, took in seconds.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

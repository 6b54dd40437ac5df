"""`python -m benchmarks.bulk_memory`: peak memory of the check of files with few rows and with many."""

import argparse
import json
import resource
import subprocess
import sys
from datetime import datetime

from benchmarks.material import TODAY, standard
from conformance.data.check.delivery import Check
from conformance.data.check.file import Examiner, Options
from conformance.data.files import discover


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_memory", description=__doc__)
    parser.add_argument("--few", nargs="+", required=True, help="files with few rows")
    parser.add_argument("--many", nargs="+", required=True, help="files with many")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(measured(given.many)))
        return
    print("| rows | bad | seconds | peak MiB |\n| --- | --- | --- | --- |")
    few, many = (_in_a_process(paths) for paths in (given.few, given.many))
    print(f"\nmemory, many to few: {many['mib'] / few['mib']:.2f}")


def _in_a_process(paths: list[str]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.bulk_memory", "--child", "--few", "-", "--many", *paths]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout)
    print(
        f"| {found['rows']:,.0f} | {found['bad']:,.0f} | {found['seconds']:.0f} | {found['mib']:.0f} |",
        flush=True,
    )
    return found


def measured(paths: list[str]) -> dict[str, float]:
    begun = datetime.now().astimezone()
    check = Check(Examiner(standard().on(TODAY, ""), Options()), discover(paths), samples=5, started=begun)
    for _ in check.run(lambda _: None):
        pass
    tallies = check.result.tallies.values()
    return {
        "rows": sum(t.rows for t in tallies),
        "bad": sum(t.bad for t in tallies),
        "seconds": (datetime.now().astimezone() - begun).total_seconds(),
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()

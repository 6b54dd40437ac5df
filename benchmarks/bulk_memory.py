"""`python -m benchmarks.bulk_memory`: peak memory of the check of files with few rows and with many."""

import argparse
import json
import resource
import subprocess
import sys
from datetime import datetime

from benchmarks.material import TODAY, standard
from conformance.data.check.delivery import DeliveryCheck
from conformance.data.check.file import Examiner, Options
from conformance.data.files import discover


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_memory", description=__doc__)
    parser.add_argument("--few", nargs="+", required=True, help="files with few rows")
    parser.add_argument("--many", nargs="+", required=True, help="files with many")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measured(options.many)))
        return
    print("| rows | bad | seconds | peak MiB |\n| --- | --- | --- | --- |")
    small, large = (_in_a_process(paths) for paths in (options.few, options.many))
    print(f"\nmemory, many to few: {large['mib'] / small['mib']:.2f}")


def _in_a_process(paths: list[str]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.bulk_memory", "--child", "--few", "-", "--many", *paths]
    child = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(child.stdout)
    print(
        f"| {figures['rows']:,.0f} | {figures['bad']:,.0f} "
        f"| {figures['seconds']:.0f} | {figures['mib']:.0f} |",
        flush=True,
    )
    return figures


def measured(paths: list[str]) -> dict[str, float]:
    begun = datetime.now().astimezone()
    check = DeliveryCheck(
        Examiner(standard().on(TODAY, ""), Options()), discover(paths), samples=5, started=begun
    )
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

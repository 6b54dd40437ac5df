"""`python -m benchmarks.bulk_scan_memory VALUES FILE`: peak memory of a scan and of one ten times as long.

A process of its own, Linux only: the peak of each step is what the kernel counts from its begin.
"""

import json
import re
import shutil
import sys
from pathlib import Path

from conformance.data.scan import ValueSearch, scan_file

TIMES = 10


def main(values: Path, file: Path) -> None:
    long = file.with_suffix(".long")
    with long.open("wb") as out:
        for _ in range(TIMES):
            with file.open("rb") as source:
                shutil.copyfileobj(source, out)
    search = ValueSearch(json.loads(values.read_text("utf-8")))
    print(f"memory: preparing {_peak():.0f} MiB", flush=True)
    for path in (file, long):
        _forget()
        places = sum(1 for _ in scan_file(search, path, 10))
        print(f"memory: {path.stat().st_size / 1e6:.0f} MB, {places} places {_peak():.0f} MiB", flush=True)


def _peak() -> float:
    """MiB."""
    match = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    if match is None:
        raise RuntimeError("the kernel does not tell")
    return int(match[1]) / 1024


def _forget() -> None:
    """Let the kernel count the peak anew."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""`python -m benchmarks`: measure all; the table goes to standard output, the figures to a JSON file."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.jobs import comparisons
from benchmarks.measure import Comparison, Figure, Spread
from benchmarks.whole import figures

LIBRARIES = ("jsonschema-rs", "jsonschema", "openapi-core", "common-expression-language", "cel-python")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, default=Path("benchmarks.json"), metavar="FILE")
    parser.add_argument("--jobs-only", action="store_true", help="leave out the whole runs")
    options = parser.parse_args()
    compared = list(comparisons())
    alone = [] if options.jobs_only else list(figures())
    print(table(compared, alone))
    options.json.write_text(json.dumps(_document(compared, alone), indent=2) + "\n", "utf-8")
    print(f"\n{options.json}", file=sys.stderr)


def table(compared: Iterable[Comparison], alone: Iterable[Figure]) -> str:
    """Markdown; every figure is least / middle / greatest."""
    rows = [
        "| job | ours | peer | ours, us | peer, us | peer / ours |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| {c.job} | {c.ours} | {c.peer} | {_shown(c.our_microseconds)} "
            f"| {_shown(c.peer_microseconds)} | {_shown(c.ratio)} |"
            for c in compared
        ),
    ]
    figures_ = [f"| {f.title} | {f.unit} | {_shown(f.spread)} |" for f in alone]
    if figures_:
        rows += ["", "| figure | unit | value |", "| --- | --- | --- |", *figures_]
    return "\n".join(rows)


def _shown(spread: Spread) -> str:
    return " / ".join(f"{n:.3g}" if n < 1000 else f"{n:.0f}" for n in asdict(spread).values())


def _document(compared: Iterable[Comparison], alone: Iterable[Figure]) -> dict[str, object]:
    return {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "comparisons": [asdict(c) for c in compared],
        "figures": [asdict(f) for f in alone],
    }


if __name__ == "__main__":
    main()

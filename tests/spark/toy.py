"""A stand-in for the local engine: a row is good or not, and its key is one member."""

import json
from collections.abc import Iterator
from pathlib import Path

from conformance.bulk.spark.job import UNIQUE, Examined, Finding, Job, Split

_AT_ONCE = 100


def examine(job: Job, split: Split) -> Iterator[Examined]:
    with Path(split.path).open("rb") as file:
        file.seek(split.start)
        lines = file.read(split.stop - split.start).splitlines()
    for start in range(0, len(lines), _AT_ONCE):
        rows = [json.loads(line) for line in lines[start : start + _AT_ONCE]]
        places = range(split.line + start, split.line + start + len(rows))
        bad = [place for place, row in zip(places, rows, strict=True) if row["bad"]]
        key = str(job.options["key"])
        yield Examined({"rows": len(rows)}, bad, ["toy/bad"] * len(bad), [row[key] for row in rows], places)


def failing(job: Job, split: Split) -> Iterator[Examined]:
    raise ValueError(f"cannot examine {split.path} for {job.item}")


def expected(files: list[Path], key: str) -> list[Finding]:
    """The same by going through all files in order."""
    seen: set[str] = set()
    found: list[Finding] = []
    for source, path in enumerate(files):
        for line, text in enumerate(path.read_bytes().splitlines(), 1):
            row = json.loads(text)
            found += [(source, line, "toy/bad")] * row["bad"]
            found += [(source, line, UNIQUE)] * (row[key] in seen)
            seen.add(row[key])
    return sorted(found)

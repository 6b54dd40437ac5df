"""What others need for the files of `bulk_scan`, and what of ours is spent on which step."""

import cProfile
import pstats
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from conformance.data.scan import ValueSearch, scan_file
from conformance.data.scan.blocks import blocks
from conformance.data.scan.folded import fold, patterns_of

STEPS = {
    "blocks": "reading and overlapping blocks",
    "view": "the view",
    "hits": "all guises at once",
    "places": "odd characters",
    "pieces": "separators of several bytes",
    "packed": "packed data",
}
"""Functions of the scan that do not call each other."""


def ceiling(values: dict[str, str], file: Path) -> tuple[str, Callable[[], object]]:
    """The engine of the scan alone: the same patterns on views that are made before."""
    import hyperscan

    patterns = list(patterns_of(values).patterns)
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    numbers = list(range(len(patterns)))
    database.compile(
        expressions=patterns, ids=numbers, elements=len(numbers), flags=[0] * len(numbers), literal=True
    )
    with file.open("rb") as stream:
        views = [fold(block.data) for block in blocks(stream)]

    def alone() -> None:
        for each in views:
            database.scan(each, lambda *_: None)

    return f"Hyperscan alone, the same {len(patterns)} patterns,", alone


def peers(values: dict[str, str], file: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """What others do with the values as they are, in no other guise."""
    import ahocorasick

    automaton = ahocorasick.AhoCorasickMatcher()
    for value in values.values():
        automaton.add_word(value, value)
    automaton.make_automaton()

    def by_automaton() -> None:
        with file.open(encoding="utf-8") as lines:
            while text := lines.read(1 << 20):
                for _ in automaton.iter(text):
                    pass

    yield "pyahocorasick, raw values only,", by_automaton
    if ripgrep := shutil.which("rg"):
        patterns = file.with_suffix(".patterns")
        patterns.write_text("\n".join(values.values()) + "\n", "utf-8")
        command = [ripgrep, "-F", "-c", "-j1", "-f", str(patterns), str(file)]
        yield "ripgrep, raw values only,", lambda: subprocess.run(command, capture_output=True, check=False)
    else:
        print("ripgrep is not here", file=sys.stderr)


def steps(search: ValueSearch, file: Path) -> Iterator[tuple[str, float]]:
    """Nanoseconds a byte of each step, of one run; the rest is what belongs to none."""
    profile = cProfile.Profile(time.process_time)
    profile.runcall(lambda: list(scan_file(search, file, 10)))
    stats, size = pstats.Stats(profile), file.stat().st_size
    remainder: float = stats.total_tt  # type: ignore[attr-defined]  # not in the stubs
    for (_, _, name), (_, _, _, seconds, _) in stats.stats.items():  # type: ignore[attr-defined]  # the same
        if name in STEPS:
            remainder -= seconds
            yield STEPS[name], 1e9 * seconds / size
    yield "the rest", 1e9 * remainder / size

"""`python -m tests.equal`: generated rows of every item, as lines and as tables, under all judges."""

import argparse
import gc
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from functools import partial

from tests.conformance.data.item_rows import CODES
from tests.equal.compare import FORMATS, of_item
from tests.equal.outcome import Outcome
from tests.equal.progress import Progress
from tests.equal.summary import left_out, table

_progress: Progress
"""That of this process."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    context = multiprocessing.get_context("spawn")  # threads of the engine do not survive a fork
    progress = Progress(len(options.items) * options.rows, context, every=options.every)
    outcomes = []
    for of_one in _outcomes(options, progress, context):
        outcomes += of_one
        for disagreement in (disagreement for outcome in of_one for disagreement in outcome.examples):
            _say(str(disagreement))
    _say(table(outcomes))
    for notice in left_out(outcomes):
        _say(notice)
    idle = [f"{outcome.item} {outcome.form}" for outcome in outcomes if outcome.idle]
    if idle:
        _say(f"Too few rows were judged by column for equality to mean anything: {', '.join(idle)}")
    return int(bool(idle) or any(outcome.disagreements for outcome in outcomes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.equal", description=__doc__)
    parser.add_argument("--items", nargs="+", choices=CODES, default=CODES, metavar="CODE", help="not all")
    parser.add_argument(
        "--formats", nargs="+", choices=FORMATS, default=FORMATS, metavar="FORMAT", help="not all"
    )
    parser.add_argument("--rows", type=int, default=100_000, help="of each item")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help="processes, each with an item at a time")
    parser.add_argument("--every", type=float, default=20, help="seconds between two lines of progress")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _outcomes(
    options: argparse.Namespace,
    progress: Progress,
    context: multiprocessing.context.SpawnContext,
) -> Iterator[list[Outcome]]:
    compared = partial(_compared, rows=options.rows, seed=options.seed, formats=options.formats)
    if options.workers == 1:
        _begin(progress)
        yield from map(compared, options.items)
        return
    with context.Pool(options.workers, _begin, (progress,)) as pool:
        yield from pool.imap(compared, options.items)


def _begin(progress: Progress) -> None:
    global _progress  # noqa: PLW0603  # what all processes count in can be handed over at their start alone
    _progress = progress
    gc.freeze()  # what is loaded stays: to go through it again and again takes a tenth of the time


def _compared(code: str, rows: int, seed: int, formats: Sequence[str]) -> list[Outcome]:
    return of_item(code, rows, seed, _progress.add, formats)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.bulk.equal`: generated rows of every item, judged by column, by row and by meaning."""

import argparse
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from functools import partial

from tests.bulk.equal.compare import Outcome, of_item
from tests.bulk.equal.progress import Progress
from tests.bulk.world import CODES

_progress: Progress
"""That of this process."""


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    context = multiprocessing.get_context("spawn")  # threads of the engine do not survive a fork
    progress = Progress(len(given.items) * given.rows, context, every=given.every)
    outcomes = []
    for outcome in _outcomes(given, progress, context):
        outcomes.append(outcome)
        for one in outcome.shown:
            _say(str(one))
    _say(table(outcomes))
    return int(any(outcome.disagreements for outcome in outcomes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bulk.equal", description=__doc__)
    parser.add_argument("--items", nargs="+", choices=CODES, default=CODES, metavar="CODE", help="not all")
    parser.add_argument("--rows", type=int, default=100_000, help="of each item")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help="processes, each with an item at a time")
    parser.add_argument("--every", type=float, default=20, help="seconds between two lines of progress")
    return parser


def _outcomes(
    given: argparse.Namespace,
    progress: Progress,
    context: multiprocessing.context.SpawnContext,
) -> Iterator[Outcome]:
    compared = partial(_compared, rows=given.rows, seed=given.seed)
    if given.workers == 1:
        _begin(progress)
        yield from map(compared, given.items)
        return
    with context.Pool(given.workers, _begin, (progress,)) as pool:
        yield from pool.imap(compared, given.items)


def _begin(progress: Progress) -> None:
    global _progress  # noqa: PLW0603  # what all processes count in can be handed over at their start alone
    _progress = progress


def _compared(code: str, rows: int, seed: int) -> Outcome:
    return of_item(code, rows, seed, _progress.add)


def table(outcomes: Sequence[Outcome]) -> str:
    """Markdown, with a sum."""
    heads = ("item", "rows", "wrong", "repeated", "by column", "rules broken", "cross-field", "disagreements")
    lines = [_row(*heads), _row(*("---" for _ in heads)), *map(_told, outcomes)]
    rows, bad, again, columns, rules, cross, asked, wrong = (
        sum(one) for one in zip(*map(_figures, outcomes), strict=True)
    )
    return "\n".join((*lines, _row("sum", rows, bad, again, columns, rules, f"{cross}/{asked}", wrong)))


def _told(outcome: Outcome) -> str:
    *figures, rules, cross, asked, wrong = _figures(outcome)
    return _row(outcome.item, *figures, rules, f"{cross}/{asked}", wrong)


def _figures(outcome: Outcome) -> tuple[int, ...]:
    cross = sum("/" not in rule and "." in rule for rule in outcome.rules)
    counts = (outcome.rows, outcome.bad, outcome.repeated, outcome.by_column)
    return (*counts, len(outcome.rules), cross, outcome.cross, outcome.disagreements)


def _row(*cells: object) -> str:
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

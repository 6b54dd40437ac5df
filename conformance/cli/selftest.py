"""`fcsp selftest`: the suite against every mutant of the reference platform."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from conformance.cli.shared.errors import CommandError
from conformance.cli.shared.options import JobsOption, LangOption, StandardOption
from conformance.cli.shared.voice import Voice
from conformance.selftest import matrix, matrix_sweep
from conformance.selftest.cache import Cache
from conformance.selftest.kill_table import overview, render
from conformance.selftest.matrix import Row, obeying
from conformance.selftest.mutants import Mutant, mutants, variants
from conformance.selftest.process import end_on_signals
from conformance.selftest.trial import Suite
from conformance.selftest.worker_pool import Order, examined

NamesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="MUTANT|ID", help="argument_mutants", show_default=False)
]
WholeOption = Annotated[bool, typer.Option("--whole", help="option_whole")]
JsonOption = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="option_json")]
TableOption = Annotated[Path | None, typer.Option("--table", metavar="FILE", help="option_table")]
MostOption = Annotated[int | None, typer.Option("--most", metavar="N", min=1, help="option_most_cases")]
CacheOption = Annotated[Path | None, typer.Option("--cache", metavar="FILE", help="option_cache")]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, max=16, help="option_workers")]


def command(
    lang: LangOption,
    names: NamesArgument = None,
    whole: WholeOption = False,
    most: MostOption = None,
    json_file: JsonOption = None,
    table: TableOption = None,
    cache: CacheOption = None,
    folder: StandardOption = None,
    jobs: JobsOption = 4,
    workers: WorkersOption = 1,
) -> None:
    end_on_signals()
    voice, suite = Voice(lang), Suite.of(folder, jobs)
    platforms = _platforms(names)
    request = Order(whole, jobs, workers, folder, most)
    results = Cache(cache, suite.standard.digest, request)
    rows = list(_rows(platforms, request, results, voice))
    outcome = matrix.document(rows, suite.names)
    if not names:
        sweep = _sweep_matrix(suite, platforms[0], results, voice)
        outcome["disclosure"] = sweep
        outcome["ok"] = outcome["ok"] and sweep["ok"]
        outcome["core_seconds"] = round(outcome["core_seconds"] + sweep["core_seconds"], 2)
    _write(outcome, json_file, table, voice)
    for line in overview(outcome, voice.render):
        voice.line(line)
    good = sum(row.ok for row in rows)
    voice.say("selftest_total", good=good, total=len(rows), seconds=outcome["core_seconds"])
    if not names and outcome["weak"]:
        voice.say("selftest_weak", checks=outcome["weak"])
    raise typer.Exit(0 if outcome["ok"] else 1)


def _sweep_matrix(suite: Suite, platform: Mutant, results: Cache, voice: Voice) -> Mapping[str, Any]:
    """Every cell of the disclosure matrix, and every matrix that is wrong in one of them.

    `platform` is the one that obeys; all wrong matrices are made from its own.
    """
    sweep = results.known_sweep(platform.digest)
    if sweep is None:
        sweep = matrix_sweep.examine(suite).document()
        results.keep_sweep(platform.digest, sweep)
    changes = [change for cell in sweep["cells"] for change in cell["changes"] if change["case"]]
    counts = {"cells": len(sweep["cells"]), "met": sum(bool(cell["met_by"]) for cell in sweep["cells"])}
    caught = sum(change["caught"] for change in changes)
    voice.say("cells_total", **counts, changes=len(changes), caught=caught)
    return sweep


def _platforms(names: Sequence[str] | None) -> list[Mutant]:
    """The mutants of these names or requirements; for None the conforming platforms and all mutants.

    Raises CommandError for an unknown name.
    """
    listed = mutants()
    if not names:
        return [obeying(listed), *variants(), *listed]
    choices = {name for mutant in listed for name in (mutant.name, mutant.requirement)}
    if unknown := [name for name in names if name not in choices]:
        raise CommandError("unknown_mutant", names=unknown, known=sorted(choices) or "-")
    return [mutant for mutant in listed if not {mutant.name, mutant.requirement}.isdisjoint(names)]


def _rows(platforms: Sequence[Mutant], request: Order, cache: Cache, voice: Voice) -> Iterator[Row]:
    """Cached rows first; each of the others is printed as soon as its platform is examined."""
    cached = {(row.mutant, row.requirement): row for row in cache.known(platforms)}
    remaining = {_key(mutant): mutant for mutant in platforms if _key(mutant) not in cached}
    if cached:
        voice.say("selftest_known", count=len(cached))
    yield from cached.values()
    printer = _RowPrinter(len(remaining), voice)
    for row in examined(tuple(remaining.values()), request):
        cache.keep(remaining[row.mutant, row.requirement], row)
        printer.print_row(row)
        yield row


def _key(mutant: Mutant) -> tuple[str, str]:
    return mutant.name, mutant.requirement


def _write(outcome: Mapping[str, Any], json_file: Path | None, table: Path | None, voice: Voice) -> None:
    if json_file:
        json_file.write_text(json.dumps(outcome, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if table:
        table.write_text(render(outcome, voice.render), "utf-8")


class _RowPrinter:
    """One line for each platform as soon as it is examined; the time that is left goes to stderr."""

    def __init__(self, total: int, voice: Voice) -> None:
        self._done, self._total = 0, total
        self._started, self._voice = time.monotonic(), voice

    def print_row(self, row: Row) -> None:
        mark = "✓" if row.ok else "✗"
        caught = ", ".join(row.caught_by) or "-"
        cost = f"{row.seconds:6.1f} s {row.core_seconds:6.1f} cs"
        name = row.mutant or self._voice.text("selftest_baseline")
        self._voice.line(f"{mark} {name:<44} {row.requirement or '-':<8} {cost}  {caught}")
        for label, cases in (("selftest_unexpected", row.unexpected), ("selftest_errored", row.errored)):
            if cases:
                self._voice.line("    " + self._voice.text(label, cases=cases))
        self._print_remaining()

    def _print_remaining(self) -> None:
        self._done += 1
        spent = time.monotonic() - self._started
        minutes = spent / self._done * (self._total - self._done) / 60
        if self._done < self._total:
            self._voice.note("selftest_left", done=self._done, total=self._total, minutes=f"{minutes:.0f}")

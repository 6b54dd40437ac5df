"""`fcsp selftest`: the suite against every mutant of the reference platform."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from conformance.cli.shared.options import Jobs, LangOption, StandardOption

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[MUTANT|ID]...", help="变异平台或要求 · Mutants, requirements.")
]
Whole = Annotated[bool, typer.Option("--whole", help="每个都跑完整套件 · Run the whole suite against each.")]
Json = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="矩阵写入文件 · Write the matrix to FILE.")
]
Table = Annotated[
    Path | None, typer.Option("--table", metavar="FILE", help="矩阵写成表格 · Write it as a Markdown table.")
]
Most = Annotated[
    int | None, typer.Option("--most", min=1, help="每项检查至多几例 · Cases of each check at most.")
]
CacheFile = Annotated[
    Path | None,
    typer.Option("--cache", metavar="FILE", help="未变者沿用上次的结果 · Take what is unchanged from FILE."),
]
Workers = Annotated[int, typer.Option("--workers", min=1, max=16, help="同时测几个平台 · Mutants at a time.")]


def register(app: typer.Typer) -> None:
    app.command("selftest", help="检查套件能否发现每一种错误 · Does the suite notice every mutant?")(selftest)


def selftest(
    lang: LangOption,
    names: Names = None,
    whole: Whole = False,
    most: Most = None,
    json_file: Json = None,
    table: Table = None,
    cache: CacheFile = None,
    standard: StandardOption = None,
    jobs: Jobs = 4,
    workers: Workers = 1,
) -> None:
    from conformance.cli.shared.voice import Voice
    from conformance.selftest import matrix, worker_pool
    from conformance.selftest.cache import Cache
    from conformance.selftest.kill_table import overview
    from conformance.selftest.process import end_on_signals
    from conformance.selftest.trial import Suite

    end_on_signals()
    voice, suite = Voice(lang), Suite.of(standard, jobs)
    wanted = _chosen(names)
    order = worker_pool.Order(whole, jobs, workers, standard, most)
    rows = list(_examined(wanted, order, Cache(cache, suite.standard.digest, order), voice))
    outcome = matrix.document(rows, suite.names)
    if not names:
        outcome |= _cells(suite, outcome["ok"], voice)
    _write(outcome, json_file, table, voice)
    for line in overview(outcome, voice.render):
        voice.line(line)
    good = sum(row.ok for row in rows)
    voice.say("selftest_total", good=good, total=len(rows), seconds=outcome["core_seconds"])
    if not names and outcome["weak"]:
        voice.say("selftest_weak", checks=outcome["weak"])
    raise typer.Exit(0 if outcome["ok"] else 1)


def _cells(suite: Any, good: bool, voice: Any) -> dict[str, Any]:
    """Every cell of the disclosure matrix and every matrix that is wrong in one of them."""
    from conformance.selftest import matrix_sweep

    report = matrix_sweep.examine(suite)
    counts = {"cells": len(report.cells), "met": len(report.cells) - len(report.unmet)}
    tried = [one for one in report.outcomes if one.case]
    voice.say("cells_total", **counts, changes=len(tried), caught=sum(one.caught for one in tried))
    return {"disclosure": report.document(), "ok": good and report.ok}


def _chosen(names: Sequence[str] | None) -> list[Any]:
    """The mutants of these names or of these requirements; without any, everything that there is."""
    from conformance.cli.shared.errors import Failure
    from conformance.selftest.matrix import obeying
    from conformance.selftest.mutants import mutants, variants

    listed = mutants()
    if not names:
        return [obeying(listed), *variants(), *listed]
    known = {name for mutant in listed for name in (mutant.name, mutant.requirement)}
    if unknown := [name for name in names if name not in known]:
        raise Failure("unknown_mutant", names=unknown, known=sorted(known) or "-")
    return [mutant for mutant in listed if not {mutant.name, mutant.requirement}.isdisjoint(names)]


def _examined(wanted: Sequence[Any], order: Any, cache: Any, voice: Any) -> Iterator[Any]:
    """Rows that are known come first; each of the others is told as soon as it is through."""
    from conformance.selftest.worker_pool import examined

    known = {(row.mutant, row.requirement): row for row in cache.known(wanted)}
    left = [mutant for mutant in wanted if (mutant.name, mutant.requirement) not in known]
    if known:
        voice.say("selftest_known", count=len(known))
    yield from known.values()
    told, named = _Told(len(left), voice), {(m.name, m.requirement): m for m in left}
    for row in examined(left, order):
        cache.keep(named[row.mutant, row.requirement], row)
        yield told.of(row)


def _write(outcome: Mapping[str, Any], json_file: Path | None, table: Path | None, voice: Any) -> None:
    from conformance.selftest.kill_table import render

    if json_file:
        json_file.write_text(json.dumps(outcome, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if table:
        table.write_text(render(outcome, voice.render), "utf-8")


class _Told:
    """One line for each platform as soon as it is through; how long the others take goes to stderr."""

    def __init__(self, total: int, voice: Any) -> None:
        self._done, self._total = 0, total
        self._started, self._voice = time.monotonic(), voice

    def of(self, row: Any) -> Any:
        mark = "✓" if row.ok else "✗"
        caught = ", ".join(row.caught_by) or "-"
        cost = f"{row.seconds:6.1f} s {row.core_seconds:6.1f} cs"
        name = row.mutant or self._voice.text("selftest_baseline")
        self._voice.line(f"{mark} {name:<44} {row.requirement or '-':<8} {cost}  {caught}")
        for label, cases in (("selftest_unexpected", row.unexpected), ("selftest_errored", row.errored)):
            if cases:
                self._voice.line("    " + self._voice.text(label, cases=cases))
        self._left()
        return row

    def _left(self) -> None:
        self._done += 1
        spent = time.monotonic() - self._started
        minutes = spent / self._done * (self._total - self._done) / 60
        if self._done < self._total:
            shown = {"done": self._done, "total": self._total, "minutes": f"{minutes:.0f}"}
            self._voice.note("selftest_left", **shown)

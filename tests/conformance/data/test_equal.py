"""`make equal` in small: it agrees about true engines, and names the line that a wrong one takes."""

from random import Random

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from conformance.data.engine import Acceptor
from tests.conformance.data.item_rows import judge, rows
from tests.conformance.data.reference_judge import meaning, strict
from tests.equal import material
from tests.equal.__main__ import main
from tests.equal.cached_judge import remembered_meaning
from tests.equal.compare import FORMATS
from tests.equal.mutants import mutants

ITEM, ROWS = "F04-02", 400
SHORT = r"^(\d{4})-(\d)-(\d)$", "$1-0$2-0$3"


def asked(*more: str) -> list[str]:
    return ["--items", ITEM, "--rows", str(ROWS), *more]


def figures(printed: str) -> dict[tuple[str, str], list[str]]:
    """The lines of the table by item and format."""
    lines = [line.strip("| ").split(" | ") for line in printed.splitlines() if line.startswith("| ")]
    return {(item, form): rest for item, form, *rest in lines[2:]}


def test_judges_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked()) == 0
    printed = capsys.readouterr().out
    table = figures(printed)
    assert [*table] == [(who, form) for who in (ITEM, "sum") for form in FORMATS]
    for form in FORMATS:
        assert table[ITEM, form] == table["sum", form]
        count, wrong, repeated, by_column, rules, cross_field, disagreements = table[ITEM, form]
        assert (cross_field, disagreements) == ("2/2", "0")
        assert all((int(wrong) > 50, int(repeated) > 5, int(by_column) > 100, int(rules) > 50)), form
        assert int(count) == ROWS if form == "ndjson" else ROWS * 0.8 < int(count) < ROWS
    for form in ("parquet", "csv"):
        left = ROWS - int(table[ITEM, form][0])
        assert f"\n{form} does not hold {left} of {ROWS} lines: a name that is no header" in printed


def test_formats_are_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked("--formats", "csv")) == 0
    assert [*figures(capsys.readouterr().out)] == [(ITEM, "csv"), ("sum", "csv")]


def test_an_engine_that_takes_short_dates_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    strict_call = Acceptor.__call__

    def sloppy(self: Acceptor, frame: pl.DataFrame) -> NDArray[np.bool_]:
        """2021-2-3 is read as 2021-02-03."""
        return strict_call(self, frame.with_columns(pl.col(pl.String).str.replace(*SHORT)))

    monkeypatch.setattr(Acceptor, "__call__", sloppy)
    assert main(asked()) == 1

    printed = capsys.readouterr().out
    where, by_column, by_row, by_meaning, text, *_ = printed.splitlines()
    assert by_column == "  by column: -"
    assert "/format" in by_row
    assert by_row.split(": ")[1] == by_meaning.split(": ")[1]
    assert "-2-3" in text
    lines = [line for stretch in material.stretches(ITEM, ROWS, 0) for line in stretch.lines]
    number = int(where.removeprefix(f"{ITEM} ndjson line "))
    assert text.strip() == lines[number - 1].decode()
    assert all(int(figures(printed)["sum", form][-1]) > 0 for form in FORMATS)


def test_an_engine_that_judges_nothing_proves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Acceptor, "__call__", lambda _, frame: np.zeros(frame.height, np.bool_))
    assert main(asked()) == 1
    every = ", ".join(f"{ITEM} {form}" for form in FORMATS)
    assert f"by column for equality to mean anything: {every}" in capsys.readouterr().out


def test_repeated_keys_are_compared(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from conformance.data.keys.duplicates import Repeats

    monkeypatch.setattr(Repeats, "repeated", lambda _: iter(()))
    assert main(asked()) == 1
    assert "  by column: -\n  by row: unique\n  by meaning: unique\n" in capsys.readouterr().out


def test_lines_depend_on_the_arguments_alone() -> None:
    first_run, second_run = ([*material.stretches(ITEM, 200, 7)] for _ in range(2))
    assert first_run == second_run
    assert sum(len(one.lines) for one in first_run) == 200
    assert not any(b"\n" in line for one in first_run for line in one.lines)
    assert first_run != [*material.stretches(ITEM, 200, 8)]


def test_memory_changes_no_verdict() -> None:
    random = Random(5)
    item = judge("F09-02").item
    remembered, plain = remembered_meaning(item), meaning(item)
    mutant = mutants(sorted(item.schema["properties"]), random)
    parse_results = [strict(mutant(row)) for row in rows("F09-02", random, 60) for _ in range(8)]
    parsed_rows = [row for row in parse_results if row is not None]
    assert len(parsed_rows) > 200
    for row in (*parsed_rows, *parsed_rows):
        assert remembered(row) == plain(row), row


def test_several_processes_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    few = ["--items", ITEM, "F13-01", "--rows", "40"]
    alone = main(few), capsys.readouterr().out
    assert (main([*few, "--workers", "2"]), capsys.readouterr().out) == alone

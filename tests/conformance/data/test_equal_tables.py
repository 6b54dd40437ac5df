"""`make equal` on tables: what a row is there, and that a reader of one format alone is caught."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

from conformance.data.batch import Batch, Type
from conformance.data.files import read
from conformance.data.files.columns import ExactColumn, TextColumn, Typed
from conformance.data.files.table_batch import TableBatch
from tests.conformance.data.test_equal import ITEM, SHORT, asked, figures
from tests.equal import compare, delimited, kinds, parquet, tables
from tests.equal.__main__ import main
from tests.equal.kinds import AMOUNT, DAY, MOMENT, Kind
from tests.equal.sheets import NAME, VALUE, Numbered, Sheet, Writing

COUNT, NAMED = "record.version", "subject.name"
Row = Mapping[str, Any]


def read_back(form: Any, row: Row, folder: Path) -> Row | str:
    """What a format says of a row, or why it does not hold it, whatever else chance decides."""
    found = [_read_written(form, row, Writing(ITEM, folder / "a", Random(seed))) for seed in range(12)]
    assert all(repr(one) == repr(found[0]) for one in found)
    return found[0]


def _read_written(form: Any, row: Row, writing: Writing) -> Row | str:
    row_results = [told for sheet in form.sheets([(7, row)], writing) for told in sheet.rows.values()]
    if not row_results:
        return str(next(reason for reason, count in writing.left.items() if count))
    (row_result,) = row_results
    table_row: Row = row_result.row
    assert row_result.line == 7
    assert row_result.unchanged == (repr(table_row) == repr(row))
    return table_row


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({COUNT: 5, NAMED: "x", "z": "y"}, {COUNT: 5, NAMED: "x", "z": "y"}),
        ({COUNT: "5", NAMED: 5, "z": 5}, {COUNT: 5, NAMED: "5", "z": "5"}),
        ({COUNT: "05", NAMED: True, "z": 5.0}, {COUNT: "05", NAMED: "true", "z": "5.0"}),
        ({COUNT: 5.0, NAMED: "", "z": None}, {COUNT: "5.0"}),
        ({COUNT: 10**18, NAMED: " "}, {COUNT: "1000000000000000000", NAMED: " "}),
        ({COUNT: "-0", NAMED: "\r\n"}, {COUNT: "-0", NAMED: "\r\n"}),
        ({COUNT: "１", NAMED: 'a"b,c;d\t'}, {COUNT: "１", NAMED: 'a"b,c;d\t'}),
        ({COUNT: [1]}, VALUE),
        ({"": "x"}, NAME),
        ({" z": "x"}, NAME),
        ({"z\r": "x"}, NAME),
        ({"subject name": "x"}, {"subject name": "x"}),
        ({"主体名称": "x"}, NAME),
    ],
)
def test_in_csv_all_is_text(tmp_path: Path, row: Row, expected: Row | str) -> None:
    assert read_back(delimited, row, tmp_path) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({COUNT: 5, NAMED: "", "z": True}, {COUNT: 5, NAMED: "", "z": True}),
        ({COUNT: "5", NAMED: 5, "z": 5.0}, {COUNT: "5", NAMED: 5, "z": 5.0}),
        ({COUNT: None, NAMED: "x", "z": 2**63}, {NAMED: "x", "z": 2**63}),
        ({"": "x"}, {"": "x"}),
        ({COUNT: 2**64}, VALUE),
        ({COUNT: [1]}, VALUE),
        ({"z ": "x"}, NAME),
    ],
)
def test_in_parquet_null_is_absent(
    tmp_path: Path, row: Row, expected: Row | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_WITH_SMALL", 1)
    monkeypatch.setattr(parquet, "_NUMBERS", 0)
    assert read_back(parquet, row, tmp_path) == expected


@pytest.mark.parametrize(
    ("kind", "held", "others"),
    [
        (DAY, ("2021-02-03", "0001-01-01"), ("2021-2-3", "2021-02-30", "20210203", "2021-W05-3", "")),
        (
            MOMENT,
            ("1988-07-01T12:00:00+08:00",),
            ("2021-02-03T24:00:00+08:00", "2021-02-03T09:30:00Z", "2021-02-03T09:30:60+08:00"),
        ),
        (AMOUNT, ("0", "-1.5", "100", "0.05"), ("-0", "-0.00", "+1", "01", "1.", ".5", "1e2", "", "１")),
        (kinds.INTEGER, (0, -(2**63)), (True, 1.0, 2**63, "1")),
        (kinds.NUMBER, (0, -5), (True, 1.0, 2**53, "1")),
    ],
    ids=lambda one: one.name if isinstance(one, Kind) else "",
)
def test_kinds_hold_what_they_can_say(kind: Kind, held: Sequence[Any], others: Sequence[Any]) -> None:
    assert all(map(kind.fits, (*held, None)))
    assert not any(map(kind.fits, others))
    assert all(value == (kind.says or str)(value) for value in held if isinstance(value, str))


def test_integers_may_be_floating_point_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for share, constant_name in ((parquet._NUMBERS, "_NUMBERS"), (parquet._OWN, "_OWN")):
        assert 0 < share < 1
        monkeypatch.setattr(parquet, constant_name, 1)
    monkeypatch.setattr(parquet, "_ALL_PLAIN", 0)
    assert repr(read_back(parquet, {COUNT: 5}, tmp_path)) == repr({COUNT: 5.0})


def test_amounts_of_a_column_have_one_scale() -> None:
    assert AMOUNT.says is not None
    assert [AMOUNT.says(text) for text in ("1.50", "0.00", "100", "1.0")] == ["1.5", "0", "100", "1"]


def test_an_object_has_all_its_flags() -> None:
    flags = kinds.flags(("a", "b"))
    assert flags.fits({"a": True})
    assert flags.fits({"b": None})
    assert not flags.fits({"c": True})
    assert not flags.fits({"a": 1})
    assert flags.says is not None
    assert flags.says({"a": True, "b": None}) == {"a": True}


@pytest.mark.parametrize(("form", "column"), [("csv", TextColumn), ("parquet", ExactColumn)])
def test_columns_of_one_format_alone_are_named(
    form: str, column: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    strict_typed = column.typed

    def sloppy(self: Any, wanted: Type) -> Typed:
        """2021-2-3 is read as 2021-02-03."""
        typed: Typed = strict_typed(self, wanted)
        return Typed(typed.series.str.replace(*SHORT), typed.odd) if wanted is Type.TEXT else typed

    monkeypatch.setattr(column, "typed", sloppy)
    assert main(asked()) == 1

    printed = capsys.readouterr().out
    where, by_column, by_row, by_meaning, text, *_ = printed.splitlines()
    assert where.startswith(f"{ITEM} {form} line ")
    assert by_column == "  by column: -"
    assert "/format" in by_row
    assert by_row.split(": ")[1] == by_meaning.split(": ")[1]
    assert "-2-3" in text
    wrong = {of: int(found[-1]) for (_, of), found in figures(printed).items()}
    assert {of for of, count in wrong.items() if count} == {form}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_rows_that_are_read_otherwise_are_named(
    form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where no rule says a word."""
    strict_values = TableBatch.values

    def sloppy(self: TableBatch, rows: Any) -> Iterator[Any]:
        return ({**row, "record.version": 1} for row in strict_values(self, rows) if isinstance(row, dict))

    monkeypatch.setattr(TableBatch, "values", sloppy)
    assert main(asked("--formats", form)) == 1
    assert f"  by row: {tables.OTHERWISE}\n" in capsys.readouterr().out


def test_rows_that_are_not_read_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*asked: Any) -> Iterator[Batch]:
        return islice(read(*asked), 0)

    monkeypatch.setattr(tables, "read", short)
    assert main(asked("--formats", "csv")) == 1
    assert f"  by column: -\n  by row: {tables.NOT_READ}\n" in capsys.readouterr().out


def test_repeated_keys_of_a_table_are_compared(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from conformance.data.keys.duplicates import Repeats

    monkeypatch.setattr(Repeats, "repeated", lambda _: iter(()))
    assert main(asked("--formats", "parquet")) == 1
    assert "  by column: -\n  by row: unique\n  by meaning: unique\n" in capsys.readouterr().out


def test_a_format_that_holds_few_rows_proves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def tenth(rows: Sequence[Numbered], writing: Writing) -> Iterator[Sheet]:
        return delimited.sheets(rows[::10], writing)

    monkeypatch.setattr(compare, "TABLES", {**compare.TABLES, "csv": tenth})
    assert main(asked()) == 1
    assert f"for equality to mean anything: {ITEM} csv\n" in capsys.readouterr().out

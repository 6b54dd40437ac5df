"""Formats, several files, and that nothing half-made looks complete."""

import csv
from io import StringIO
from pathlib import Path

import polars as pl
import pytest

from conformance.data.synth import OutputFormat, SynthRequest, SynthRequestError, deliver
from conformance.data.synth.variants import row_judge
from tests.conformance.data.synth.deliveries import DAY, key_of, standard, truth, write_delivery


def reasons(rows: list[dict[str, object]], code: str) -> dict[int, frozenset[str]]:
    item = standard().checklist.item(code)
    broken_rules, earlier_keys, wrong = row_judge(item, standard().checklist), set(), {}
    for number, row in enumerate(rows, 1):
        rule_ids = broken_rules(row)
        if not rule_ids and (key := key_of(row, item.key)) in earlier_keys:
            rule_ids = frozenset({"unique"})
        elif not rule_ids:
            earlier_keys.add(key)
        if rule_ids:
            wrong[number] = rule_ids
    return wrong


def test_parquet_rows_are_as_the_truth_says(tmp_path: Path) -> None:
    write_delivery(tmp_path, "F09-02", 1500, faults=0.3, form=OutputFormat.PARQUET, block=400)
    rows = pl.read_parquet(tmp_path / "rows.parquet").to_dicts()
    wrong = reasons([{k: v for k, v in row.items() if v is not None} for row in rows], "F09-02")
    assert wrong.keys() == truth(tmp_path).keys()
    assert all(entry["rule"] in wrong[line] for line, entry in truth(tmp_path).items())
    assert len({entry["kind"] for entry in truth(tmp_path).values()}) >= 13


def test_csv_lines_are_those_of_the_text(tmp_path: Path) -> None:
    write_delivery(tmp_path, "F01-03", 600, faults=0.3, form=OutputFormat.CSV, block=100)
    text = (tmp_path / "rows.csv").read_bytes().decode()
    starts, rows, reader = [], [], csv.DictReader(StringIO(text, newline=""))
    begun = 1
    for row in reader:
        starts.append(begun + 1)
        begun = reader.line_num
        rows.append({name: value for name, value in row.items() if value != ""})
    wrong = {starts[n - 1]: why for n, why in reasons(rows, "F01-03").items()}
    assert wrong.keys() == truth(tmp_path).keys()
    assert starts != list(range(2, len(rows) + 2))


def test_several_files_are_one_delivery(tmp_path: Path) -> None:
    one_file = SynthRequest("F09-02", 1000, DAY, tmp_path / "one", faults=0.1, truth=tmp_path / "truth")
    parts = SynthRequest(
        "F09-02", 1000, DAY, tmp_path / "many", faults=0.1, files=3, truth=tmp_path / "many" / "truth"
    )
    deliver(standard(), one_file)
    files = deliver(standard(), parts).files
    assert [path.name for path in files] == [f"F09-02-{n}.ndjson" for n in (1, 2, 3)]
    assert b"".join(path.read_bytes() for path in files) == (tmp_path / "one").read_bytes()


def test_what_a_format_cannot_carry_is_said(tmp_path: Path) -> None:
    delivered = write_delivery(
        tmp_path, "F01-04", 50, faults=0.5, form=OutputFormat.PARQUET, kinds=("null", "missing_required")
    )
    assert (set(delivered.faults), delivered.left_out) == ({"missing_required"}, ("null",))
    assert delivered.columns_left_out == ("public_flags",)


def test_a_delivery_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(_: int) -> None:
        raise StopError

    order = SynthRequest("F09-02", 1000, DAY, tmp_path / "rows", truth=tmp_path / "truth")
    with pytest.raises(StopError):
        deliver(standard(), order, block=100, progress=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("overrides", "key"),
    [
        ({"item": "Z99-99"}, "no_item"),
        ({"rows": 0}, "rows"),
        ({"faults": 1.5}, "rate"),
        ({"files": 11}, "files"),
        ({"kinds": ("bogus",), "faults": 0.1}, "kinds"),
        ({"kinds": ("too_small",), "faults": 0.1}, "no_kind"),
        ({"columns": frozenset({"decision_date"})}, "no_column"),
        ({"item": "F15-01", "rows": 2_000_000_000}, None),
    ],
)
def test_what_cannot_be_made_is_refused(
    overrides: dict[str, object], key: str | None, tmp_path: Path
) -> None:
    arguments = {"item": "F09-02", "rows": 10, "day": DAY, "output": tmp_path / "rows", **overrides}
    if key is None:
        SynthRequest(**arguments)  # type: ignore[arg-type]
        return
    with pytest.raises(SynthRequestError) as refused:
        deliver(standard(), SynthRequest(**arguments))  # type: ignore[arg-type]
    assert refused.value.message.key == f"synth.{key}"
    assert list(tmp_path.iterdir()) == []

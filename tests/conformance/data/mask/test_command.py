"""`fcsp data mask` on real files: what it writes, what it refuses, and what it leaves behind."""

import csv
import gzip
import json
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from conformance.cli.shared.program import build
from conformance.data.files import ReadErrors, discover, layout
from conformance.data.files.settings import silent
from conformance.data.mask import DisclosureRequest, compile_plan, disclose_file, open_source
from conformance.data.mask.values_as_text import interval_text, parse_interval, value_text, wire_value
from conformance.data.mask.write import parquet
from conformance.model.errors import UserError
from tests.conformance.data.item_rows import rows, standard

ITEM = "F02-01"
REQUEST = DisclosureRequest(
    standard(), standard().checklist.item(ITEM), "financial_institution", subject_type="enterprise"
)


def run(*words: str) -> Result:
    return CliRunner().invoke(
        build(), ["data", "mask", *words, "--lang", "en", "--as-of", f"{standard().as_of}"]
    )


def sample_rows(count: int = 40, code: str = ITEM) -> list[dict[str, Any]]:
    return list(rows(code, Random(1), count))


def ndjson(path: Path, lines: list[Any]) -> Path:
    path.write_text(
        "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8"
    )
    return path


def run_usual(path: Path, output: Path, *more: str) -> Result:
    audience = () if "--audience" in more else ("--audience", REQUEST.audience)
    return run(
        str(path), "--item", ITEM, *audience, "--subject-type", "enterprise", "--output", str(output), *more
    )


def test_ndjson_is_as_on_the_wire(tmp_path: Path) -> None:
    done = run_usual(ndjson(tmp_path / "in.ndjson", sample_rows()), tmp_path / "out")
    assert done.exit_code == 0, done.output
    found = [json.loads(line) for line in (tmp_path / "out/in.ndjson").read_text("utf-8").splitlines()]
    assert found == [{n: wire_value(d) for n, d in REQUEST.disclose(row).items()} for row in sample_rows()]


@pytest.mark.parametrize("name", ["in.csv", "in.parquet"])
def test_tables_say_the_same(tmp_path: Path, name: str) -> None:
    frame = pl.DataFrame(sample_rows())
    frame.write_csv(tmp_path / name) if name.endswith("csv") else frame.write_parquet(tmp_path / name)
    result = run_usual(tmp_path / name, tmp_path / "out")
    assert result.exit_code == 0, result.output
    for row, line in zip(sample_rows(), table(tmp_path / "out" / name), strict=True):
        for field, disclosed in REQUEST.disclose(row).items():
            assert line[field] == value_text(disclosed)
            assert line.get(f"{field}.form", "raw") == disclosed.form


def test_small_parts_of_a_file_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_GROUP", 25)
    pl.DataFrame(sample_rows(64)).write_parquet(tmp_path / "in.parquet", row_group_size=10)
    assert run_usual(tmp_path / "in.parquet", tmp_path / "out").exit_code == 0
    with pq.ParquetFile(tmp_path / "out/in.parquet") as parquet_file:
        groups = [parquet_file.metadata.row_group(n).num_rows for n in range(parquet_file.num_row_groups)]
        assert groups == [30, 30, 4]
        assert {str(kind) for kind in parquet_file.schema_arrow.types} == {"string"}
    assert len(table(tmp_path / "out/in.parquet")) == 64


def table(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    with path.open(encoding="utf-8", newline="") as lines:
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(lines)]


def test_intervals_can_be_told_again(tmp_path: Path) -> None:
    row = {"subject.uscc": "x", "subject.type": "enterprise", "report_year": 2024, "total_assets": "-5.00"}
    path = ndjson(tmp_path / "in.ndjson", [row])
    result = run(str(path), "--item", "F01-04", "--audience", "hub", "--output", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    disclosed = json.loads((tmp_path / "out/in.ndjson").read_text("utf-8"))
    terms = DisclosureRequest(standard(), standard().checklist.item("F01-04"), "hub")
    assert disclosed == {n: wire_value(d) for n, d in terms.disclose(row).items()}
    for edges in ({"min": None, "max": -5, "unit": "a b"}, {"min": 0, "max": None, "unit": "CNY"}):
        assert parse_interval(interval_text(edges)) == edges


def test_columns_that_nobody_knows_reach_nobody(tmp_path: Path) -> None:
    pl.DataFrame([row | {"password": "hunter2"} for row in sample_rows(3)]).write_parquet(
        tmp_path / "in.parquet"
    )
    assert run_usual(tmp_path / "in.parquet", tmp_path / "out").exit_code == 0
    assert "password" not in pl.read_parquet(tmp_path / "out/in.parquet").columns


def test_rows_that_cannot_be_read_are_named_and_left_out(tmp_path: Path) -> None:
    path = ndjson(tmp_path / "in.ndjson", [sample_rows()[0], '{"person_name": "张三', sample_rows()[1]])
    result = run_usual(path, tmp_path / "out")
    assert result.exit_code == 1
    assert "line 2" in result.output
    assert "张三" not in result.output
    assert len((tmp_path / "out/in.ndjson").read_text("utf-8").splitlines()) == 2


def test_a_broken_file_leaves_nothing(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f"{json.dumps(row)}\n" for row in sample_rows()).encode())
    (tmp_path / "in.ndjson.gz").write_bytes(packed[: len(packed) // 2])
    result = run_usual(tmp_path / "in.ndjson.gz", tmp_path / "out")
    assert result.exit_code == 1
    assert "in.ndjson.gz" in result.output
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    for name in ("in.parquet", "in.ndjson"):
        pl.DataFrame(sample_rows()).write_parquet(tmp_path / name) if "parquet" in name else ndjson(
            tmp_path / name, sample_rows()
        )
        plan = compile_plan(REQUEST)
        source = open_source(
            discover([tmp_path / name]).files[0], plan, layout(REQUEST.item, standard().checklist), silent
        )

        def stop(_: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            disclose_file(plan, source, tmp_path / "out" / name, stop)
    assert not list((tmp_path / "out").iterdir())


def test_the_item_is_that_of_the_name_or_of_the_first_row(tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    ndjson(folder / "F09-02.ndjson", sample_rows(3, "F09-02"))
    ndjson(folder / "other.ndjson", [row | {"record.item_code": ITEM} for row in sample_rows(3)])
    words = (str(folder), "--audience", REQUEST.audience, "--subject-type", "enterprise")
    result = run(*words, "--output", str(output))
    assert result.exit_code == 0, result.output
    for name, code in (("F09-02.ndjson", "F09-02"), ("other.ndjson", ITEM)):
        masked = [json.loads(line) for line in (output / name).read_text("utf-8").splitlines()]
        terms = DisclosureRequest(
            standard(), standard().checklist.item(code), REQUEST.audience, subject_type="enterprise"
        )
        assert [row.keys() - {"record.item_code"} for row in masked] == [
            row.keys() for row in sample_rows(3, code)
        ]
        assert (
            masked[0].items()
            >= {n: wire_value(d) for n, d in terms.disclose(sample_rows(3, code)[0]).items()}.items()
        )
        assert masked[0].get("record.item_code", {}) in ({}, {"form": "raw", "value": code})

    ndjson(folder / "untold.ndjson", sample_rows(3))
    assert isinstance(run(*words, "--output", str(tmp_path / "again")).exception, ReadErrors)
    assert not (tmp_path / "again").exists()


def test_whole_records_and_rows_of_another_item_are_refused(tmp_path: Path) -> None:
    """They would come out as empty objects."""
    record = {"item_code": ITEM, "record_id": "r1", "content": sample_rows(1)[0]}
    result = run_usual(ndjson(tmp_path / "in.ndjson", [record]), tmp_path / "out")
    assert isinstance(result.exception, UserError)
    assert result.exception.message.key == "mask.whole_records"
    for name in ("in.csv", "in.ndjson"):
        path = tmp_path / name
        foreign_rows = [{"subject.uscc": "x", "secret": "hunter2"}] * 3
        pl.DataFrame(foreign_rows).write_csv(path) if "csv" in name else ndjson(path, foreign_rows)
        result = run_usual(path, tmp_path / "out")
        assert result.exit_code == 1
        assert "secret" in result.output
        assert "hunter2" not in result.output
    rows_with_item = [row | {"record.item_code": "F09-02"} for row in sample_rows(2)]
    result = run_usual(ndjson(tmp_path / "in.ndjson", [*sample_rows(2), *rows_with_item]), tmp_path / "out")
    assert result.exit_code == 1
    assert "F09-02" in result.output
    for slipped in ({"record.item_code": "990101199001010012"}, {"990101199001010012": 1}):
        result = run_usual(ndjson(tmp_path / "in.ndjson", [slipped]), tmp_path / "out")
        assert result.exit_code == 1
        assert "999999999999999999" in result.output
        assert "990101199001010012" not in result.output
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_what_is_refused(tmp_path: Path) -> None:
    path = ndjson(tmp_path / "in.ndjson", sample_rows(1))
    for words in (("--audience", "nobody"), ("--audience", "public", "--authorized"), ("--audience", "hub")):
        result = run_usual(path, tmp_path / "out", *words)
        assert isinstance(result.exception, UserError), result.output
    assert run_usual(path, tmp_path / "out", "--audience", "modeling").exit_code == 1
    assert not (tmp_path / "out").exists()
    assert run_usual(path, tmp_path / "out").exit_code == 0
    assert isinstance(run_usual(path, tmp_path / "out").exception, UserError)
    assert run_usual(path, tmp_path / "out", "--force").exit_code == 0


def test_pseudonyms_depend_on_key_and_recipient(tmp_path: Path) -> None:
    path, outputs = ndjson(tmp_path / "in.ndjson", sample_rows(1)), set()
    (tmp_path / "key").write_text("0123456789abcdef0123\n")
    for recipient in ("A", "B"):
        words = (
            "--audience",
            "hub",
            "--key-file",
            str(tmp_path / "key"),
            "--recipient",
            recipient,
            "--force",
        )
        assert run_usual(path, tmp_path / "out", *words).exit_code == 0
        outputs.add((tmp_path / "out/in.ndjson").read_text("utf-8"))
    assert len(outputs) == 2


def test_nothing_is_written_outside_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        ndjson(tmp_path / name / f"{name}.ndjson", sample_rows(2))
    monkeypatch.chdir(tmp_path / "here")
    words = ("--item", ITEM, "--audience", REQUEST.audience, "--output", "out")
    result = run("here.ndjson", "../there/there.ndjson", *words)
    assert result.exit_code == 0, result.output
    output_names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.ndjson")}
    assert output_names == {
        *("here/here.ndjson", "there/there.ndjson"),
        *("here/out/here/here.ndjson", "here/out/there/there.ndjson"),
    }


def test_a_list_of_persons_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "persons").write_bytes(b"\xff\xfe1\x00")
    path = ndjson(tmp_path / "in.ndjson", sample_rows(1))
    done = run_usual(path, tmp_path / "out", "--persons", str(tmp_path / "persons"))
    assert isinstance(done.exception, UserError)

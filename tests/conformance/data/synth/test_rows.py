"""Rows of every item: valid, all different, wrong exactly where the truth file says so."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from conformance.data.synth import KINDS, RowLayout
from conformance.oracles.validate import record_validator
from tests.conformance.data.synth.deliveries import standard, truth, write_delivery, wrong_lines

ITEMS = [item.code for item in standard().checklist.items]
CHEAP = [code for code in ITEMS if code not in {"F01-04", "F09-03", "F01-01", "F02-02", "F09-04"}]


@pytest.mark.parametrize("code", CHEAP)
def test_the_truth_is_what_the_oracles_find(code: str, tmp_path: Path) -> None:
    delivered = write_delivery(tmp_path, code, 300, faults=0.5)
    wrong, truth_entries = wrong_lines(tmp_path / "rows.ndjson", code), truth(tmp_path)
    assert wrong.keys() == truth_entries.keys()
    assert [line for line, entry in truth_entries.items() if entry["rule"] not in wrong[line]] == []
    assert sum(delivered.faults.values()) == len(truth_entries) > 100


def test_all_kinds_occur_and_each_rule_is_broken(tmp_path: Path) -> None:
    write_delivery(tmp_path, "F09-02", 4000, faults=0.5)
    truth_entries = truth(tmp_path).values()
    assert {entry["kind"] for entry in truth_entries} == KINDS - {"too_small", "too_large"}
    rules = {rule.id for rule in standard().checklist.item("F09-02").rules}
    assert {entry["rule"] for entry in truth_entries if entry["kind"] == "cross_field"} == rules
    wrong = wrong_lines(tmp_path / "rows.ndjson", "F09-02")
    assert wrong.keys() == truth(tmp_path).keys()


@pytest.mark.parametrize("code", ["F09-02", "F04-02", "F15-01"])
def test_many_rows_have_no_key_twice(code: str, tmp_path: Path) -> None:
    write_delivery(tmp_path, code, 6000)
    assert wrong_lines(tmp_path / "rows.ndjson", code) == {}


def test_equal_seeds_give_equal_bytes_whatever_the_blocks(tmp_path: Path) -> None:
    texts = []
    for n, (block, seed) in enumerate(((32_768, 7), (100, 7), (77, 7), (100, 8))):
        folder = tmp_path / str(n)
        write_delivery(folder, "F09-02", 1000, faults=0.2, block=block, seed=seed)
        texts.append([(folder / name).read_bytes() for name in ("rows.ndjson", "truth.ndjson")])
    assert texts[0] == texts[1] == texts[2]
    assert all(one != other for one, other in zip(texts[2], texts[3], strict=True))


def test_records_are_whole_ones(tmp_path: Path) -> None:
    write_delivery(
        tmp_path,
        "F07-01",
        200,
        faults=0.3,
        layout=RowLayout.RECORD,
        kinds=("bad_date", "unknown_code", "duplicate_key"),
    )
    judge, truth_entries = record_validator(standard().checklist), truth(tmp_path)
    lines = (tmp_path / "rows.ndjson").read_bytes().splitlines()
    wrong = {n for n, line in enumerate(lines, 1) if judge(json.loads(line))}
    assert wrong == {n for n, entry in truth_entries.items() if entry["kind"] != "duplicate_key"}
    assert wrong != truth_entries.keys()


def test_few_subjects_have_many_rows_and_days_are_recent(tmp_path: Path) -> None:
    write_delivery(tmp_path, "F09-02", 3000, columns=frozenset({"severity"}))
    rows = [json.loads(line) for line in (tmp_path / "rows.ndjson").read_bytes().splitlines()]
    row_counts: dict[str, int] = {}
    for row in rows:
        row_counts[row["subject.uscc"]] = row_counts.get(row["subject.uscc"], 0) + 1
    assert max(row_counts.values()) > 10 * sum(row_counts.values()) / len(row_counts) / 3
    years = [
        sum(row["decision_date"].startswith(str(year)) for row in rows) for year in (2026, 2025, 2024, 2023)
    ]
    assert all(later > earlier for later, earlier in pairwise(years))
    required_names = {f.name for f in standard().checklist.item("F09-02").fields if f.required}
    assert {frozenset(row) for row in rows} == {frozenset(required_names | {"severity", "subject.uscc"})}


def test_records_are_made_in_time(tmp_path: Path) -> None:
    write_delivery(tmp_path, "F09-02", 500)
    for line in (tmp_path / "rows.ndjson").read_bytes().splitlines():
        row = json.loads(line)
        assert row["decision_date"] <= row["record.generated_at"][:10] < "2026-11-25"
        assert row["record.as_of"] <= row["record.generated_at"]

"""Deliveries of several files: what is counted, what rows are together, what is written apart."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import orjson
import polars as pl
import pytest

from conformance.data.check.delivery import DeliveryCheck
from conformance.data.check.file import RECORDS, Examiner, Options
from conformance.data.check.split_rows import sort_out
from conformance.data.files import discover
from conformance.synth.identities import subject
from conformance.synth.records import envelope
from tests.conformance.data.hostile_lines import written
from tests.conformance.data.item_rows import TODAY, rows, standard

BEGUN = datetime(2026, 11, 23, 9).astimezone()


def check_paths(*paths: Path, item: str | None = None) -> DeliveryCheck:
    made = DeliveryCheck(Examiner(standard(), Options(item)), discover(paths), samples=3, started=BEGUN)
    for _ in made.run(lambda _: None):
        pass
    return made


def ndjson(path: Path, lines: Sequence[bytes | Mapping[str, Any]], end: bytes = b"\n") -> Path:
    texts = [line if isinstance(line, bytes) else written(line) for line in lines]
    path.write_bytes(b"\n".join(texts) + end)
    return path


def good(code: str, count: int) -> list[dict[str, Any]]:
    return [{**row, "record.version": 1} for row in rows(code, Random(code), count)]


def test_rules_are_counted_and_their_places_kept(tmp_path: Path) -> None:
    good_rows = good("F09-02", 9)
    wrong = [{**row, "decision_date": "2021-2-3"} for row in good("F09-02", 5)]
    delivery = check_paths(ndjson(tmp_path / "F09-02.ndjson", [*good_rows, *wrong, b"{", b""]))

    tally = delivery.result.tallies["F09-02"]
    assert (tally.rows, tally.bad) == (16, 7)
    assert tally.rules["decision_date/format"] == 5
    assert [(s.line, s.value) for s in tally.samples["decision_date/format"]] == [
        (n, '"2021-2-3"') for n in (10, 11, 12)
    ]
    assert (tally.rules["line/no_json"], tally.rules["line/blank"]) == (1, 1)
    assert delivery.result.complete


def test_a_file_that_ends_in_a_row_is_named(tmp_path: Path) -> None:
    good_rows = good("F09-02", 3)
    delivery = check_paths(
        ndjson(tmp_path / "F09-02.ndjson", [*good_rows, written(good_rows[0])[:-20]], end=b"")
    )

    tally = delivery.result.tallies["F09-02"]
    assert tally.rules == {"line/truncated": 1}
    assert tally.samples["line/truncated"][0].line == 4


def test_a_key_counts_once_in_all_files(tmp_path: Path) -> None:
    good_rows = good("F09-02", 40)
    first = ndjson(tmp_path / "F09-02_1.ndjson", [*good_rows[:20], good_rows[3]])
    second = ndjson(
        tmp_path / "F09-02_2.ndjson",
        [good_rows[20], good_rows[0], {**good_rows[1], "decision_date": "x"}, *good_rows[21:]],
    )
    delivery = check_paths(first, second)

    tally = delivery.result.tallies["F09-02"]
    assert tally.rules["unique"] == 3
    places = [(s.source, s.line) for s in tally.samples["unique"]]
    assert places == [(0, 21), (1, 2), (1, 3)]  # the latter is wrong in another member, and its key is sound
    assert tally.bad == 3


def test_another_version_is_another_row(tmp_path: Path) -> None:
    (row,) = good("F09-02", 1)
    made = check_paths(ndjson(tmp_path / "F09-02.ndjson", [row, {**row, "record.version": 2}]))
    assert made.result.tallies["F09-02"].bad == 0


def test_an_unsound_key_is_no_key(tmp_path: Path) -> None:
    (row,) = good("F09-02", 1)
    bad = {**row, "document_no": ""}
    made = check_paths(ndjson(tmp_path / "F09-02.ndjson", [row, bad, bad]))
    assert made.result.tallies["F09-02"].rules == {"document_no/minLength": 2}


def test_what_is_named_is_looked_for_where_both_items_are(tmp_path: Path) -> None:
    certificates, mortgages = good("F08-01", 3), good("F08-02", 3)
    reference = {"certificate_no": certificates[1]["certificate_no"]}
    mortgages = [{**mortgages[0], **reference}, *mortgages[1:]]
    theirs = ndjson(tmp_path / "F08-02.ndjson", mortgages)
    assert "certificate_no/reference" not in check_paths(theirs).result.tallies["F08-02"].rules

    delivery = check_paths(theirs, ndjson(tmp_path / "F08-01.ndjson", certificates))
    tally = delivery.result.tallies["F08-02"]
    assert tally.rules["certificate_no/reference"] == 2
    assert [s.line for s in tally.samples["certificate_no/reference"]] == [2, 3]
    assert tally.bad == 0


def test_times_are_marked(tmp_path: Path) -> None:
    (row,) = good("F09-02", 1)
    dated = {
        **row,
        "decision_date": "2026-03-10",
        "publicity_deadline": "2027-03-10",
        "valid_to": "2026-12-31",
    }
    dated.pop("repaired_date", None)
    moments = ("2026-03-19T23:59:59+08:00", "2026-03-20T00:00:00+08:00", None)
    lines = [
        {**dated, "document_no": f"T{n}", **({"record.generated_at": moment} if moment else {})}
        for n, moment in enumerate(moments)
    ]
    for line in lines[2:]:
        line.pop("record.generated_at", None)
    tally = check_paths(ndjson(tmp_path / "F09-02.ndjson", lines)).result.tallies["F09-02"]
    assert tally.timeliness == {"on_time": 1, "late": 1, "unknown": 1}, tally.rules


def test_the_item_is_that_of_the_name_or_of_the_row_or_given(tmp_path: Path) -> None:
    good_rows = good("F04-05", 2)
    rows_with_item = [{**row, "record.item_code": "F04-05"} for row in good_rows]
    assert check_paths(ndjson(tmp_path / "a_F04-05_b.ndjson", good_rows)).result.tallies.keys() == {"F04-05"}
    assert check_paths(ndjson(tmp_path / "x.ndjson", rows_with_item)).result.tallies.keys() == {"F04-05"}
    assert check_paths(ndjson(tmp_path / "y.ndjson", good_rows), item="F04-05").result.tallies.keys() == {
        "F04-05"
    }

    untold = check_paths(ndjson(tmp_path / "z.ndjson", good_rows))
    assert [p.message.key for p in untold.result.problems] == ["bulk.no_item"]
    unknown = check_paths(ndjson(tmp_path / "Z99-99.ndjson", good_rows))
    assert [p.message.key for p in unknown.result.problems] == ["bulk.unknown_item"]


def records(count: int) -> list[dict[str, Any]]:
    random, items = Random(7), standard().checklist.items
    item_sample = [random.choice(items) for _ in range(count)]
    return [
        envelope(
            standard(),
            item,
            random,
            subject(random, standard().reserved, item.subject_types[0]),
            TODAY,
            {k: v for k, v in next(rows(item.code, random, 1)).items() if "." not in k},
        )
        for item in item_sample
    ]


def test_whole_records_of_any_item(tmp_path: Path) -> None:
    good_records = records(30)
    wrong = [
        {**good_records[0], "operation": "replace"},
        {**good_records[1], "content": 5},
        {**good_records[2], "checklist_version": "1999.1"},
        {**good_records[3], "item_code": "Z99-99"},
        {k: v for k, v in good_records[4].items() if k != "provider_uscc"},
    ]
    delivery = check_paths(ndjson(tmp_path / "batch.ndjson", [*good_records, *wrong, good_records[5], b"?"]))

    assert delivery.result.kinds == {0: RECORDS}
    tallies = delivery.result.tallies.values()
    assert sum(t.rows for t in tallies) == 37
    assert sum(t.bad for t in tallies) == 7
    rules = {rule for t in tallies for rule in t.rules}
    assert {"record.operation/enum", "row/type", "record.checklist_version/version", "unique"} <= rules
    assert {"record.item_code/item", "record.provider_uscc/required", "line/no_json"} <= rules


@pytest.mark.parametrize("suffix", [".ndjson", ".parquet"])
def test_rows_are_written_apart(tmp_path: Path, suffix: str) -> None:
    good_rows = good("F04-05", 8)
    lines = [*good_rows[:5], {**good_rows[5], "determined_date": "2021-02-30"}, good_rows[0], *good_rows[6:]]
    path = tmp_path / f"F04-05{suffix}"
    if suffix == ".parquet":
        pl.DataFrame(lines).write_parquet(path)
    else:
        ndjson(path, lines)
    delivery = check_paths(path)
    accepts, rejects = tmp_path / "good", tmp_path / "bad"
    for _ in sort_out(delivery, accepts, rejects, lambda _: None):
        pass

    accepted_rows = [line for n, line in enumerate(lines) if n not in (5, 6)]
    if suffix == ".ndjson":
        assert accepts.read_bytes() == b"".join(written(line) + b"\n" for line in accepted_rows)
    assert [orjson.loads(line) for line in accepts.read_bytes().splitlines()] == accepted_rows
    bad = [json.loads(line) for line in rejects.read_text("utf-8").splitlines()]
    assert [(b["line"], [r["rule"] for r in b["reasons"]]) for b in bad] == [
        (6, ["determined_date/format"]),
        (7, ["unique"]),
    ]
    assert [json.loads(b["row"]) for b in bad] == [lines[5], lines[6]]
    assert all(reason["zh"] and reason["en"] for b in bad for reason in b["reasons"])
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, "good", "bad"])


def test_a_stop_leaves_what_was_found_and_no_half_files(tmp_path: Path) -> None:
    path = ndjson(tmp_path / "F04-05.ndjson", [{**row, "determined_date": "x"} for row in good("F04-05", 5)])
    delivery = check_paths(path)
    going = sort_out(delivery, tmp_path / "good", tmp_path / "bad", lambda _: None)
    next(going)
    going.close()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_personal_values_are_shown_by_their_shape(tmp_path: Path) -> None:
    (row,) = good("F02-01", 1)
    number = "99010119900101123A"
    delivery = check_paths(
        ndjson(tmp_path / "F02-01.ndjson", [{**row, "person_id_type": "RESIDENT_ID", "person_id_no": number}])
    )
    samples = [s for found in delivery.result.tallies["F02-01"].samples.values() for s in found]
    assert samples
    assert number not in repr(samples)


def test_rows_of_text_keep_their_bytes_and_their_header(tmp_path: Path) -> None:
    names = ("subject.uscc", "record.version", "determined_date", "released_date", "tax_authority")
    good_rows = good("F04-05", 4)
    keys = [name for name in names if any(name in row for row in good_rows)]
    cells = [[str(row.get(key, "")) for key in keys] for row in good_rows]
    cells[2][keys.index("determined_date")] = "2021-2-3"
    text = ",".join(keys) + "\r\n" + "".join(",".join(f'"{c}"' for c in row) + "\r\n" for row in cells)
    path = tmp_path / "F04-05.csv"
    path.write_bytes(text.encode("gb18030"))
    delivery = check_paths(path)
    for _ in sort_out(delivery, tmp_path / "good.csv", None, lambda _: None):
        pass

    assert delivery.result.tallies["F04-05"].rules["determined_date/format"] == 1
    lines = path.read_bytes().splitlines(keepends=True)
    assert (tmp_path / "good.csv").read_bytes() == b"".join((*lines[:3], *lines[4:]))

"""Rows judged by column are judged as single rows are, rule by rule, whatever stands on a line."""

import io
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from conformance.data.check.batch import examine
from conformance.data.check.judge import ItemJudge
from conformance.data.engine import Acceptor, formats
from conformance.data.files.ndjson.read import batches
from tests.conformance.data.hostile_lines import STYLES, lines, written
from tests.conformance.data.item_rows import CODES, judge, rows, wrong_rows
from tests.conformance.data.reference_judge import meaning, strict

UNREADABLE = frozenset({"line"})


def by_column(
    judge: ItemJudge, written_lines: Iterable[bytes], size: int = 1 << 20
) -> dict[int, frozenset[str]]:
    """The rules that each line breaks, by number; lines that break none are left out."""
    text = b"".join(line + b"\n" for line in written_lines)
    results = (examine(batch, judge) for batch in batches(io.BytesIO(text), 0, size=size))
    return {bad.line: _ids(bad.reasons) for one in results for bad in one.bad}


def _ids(reasons: Iterable[Any]) -> frozenset[str]:
    ids = frozenset(reason.rule for reason in reasons)
    return UNREADABLE if any(id_.startswith("line/") for id_ in ids) else ids


def by_row(judge: ItemJudge, written_lines: Iterable[bytes]) -> dict[int, frozenset[str]]:
    broken = meaning(judge.item)
    reasons_by_line = {}
    for number, line in enumerate(written_lines, 1):
        row = strict(line)
        ids = UNREADABLE if row is None else broken(row)
        if ids:
            reasons_by_line[number] = ids
    return reasons_by_line


@pytest.mark.parametrize("code", CODES)
def test_rows_of_every_item(code: str) -> None:
    random = Random(code)
    sample_rows = [*rows(code, random, 8), *wrong_rows(code, random)]
    texts = [written(row, style) for style in STYLES for row in sample_rows]

    assert by_column(judge(code), texts) == by_row(judge(code), texts)


@pytest.mark.parametrize("code", CODES)
def test_hostile_lines_of_every_item(code: str) -> None:
    random = Random(f"hostile {code}")
    good = next(rows(code, random, 1))
    texts = random.sample([*lines(good, random)], 120)

    assert by_column(judge(code), texts, size=random.choice((512, 4096, 1 << 20))) == by_row(
        judge(code), texts
    )


@pytest.mark.parametrize("code", ["F09-02", "F01-04", "F06-01"])
def test_all_hostile_lines(code: str) -> None:
    random = Random(f"all {code}")
    texts = [line for row in rows(code, random, 1) for line in lines(row, random)]
    assert len(texts) > 500

    assert by_column(judge(code), texts) == by_row(judge(code), texts)
    for text in random.sample(texts, 80):  # a line alone in its block has nothing around it that could help
        assert by_column(judge(code), [text]) == by_row(judge(code), [text])


def test_good_rows_are_judged_by_column() -> None:
    """Or else equality would be no wonder."""
    for code in CODES:
        random = Random(code)
        good_rows = [row for row in rows(code, random, 20) if judge(code).plan.shape.keys() >= row.keys()]
        for style in STYLES:
            text = b"".join(written(row, style) + b"\n" for row in good_rows)
            for batch in batches(io.BytesIO(text), 0):
                columns = batch.columns(judge(code).plan.shape)
                assert columns.faithful.all(), code
                assert judge(code).accepts(columns.frame).all(), code


def test_a_line_that_is_no_json_leaves_the_others_to_columns() -> None:
    """NaN stands where a number may, so that it is found by the reader of the whole block alone."""
    code, number = "F12-02", "nice_class"
    sample_rows = [{**row, number: 9} for row in rows(code, Random(1), 12)]
    texts = [written(row) for row in sample_rows]
    for place in (0, 5, 11):
        texts[place] = texts[place].replace(b":9", b":NaN")
    (batch,) = batches(io.BytesIO(b"\n".join([*texts, b""])), 0)

    assert [*np.flatnonzero(~batch.columns(judge(code).plan.shape).faithful)] == [0, 5, 11]
    assert by_column(judge(code), texts) == by_row(judge(code), texts)


class _Sloppy(Acceptor):
    """Takes 2021-2-3 for a date."""

    def __call__(self, frame: pl.DataFrame) -> NDArray[np.bool_]:
        dates = frame["decision_date"].replace("2021-2-3", "2021-02-03")
        return super().__call__(frame.with_columns(dates))


def test_a_disagreement_is_noticed() -> None:
    """An engine that takes 2021-2-3 for a date is caught by the comparison above."""
    from conformance.data.check.judge import judge_of
    from tests.conformance.data.item_rows import standard

    lenient = judge_of(standard(), "F09-02")
    row = next(rows("F09-02", Random(1), 1))
    texts = [written({**row, "decision_date": "2021-2-3", "publicity_deadline": "2098-01-01"})]
    assert by_column(lenient, texts) == by_row(lenient, texts)

    sloppy = replace(lenient, accepts=_Sloppy(lenient.plan.accepts))
    assert by_column(sloppy, texts) != by_row(sloppy, texts)


def test_no_item_is_left_to_single_rows() -> None:
    lost = {code: judge(code).plan.inexpressible for code in CODES if judge(code).plan.inexpressible}
    assert {code: [(one.where, one.construct) for one in found] for code, found in lost.items()} == {
        "F01-04": [("public_flags", "type object")]
    }


def test_every_format_is_known_to_the_engine() -> None:
    from conformance.oracles.formats import CHECKERS

    assert formats._KERNELS.keys() <= CHECKERS.keys()

"""The figures of the page: coverage, shares of evidence, differences, time, priorities, likely causes."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from conformance.loader import load_standard
from conformance.messages import load_messages
from conformance.model.judgement import Case, Fault, Finding, Result, Verdict
from conformance.model.run import RequirementVerdict, Run
from conformance.model.text import Message
from conformance.model.wire import Exchange, Reply, Request
from conformance.results import ResultDocument, differences, failure_patterns, result_document
from conformance.results.coverage import CoverageCell, item_coverage
from conformance.results.evidence_budget import Share, shares
from conformance.results.priorities import first_to_fix
from conformance.results.timeline import WIDTH, timeline
from conformance.results.view import fragments, segments
from tests.conformance.results import sample

EMPTY = {"text": "", "bytes": 0, "truncated": False}


def case(id_: str, verdict: str = "failed", steps: int = 0, size: int = 100, decisive: int = 1) -> Any:
    text = {"text": "x" * size, "bytes": size, "truncated": False}
    exchanges = [
        {"step": n, "request": {"body": EMPTY}, "reply": {"body": text}} for n in range(1, steps + 1)
    ]
    finding = {"step": decisive, "expected": None, "actual": None}
    values = {"id": id_, "verdict": verdict, "findings": [finding], "exchanges": exchanges, "received": []}
    return json.loads(json.dumps(values), object_hook=lambda members: SimpleNamespace(**members))


def test_each_requirement_gets_a_share_before_any_gets_a_second() -> None:
    found = shares([[case("A1", steps=3), case("A2", steps=3)], [case("B1", steps=3)]], budget=6_700)
    assert found["A1"].steps == found["B1"].steps == {1, 2, 3}
    assert found["A2"] == Share()


def test_the_decisive_step_is_shown_first_then_the_latest() -> None:
    found = shares([[case("A", steps=9, decisive=2)]], budget=720 + 3 * 860)
    assert found["A"].steps == {2, 8, 9}


def test_a_page_stays_small_whatever_fails() -> None:
    failures = [[case(f"{r}-{n}", steps=20, size=50_000) for n in range(40)] for r in range(50)]
    step_shares = shares(failures)
    assert len(step_shares) == 2000
    step_count = sum(len(share.steps) for share in step_shares.values())
    assert 200 < step_count < 500


def test_structures_are_compared_line_by_line() -> None:
    rows = differences.lines({"a": 1, "b": [1, 2], "c": 3}, {"a": 1, "b": [1, 4], "c": 3})
    assert ("-", "    2") in rows
    assert ("+", "    4") in rows
    assert (" ", '  "a": 1,') in rows
    assert {"-", "+"} <= {mark for mark, _ in rows}


def test_a_long_unchanged_stretch_is_left_out() -> None:
    long = {f"k{n:03}": n for n in range(200)}
    rows = differences.lines(long, long | {"k150": "other"})
    assert rows[0] == ("…", "")
    assert len(rows) < 12


def test_single_values_are_no_lines() -> None:
    assert differences.lines(200, 404) == []
    assert differences.lines("masked", {"a": 1}) == []


def test_short_texts_show_the_letters_that_differ() -> None:
    left, right = differences.pieces("138****5678", "138*****678")
    assert "".join(text for _, text in left) == "138****5678"
    assert any(differs for differs, _ in left)
    assert any(differs for differs, _ in right)
    assert differences.pieces("token", "withheld") == ([(False, "token")], [(False, "withheld")])


def document(*results: Result) -> ResultDocument:
    standard = load_standard()
    ids = dict.fromkeys(result.case.requirement for result in results)
    rolled = tuple(
        RequirementVerdict(
            id_,
            min((r.verdict for r in results if r.case.requirement == id_), key=list(Verdict).index),
            tuple(r.case.id for r in results if r.case.requirement == id_),
        )
        for id_ in ids
    )
    return result_document(Run(sample.info(), results, rolled, 1), standard)


def test_items_are_covered_by_the_checks_that_name_them() -> None:
    standard = load_standard()
    first, second = (item.code for item in standard.checklist.items[:2])
    check = "valid_records_are_accepted"
    coverage = item_coverage(
        document(
            Result(Case("COL-001", check, first), Verdict.PASSED),
            Result(Case("COL-002", "x", f"{first},empty"), Verdict.PASSED),
            Result(Case("COL-002", "x", f"{first},bad_format"), Verdict.FAILED),
            Result(Case("COL-001", "other", "no-item"), Verdict.PASSED),
        )
    )
    assert [column.requirement for column in coverage.columns] == ["COL-001", "COL-002"]
    assert coverage.columns[0].purpose
    assert coverage.columns[0].purpose.en
    rows = {row.item.code: row for row in coverage.rows}
    assert len(rows) == coverage.total == len(standard.checklist.items)
    assert rows[first].cells[1] == CoverageCell(
        verdict=Verdict.FAILED, total=2, bad=1, case=f"COL-002/x[{first},bad_format]"
    )
    assert rows[second].verdict is None
    assert (coverage.tested, coverage.faulty) == (1, (first,))


def test_the_drawing_keeps_bars_inside_and_lanes_apart() -> None:
    drawing = timeline(
        document(
            Result(Case("AUT-001", "a"), Verdict.PASSED, duration=1.0, started=0.0, lane=1),
            Result(Case("AUT-001", "b"), Verdict.FAILED, duration=2.0, started=1.0, lane=2),
            Result(Case("AUT-002", "c"), Verdict.PASSED, duration=1.0, started=3.0, lane=0),
            Result(Case("SEC-008", "manual"), Verdict.MANUAL),
        )
    )
    assert [lane.number for lane in drawing.lanes] == [1, 2, 0]
    assert drawing.seconds == 4.0
    bars = [bar for lane in drawing.lanes for bar in lane.bars]
    assert [bar.x for bar in bars] == [0.0, 250.0, 750.0]
    assert all(bar.x + bar.width <= WIDTH for bar in bars)
    assert [bar.bad for bar in bars] == [False, True, False]
    assert drawing.parts[0].seconds == 4.0
    assert drawing.slowest[0].id == "AUT-001/b"


def test_a_run_that_executed_nothing_has_no_drawing() -> None:
    found = timeline(document(Result(Case("SEC-008", "manual"), Verdict.MANUAL)))
    assert found.lanes == ()


def test_operations_add_up() -> None:
    def exchange(seconds: float) -> Exchange:
        return Exchange(1, Request("getHealth"), "GET", "/v1/health", Reply(200, (), b"", seconds, 1))

    steps = tuple(exchange(n / 100) for n in range(1, 101))
    (row,) = document(Result(Case("DOC-002", "a"), Verdict.PASSED, exchanges=steps)).operations
    assert row.count == 100
    assert row.seconds == pytest.approx(50.5)
    assert (row.median_seconds, row.p95_seconds, row.slowest_seconds) == (0.51, 0.96, 1.0)


def test_the_worst_is_to_be_mended_first() -> None:
    assert first_to_fix(sample.run(), sample.standard()) == ["AUT-002", "SEC-001", "QRY-002"]


def test_among_equals_what_most_cases_show_comes_first() -> None:
    entries = [
        RequirementVerdict(id_, Verdict.FAILED, (f"{id_}/a", f"{id_}/b")) for id_ in ("AUT-001", "AUT-002")
    ]
    results = tuple(
        Result(Case(id_, check), verdict)
        for id_, check, verdict in (
            ("AUT-001", "a", Verdict.FAILED),
            ("AUT-001", "b", Verdict.PASSED),
            ("AUT-002", "a", Verdict.FAILED),
            ("AUT-002", "b", Verdict.FAILED),
        )
    )
    run = Run(sample.info(), results, tuple(entries), 1)
    assert first_to_fix(run, sample.standard()) == ["AUT-002", "AUT-001"]


def judged(expected: Any, actual: Any, key: str = "expect.status", where: str = "reply.status") -> Result:
    finding = Finding(Message(key), 1, where, expected, actual)
    return Result(Case("AUT-002", "a"), Verdict.FAILED, (finding,))


@pytest.mark.parametrize(
    ("result", "cause"),
    [
        (judged(200, 503), "crash"),
        (judged(201, 401), "unauthenticated"),
        (judged(200, 403), "forbidden"),
        (judged(200, 404), "not_there"),
        (judged([401, 403], 200), "carried_out"),
        (judged(202, 422), "refused_input"),
        (judged("masked", "raw", "expect.equal", "reply.body/fields/phone/form"), "shows_more"),
        (judged("token", "withheld", "expect.equal", "reply.body/fields/id/form"), "shows_less"),
        (judged("ok", "not_authorized", "expect.equal", "reply.body/results/0/status"), "not_authorized"),
        (judged("not_authorized", "ok", "expect.equal", "reply.body/results/0/status"), "served_anyway"),
        (judged("x", "y", "expect.equal", "reply.body/name"), None),
    ],
)
def test_a_failure_of_a_known_shape_has_its_usual_cause(result: Result, cause: str | None) -> None:
    found = failure_patterns.cause(result)
    assert (found.key if found else None) == (f"report.cause_{cause}" if cause else None)
    assert found is None or found.key in load_messages()


def test_nobody_is_told_a_cause_for_what_is_not_the_platforms_fault() -> None:
    finding = Finding(Message("expect.status"), 1, "reply.status", 200, 503, Fault.CONFIGURATION)
    assert failure_patterns.cause(Result(Case("AUT-002", "a"), Verdict.FAILED, (finding,))) is None
    assert failure_patterns.cause(Result(Case("AUT-002", "a"), Verdict.INCONCLUSIVE, (finding,))) is None


def test_a_failure_of_some_parameters_is_told_from_one_of_all() -> None:
    def results(*verdicts: Verdict) -> list[Result]:
        return [Result(Case("COL-001", "a", f"F01-{n:02}"), v) for n, v in enumerate(verdicts)]

    pattern = failure_patterns.pattern(results(Verdict.FAILED, Verdict.PASSED, Verdict.PASSED))
    every = failure_patterns.pattern(results(Verdict.FAILED, Verdict.FAILED))
    assert pattern
    assert (pattern.key, pattern.args["bad"], pattern.args["names"]) == ("report.pattern_some", 1, "F01-00")
    assert every
    assert every.key == "report.pattern_all"
    assert failure_patterns.pattern(results(Verdict.PASSED, Verdict.PASSED)) is None
    assert failure_patterns.pattern(results(Verdict.FAILED)) is None


def test_every_case_has_a_fragment_of_its_own() -> None:
    found = fragments(("A-1/x[a b]", "A-1/x[a,b]", 'A-1/x["><script>]', "A-1/y[中文]"))
    assert len(set(found.values())) == 4
    assert all(value.isascii() and not set(value) & set(" \"<>[],'") for value in found.values())


def test_a_bar_is_cut_in_proportion() -> None:
    first, second = segments({"passed": 3, "failed": 1})
    assert (first.x, second.x) == (0, 750.0)
    assert second.x + second.width <= 1000

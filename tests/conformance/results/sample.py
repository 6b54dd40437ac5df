"""A small standard and a small run, made by hand, that hold every verdict and a hostile platform."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from conformance.loader import load_standard
from conformance.model.judgement import Case, Fault, Finding, Result, Verdict
from conformance.model.run import RequirementVerdict, Run, RunInfo
from conformance.model.standard import Clause, Level, Parameter, Requirement, Standard, Verification
from conformance.model.text import Message, Text
from conformance.model.wire import ClientToken, Exchange, Incoming, LiteralToken, Reply, Request, StagedAnswer

HOSTILE = (
    "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\x00\x1b[31m\u202e\ud800]]>&{{7*7}}"
)
TODAY = date(2026, 11, 20)


def text(value: str) -> Text:
    return Text(f"{value}（中文）", f"{value} in English")


def requirement(
    id_: str, part: str, level: Level = Level.SHALL, clauses: tuple[str, ...] = ("5.11-b",)
) -> Requirement:
    tested = part != "docking"
    return Requirement(
        id=id_,
        part=part,
        level=level,
        actor="platform",
        sentence=text(f"Sentence of {id_}"),
        clauses=clauses,
        profiles=("baseline",),
        capability=None,
        applies_when=None,
        parameters={"seconds": Parameter("seconds", 5, "s", text("Soon enough"))},
        effective_from=date(2026, 1, 1),
        effective_until=None,
        verification=Verification.TEST if tested else Verification.DECLARATION,
        reason=None if tested else text("Only the list-keeper sees both"),
        remediation=text("Mend it"),
        note=None,
    )


def clause(id_: str, *, reason: bool = False) -> Clause:
    why = text("Outside a platform's control") if reason else None
    return Clause(id_, "must", "T", text(f"Clause {id_}"), text("Duty"), why)


REQUIREMENTS = (
    requirement("DOC-008", "docking"),
    requirement("AUT-001", "authorization"),
    requirement("AUT-002", "authorization"),
    requirement("QRY-001", "query", Level.SHOULD, ("4.6-a",)),
    requirement("QRY-002", "query", Level.SHALL, ("4.6-a", "5.11-e")),
    requirement("SEC-001", "security", Level.SHALL, ("5.11-c",)),
    requirement("SEC-007", "security", Level.SHALL, ("5.11-c",)),
    requirement("SEC-008", "security", Level.SHALL, ("5.11-c",)),
    requirement("SEC-009", "security", Level.SHALL, ("3.4-a",)),
)
VERDICTS = (
    Verdict.MANUAL,
    Verdict.PASSED,
    Verdict.FAILED,
    Verdict.WARNED,
    Verdict.INCONCLUSIVE,
    Verdict.ERRORED,
    Verdict.NOT_APPLICABLE,
    Verdict.NOT_VERIFIED,
    Verdict.NOT_EFFECTIVE,
)


def standard() -> Standard:
    ids = ("3.4-a", "4.6-a", "5.11-b", "5.11-c", "5.11-e")
    clauses = {id_: clause(id_) for id_ in ids} | {
        "5.12": clause("5.12", reason=True),
        "2.1-a": clause("2.1-a"),
    }
    real = load_standard()
    status = Text("清单为重建稿", "The checklist is a reconstruction")
    return replace(
        real,
        clauses=clauses,
        requirements={entry.id: entry for entry in REQUIREMENTS},
        checklist=replace(real.checklist, status=status),
    )


def _exchange(step: int, body: bytes) -> Exchange:
    request = Request(
        "createQuery",
        headers={"x-request-id": "1"},
        body={"subject": HOSTILE},
        credential=ClientToken("bank", "i-1"),
    )
    reply = Reply(200, (("content-type", "application/json"), ("x-evil", HOSTILE)), body, 0.02, step)
    return Exchange(step, request, "POST", "/v1/queries", reply)


def _finding(verdict: Verdict) -> tuple[Finding, ...]:
    if verdict in {Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.NOT_EFFECTIVE, Verdict.MANUAL}:
        return ()
    message = Message("expect.nothing_of_the_kind", {"seen": HOSTILE})
    return (
        Finding(message, 1, "reply.body/results/0", {"status": "not_authorized"}, HOSTILE, Fault.PLATFORM),
    )


def result(entry: Requirement, verdict: Verdict) -> Result:
    case = Case(entry.id, "fact_holds", "F01-01" if entry.id == "AUT-002" else "")
    body = ('{"a": "' + "x" * 20 + '</pre><b>"}').encode() + b"\xff"
    literal = Exchange(
        2,
        Request("getHealth", credential=LiteralToken("s3cret-token")),
        "GET",
        "/v1/health",
        Reply(200, (), b"", 0.1, 2),
    )
    steps = (_exchange(1, body), literal)
    return Result(case, verdict, _finding(verdict), steps, 0.25, received=(_incoming(),))


def _incoming() -> Incoming:
    headers = (("content-type", "application/json"), ("x-evil", HOSTILE))
    return Incoming(
        "", "POST", "/provider", headers, HOSTILE.encode("utf-8", "replace"), ("stale",), StagedAnswer()
    )


def info(**changes: Any) -> RunInfo:
    started = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    platform = {"name": {"zh": HOSTILE, "en": HOSTILE}, "operator": {"name": HOSTILE, "uscc": "x"}}
    values: dict[str, Any] = {
        "suite_version": "0.1.0",
        "standard_version": "0.1",
        "standard_digest": "ab" * 32,
        "profile": "baseline",
        "base_url": "http://127.0.0.1:8000",
        "platform": platform,
        "seed": 7,
        "nonce": "abcdef012345",
        "as_of": TODAY,
        "jobs": 4,
        "started_at": started,
        "finished_at": started + timedelta(seconds=3),
        "complete": True,
    }
    return RunInfo(**(values | changes))


def run(exit_code: int = 1, **changes: Any) -> Run:
    pairs = tuple(zip(REQUIREMENTS, VERDICTS, strict=True))
    results = tuple(result(entry, verdict) for entry, verdict in pairs)
    reason = Message("verdict.not_applicable", {"expression": "target.environment == 'production'"})
    rolled = tuple(
        RequirementVerdict(
            entry.id, verdict, (case.case.id,), reason if verdict is Verdict.NOT_APPLICABLE else None
        )
        for (entry, verdict), case in zip(pairs, results, strict=True)
    )
    return Run(info(**changes), results, rolled, exit_code)


ROOT = Path(__file__).parents[3]

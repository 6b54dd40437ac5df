"""The result document of a checked delivery, in both languages (schema `meta/delivery_result`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from conformance.bulk.check.asked import Rule, rule, rules, title
from conformance.bulk.check.delivery import Checked
from conformance.bulk.check.examiner import RECORDS, Examiner
from conformance.bulk.check.tally import Tally, dimension
from conformance.messages import Messages, load_messages
from conformance.model.text import Message
from conformance.reports.texts import both, message

FORMAT = "fcsp-delivery/1"
DIMENSIONS = ("readability", "completeness", "conformity", "consistency", "uniqueness")
NOT_VERIFIED = 3


@dataclass(frozen=True, slots=True)
class About:
    """What a check was."""

    suite_version: str
    engine: str
    finished: datetime


def delivery_document(
    checked: Checked, examiner: Examiner, about: About, registry: Messages | None = None
) -> dict[str, Any]:
    """Everything a report shows."""
    messages = registry or load_messages()
    standard = examiner.standard
    rows, bad = (sum(getattr(t, name) for t in checked.tallies.values()) for name in ("rows", "bad"))
    kind = conclusion(checked, rows, bad)
    return {
        "format": FORMAT,
        "run": {
            "suite_version": about.suite_version,
            "standard_version": standard.version,
            "standard_digest": standard.digest,
            "engine": about.engine,
            "as_of": standard.as_of.isoformat(),
            "division": standard.division,
            "started_at": checked.started.isoformat(timespec="seconds"),
            "finished_at": about.finished.isoformat(timespec="seconds"),
            "duration_seconds": (about.finished - checked.started).total_seconds(),
        },
        "checklist": {"version": standard.checklist.version, "status": both(standard.checklist.status)},
        "conclusion": {
            "kind": kind,
            "text": message(messages, Message(f"bulk.conclusion_{kind}", {"rows": rows, "bad": bad}))["text"],
        },
        "exit_code": {"conforms": 0, "does_not_conform": 1}.get(kind, NOT_VERIFIED),
        "complete": checked.complete,
        "counts": {"rows": rows, "bad": bad},
        "files": list(_files(checked)),
        "problems": [
            {"place": p.place, "what": message(messages, p.message)["text"]} for p in checked.problems
        ],
        "items": [_item(code, tally, examiner, messages) for code, tally in sorted(checked.tallies.items())],
    }


def conclusion(checked: Checked, rows: int, bad: int) -> str:
    """What a check comes to. Nothing looked at, or not all of it, is never conformity."""
    if bad:
        return "does_not_conform"
    return "conforms" if checked.complete and rows and not checked.problems else "not_fully_verified"


def _files(checked: Checked) -> Iterator[dict[str, Any]]:
    for file in checked.delivery.files:
        parts = [t.files[file.number] for t in checked.tallies.values() if file.number in t.files]
        yield {
            "name": file.shown,
            "format": file.format.value,
            "compression": file.compression.value,
            "bytes": file.size,
            "item": checked.kinds.get(file.number),
            "records": checked.kinds.get(file.number) == RECORDS,
            "rows": sum(part.rows for part in parts),
            "bad": sum(part.bad for part in parts),
        }


def _item(code: str, tally: Tally, examiner: Examiner, messages: Messages) -> dict[str, Any]:
    item = tally.item
    broken = [rule(item, id_, tally.members[id_]) for id_ in tally.rules]
    known = {r.id: r for r in (*(rules(item) if item else ()), *broken)}
    judge = examiner.judges.get(code)
    return {
        "code": code,
        "title": both(item.title) if item else None,
        "rows": tally.rows,
        "bad": tally.bad,
        "rules": [_rule(r, tally, messages) for r in known.values()],
        "indicators": [*_indicators(tally, messages)],
        "timeliness": dict(tally.timeliness),
        "latest_as_of": tally.latest,
        "fresh": _fresh(tally, examiner),
        "row_by_row": [
            message(
                messages,
                Message("bulk.inexpressible", {"where": lost.where or code, "construct": lost.construct}),
            )["text"]
            for lost in (judge.plan.inexpressible if judge else ())
        ],
    }


def _fresh(tally: Tally, examiner: Examiner) -> bool | None:
    """Whether the latest row is as young as the item's update frequency asks; None where nothing tells."""
    checklist = examiner.standard.checklist
    days = checklist.fresh_days.get(tally.item.update_frequency) if tally.item else None
    if days is None or tally.latest is None:
        return None
    return (examiner.standard.as_of - date.fromisoformat(tally.latest[:10])).days <= days


def _rule(asked: Rule, tally: Tally, messages: Messages) -> dict[str, Any]:
    named = title(tally.item, asked.member)
    rows = tally.rules.get(asked.id, 0)
    return {
        "id": asked.id,
        "member": asked.member or None,
        "title": both(named) if named else None,
        "text": message(messages, asked.says)["text"],
        "dimension": dimension(asked.reason),
        "verdict": _verdict(asked, rows),
        "rows": rows,
        "samples": [
            {"file": s.source, "line": s.line, "value": s.value} for s in tally.samples.get(asked.id, ())
        ],
    }


def _verdict(asked: Rule, rows: int) -> str:
    """A row may name what came in an earlier delivery, so that alone is no fault."""
    if not rows:
        return "passed"
    return "warned" if asked.id.endswith("/reference") else "failed"


def _indicators(tally: Tally, messages: Messages) -> Iterator[dict[str, Any]]:
    """Shares of good rows with the counts from which they are computed (GB/T 36344)."""
    for name in DIMENSIONS:
        of = tally.rows - (0 if name == "readability" else tally.kinds["readability"])
        yield _indicator(name, of - tally.kinds[name], of, messages)
    told = tally.timeliness["on_time"] + tally.timeliness["late"]
    if told:
        yield _indicator("timeliness", tally.timeliness["on_time"], told, messages)


def _indicator(name: str, good: int, of: int, messages: Messages) -> dict[str, Any]:
    named = message(messages, Message(f"bulk.dimension_{name}"))["text"]
    return {"id": name, "title": named, "good": good, "of": of}

"""The result document of a checked delivery, in both languages (schema `meta/delivery_result`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from conformance.data.check.delivery import Checked
from conformance.data.check.file import RECORDS, Examiner
from conformance.data.report.conclusion import conclusion, reasoned, states
from conformance.data.report.items import item_document
from conformance.messages import Messages, load_messages
from conformance.results.texts import both, message

FORMAT = "fcsp-delivery/1"
NOT_VERIFIED = 3


@dataclass(frozen=True, slots=True)
class About:
    """What a check was."""

    suite_version: str
    engine: Literal["local", "spark"]
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
            "duration_seconds": round(max((about.finished - checked.started).total_seconds(), 0.0), 3),
        },
        "checklist": {"version": standard.checklist.version, "status": both(standard.checklist.status)},
        "conclusion": {
            "kind": kind,
            "text": message(messages, reasoned(checked, rows, bad))["text"],
        },
        "exit_code": {"conforms": 0, "does_not_conform": 1}.get(kind, NOT_VERIFIED),
        "complete": checked.complete,
        "counts": {"rows": rows, "bad": bad},
        "files": list(_files(checked)),
        "skipped": list(checked.delivery.skipped),
        "problems": [
            {"file": p.file, "line": p.line, "place": p.place, "what": message(messages, p.message)["text"]}
            for p in checked.problems
        ],
        "items": [
            item_document(code, tally, examiner, messages, complete=checked.complete)
            for code, tally in sorted(checked.tallies.items())
        ],
    }


def _files(checked: Checked) -> Iterator[dict[str, Any]]:
    found = states(checked)
    for file in checked.delivery.files:
        parts = [t.files[file.number] for t in checked.tallies.values() if file.number in t.files]
        yield {
            "name": file.display_path,
            "format": file.format.value,
            "compression": file.compression.value,
            "bytes": file.size,
            "item": checked.kinds.get(file.number),
            "records": checked.kinds.get(file.number) == RECORDS,
            "state": found[file.number],
            "rows": sum(part.rows for part in parts),
            "bad": sum(part.bad for part in parts),
        }

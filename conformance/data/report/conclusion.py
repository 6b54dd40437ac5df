"""Conclusion of a check. An empty or incomplete check never concludes conformity."""

from conformance.data.check.delivery import Checked
from conformance.data.files import File
from conformance.data.report.document import DeliveryConclusionKind, FileState
from conformance.model.text import Message


def conclusion(checked: Checked, rows: int, bad: int) -> DeliveryConclusionKind:
    """Kind of conclusion: conformity requires at least one row, no bad row, and a complete check."""
    if bad:
        return "does_not_conform"
    return "conforms" if checked.complete and rows and not checked.problems else "not_fully_verified"


def conclusion_text(checked: Checked, rows: int, bad: int) -> Message:
    """The conclusion in words, with reasons why the check is incomplete."""
    outcome = "bad" if bad else "good" if rows else "nothing"
    args = {"rows": rows, "bad": bad, "problems": len(checked.problems)}
    texts = {
        "found": Message(f"delivery.found_{outcome}", args),
        "seen": Message(_coverage_key(checked), args),
    }
    return Message("delivery.conclusion", texts)


def _coverage_key(checked: Checked) -> str:
    if not checked.complete:
        return "delivery.seen_begun"
    if not checked.delivery.files and not checked.problems:
        return "delivery.no_files"
    return "delivery.seen_stopped" if checked.problems else "delivery.seen_read"


def states(checked: Checked) -> dict[int, FileState]:
    """Reading state of each file, by file number."""
    stopped = {problem.file for problem in checked.problems}
    # In an interrupted check, the last file begun may have unread rows.
    last = None if checked.complete else next(reversed(checked.kinds), None)

    def state(file: File) -> FileState:
        if file.display_path in stopped:
            return "stopped"
        if file.number not in checked.kinds:
            return "not_reached"
        return "begun" if file.number == last else "read"

    return {file.number: state(file) for file in checked.delivery.files}

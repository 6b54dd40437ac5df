"""What a check of a delivery comes to. Nothing looked at, or not all of it, is never conformity."""

from conformance.data.check.delivery import Checked
from conformance.data.files import File
from conformance.data.report.document import DeliveryConclusionKind, FileState
from conformance.model.text import Message


def conclusion(checked: Checked, rows: int, bad: int) -> DeliveryConclusionKind:
    """Conformity needs at least one row, none of them bad, and everything read."""
    if bad:
        return "does_not_conform"
    return "conforms" if checked.complete and rows and not checked.problems else "not_fully_verified"


def reasoned(checked: Checked, rows: int, bad: int) -> Message:
    """The conclusion in words, with what kept the check from seeing everything."""
    outcome = "bad" if bad else "good" if rows else "nothing"
    args = {"rows": rows, "bad": bad, "problems": len(checked.problems)}
    texts = {"found": Message(f"delivery.found_{outcome}", args), "seen": Message(_seen(checked), args)}
    return Message("delivery.conclusion", texts)


def _seen(checked: Checked) -> str:
    if not checked.complete:
        return "delivery.seen_begun"
    if not checked.delivery.files and not checked.problems:
        return "delivery.no_files"
    return "delivery.seen_stopped" if checked.problems else "delivery.seen_read"


def states(checked: Checked) -> dict[int, FileState]:
    """How far each file was read, by its number."""
    stopped = {problem.file for problem in checked.problems}
    # Of an interrupted check, the file that was begun last may have more rows.
    last = None if checked.complete else next(reversed(checked.kinds), None)

    def state(file: File) -> FileState:
        if file.display_path in stopped:
            return "stopped"
        if file.number not in checked.kinds:
            return "not_reached"
        return "begun" if file.number == last else "read"

    return {file.number: state(file) for file in checked.delivery.files}

"""Small deliveries, made by hand: good, bad and hostile ones, and checks that did not see everything."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from conformance.data.check.delivery import Checked
from conformance.data.check.file import Examiner, Options
from conformance.data.check.tally import FileTally, Sample, Tally
from conformance.data.files import Compression, Delivery, File, FileFormat
from conformance.data.report import About, DeliveryDocument, delivery_document
from conformance.data.rows import row_item
from conformance.loader import Problem, load_standard
from conformance.model.text import Message
from tests.conformance.results.sample import HOSTILE

BEGUN = datetime(2026, 11, 23, 9, tzinfo=UTC)
ABOUT = About("0.1.0", "local", BEGUN + timedelta(seconds=83.25))
PENALTY, LICENCE = "F09-02", "F09-01"


@cache
def examiner() -> Examiner:
    return Examiner(load_standard(), Options())


def document(checked: Checked) -> DeliveryDocument:
    return delivery_document(checked, examiner(), ABOUT)


def file(number: int, name: str, format_: FileFormat = FileFormat.NDJSON) -> File:
    return File(number, Path(name), name, format_, Compression.NONE, 1000 * (number + 1))


def tally(code: str = PENALTY, *, rows: int = 1_000_000, bad: int = 0, source: int = 0) -> Tally:
    checklist = examiner().standard.checklist
    item = row_item(checklist.item(code), checklist) if code else None
    return Tally(item, 3, files={source: FileTally(rows, bad)})


def breach(
    item_tally: Tally, rule: str, rows: int, *samples: tuple[int, str | None], kind: str = "conformity"
) -> None:
    member = rule.partition("/")[0] if "/" in rule and not rule.startswith(("line/", "row/")) else ""
    source = next(iter(item_tally.files))
    item_tally.rules[rule] += rows
    item_tally.members[rule] = member
    item_tally.samples[rule] += [Sample(source, line, member, value) for line, value in samples]
    item_tally.kinds[kind] += rows


def clean() -> Checked:
    """One file without a fault."""
    check = Checked(Delivery((file(0, "deliveries/F09-02.ndjson"),)), BEGUN, complete=True)
    check.tallies[PENALTY] = tally()
    check.kinds[0] = PENALTY
    return check


def faulty() -> Checked:
    """Two files with faults of several kinds, one that holds lines of no item."""
    files = (file(0, "d/F09-01.csv", FileFormat.CSV), file(1, "d/F09-02.ndjson"), file(2, "d/records.ndjson"))
    check = Checked(Delivery(files, skipped=("d/README.md",)), BEGUN, complete=True)
    check.kinds |= {0: LICENCE, 1: PENALTY, 2: "records"}
    check.tallies[LICENCE] = tally(LICENCE, rows=20_000)
    penalty = check.tallies[PENALTY] = tally(rows=1_000_000, bad=9_871, source=1)
    breach(penalty, "fine_amount/required", 9, (77, None), kind="completeness")
    breach(penalty, "decision_date/format", 3_211, (17, "'2021-2-3'"), (18, "'9999-9-9'"), (40, None))
    breach(penalty, "unique", 6_600, (1001, None), (1003, None), kind="uniqueness")
    breach(penalty, f"{PENALTY}.severity_since_2026_04", 51, (400, None), kind="consistency")
    breach(penalty, "line/no_json", 30, (5, None), kind="readability")
    penalty.timeliness = Counter(on_time=900_000, late=90_000, unknown=10_000)
    penalty.latest = "2026-11-20T08:00:00+08:00"
    nobody = check.tallies[""] = tally("", rows=3, bad=3, source=2)
    breach(nobody, "line/truncated", 3, (9, None), kind="readability")
    return check


def hostile() -> Checked:
    """Names and values that want to be markup, formulas, escape sequences and lines of their own."""
    names = (f"=cmd|' /C calc'!A0\n✓ Conforms\t{HOSTILE}.csv", "@SUM(1)\r\n.csv", "\udc80.csv")
    files = tuple(file(number, name, FileFormat.CSV) for number, name in enumerate(names))
    check = Checked(Delivery(files, skipped=(HOSTILE,)), BEGUN, complete=True)
    check.kinds |= {0: PENALTY, 1: HOSTILE}
    first = check.tallies[PENALTY] = tally(rows=10, bad=5)
    values = (HOSTILE, "=1+1", "a\nb\tc")
    breach(first, "decision_date/format", 3, *enumerate(values, 1))
    breach(first, f"{HOSTILE}/enum", 2, (4, "-2+3"))
    check.problems += [Problem(HOSTILE, "", "", Message("bulk.no_item"), 7), problem("\udc80.csv")]
    return check


def problem(name: str = "d/F09-02.ndjson", line: int | None = None) -> Problem:
    return Problem(name, "", "", Message("bulk.unknown_item", {"code": HOSTILE, "known": ()}), line)


def unread() -> Checked:
    """Nothing but problems: a file that cannot be read, a name without a file."""
    delivery = Delivery((file(0, "d/F09-02.ndjson"),))
    return Checked(delivery, BEGUN, problems=[problem(line=3), problem("no/such/file")], complete=True)


def stopped() -> Checked:
    """A file that could not be read to its end; its rows until there are good."""
    found = clean()
    found.problems.append(problem("deliveries/F09-02.ndjson", 1_000_001))
    return found


def interrupted() -> Checked:
    """Ctrl-C within the second of three files."""
    files = tuple(file(number, f"d/{number}-F09-02.ndjson") for number in range(3))
    check = Checked(Delivery(files), BEGUN)
    check.tallies[PENALTY] = tally(rows=500)
    check.tallies[PENALTY].files[1] = FileTally(20)
    check.kinds |= {0: PENALTY, 1: PENALTY}
    return check


def empty() -> Checked:
    return Checked(Delivery(()), BEGUN, complete=True)


def huge() -> Checked:
    """Thousands of broken rules in thousands of files."""
    files = tuple(file(number, f"d/{number:05}.ndjson") for number in range(3_000))
    check = Checked(Delivery(files), BEGUN, complete=True)
    for item in examiner().standard.checklist.items[:15]:
        item_tally = check.tallies[item.code] = tally(item.code, rows=100_000, bad=1_000)
        for number in range(100):
            breach(item_tally, f"member_{number}/format", number + 1, *((n, "'x'") for n in range(1, 4)))
    check.kinds |= dict.fromkeys(range(3_000), PENALTY)
    return check


ALL = {
    "clean": clean,
    "faulty": faulty,
    "hostile": hostile,
    "unread": unread,
    "stopped": stopped,
    "interrupted": interrupted,
    "empty": empty,
    "huge": huge,
}


@cache
def document_of(name: str) -> DeliveryDocument:
    return document(ALL[name]())

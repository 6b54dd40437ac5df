"""Order of every rendering of a delivery: the worst rules and the files with faults first."""

from collections.abc import Iterator

from conformance.data.report.document import DeliveryDocument, FileEntry, ItemEntry, RuleEntry
from conformance.messages.visible import one_line
from conformance.model.judgement import Verdict
from conformance.model.text import Lang
from conformance.results.texts import Words
from conformance.verdict import SEVERITY

LOUD = frozenset({Verdict.FAILED, Verdict.WARNED})
_RANKS = {"stopped": 0, "begun": 1, "not_reached": 2}


def loud(item: ItemEntry) -> list[RuleEntry]:
    """The broken rules of an item: failures before warnings, then by descending number of rows."""
    broken = [rule for rule in item.rules if rule.verdict in LOUD]
    return sorted(broken, key=lambda rule: (rule.verdict is not Verdict.FAILED, -rule.rows))


def quiet(item: ItemEntry) -> list[RuleEntry]:
    """The other rules, in the order of the item."""
    return [rule for rule in item.rules if rule.verdict not in LOUD]


def worst(item: ItemEntry) -> Verdict:
    """The worst verdict of the rules of an item; without rules nothing is verified."""
    verdicts = {rule.verdict for rule in item.rules}
    return next((verdict for verdict in SEVERITY if verdict in verdicts), Verdict.NOT_VERIFIED)


def files(document: DeliveryDocument) -> list[FileEntry]:
    """Files not read to their end, then by descending number of bad rows, then in reading order."""
    return sorted(document.files, key=lambda file: (_RANKS.get(file.state, 9), -file.bad))


def name(document: DeliveryDocument, number: int) -> str:
    """Name of the file at a position, from 0."""
    files_read = document.files
    return one_line(files_read[number].name) if number < len(files_read) else f"#{number}"


def places(document: DeliveryDocument, rule: RuleEntry, most: int) -> Iterator[str]:
    """Yield the first `most` places of a rule as `file:line value`."""
    for sample in rule.samples[:most]:
        value = "" if sample.value is None else " " + one_line(sample.value)
        yield f"{name(document, sample.file)}:{sample.line}{value}"


def item_name(code: str | None, tell: Words) -> str:
    """Display name of an item known by its code only."""
    if code is None:
        return "–"
    return one_line(code) if code not in ("", "records") else tell("of_records" if code else "of_no_item")


def heading(item: ItemEntry, lang: Lang, tell: Words) -> str:
    """Code and title of an item."""
    if not item.code:
        return tell("of_no_item")
    return one_line(" ".join((item.code, item.title.in_(lang) if item.title else "")).strip())


def scope(document: DeliveryDocument) -> str:
    """Extent of the check, in terms of file states: `read`, `stopped` or `begun`."""
    if not document.complete:
        return "begun"
    return "stopped" if document.problems else "read"


def rows(number: int, tell: Words) -> str:
    """A number of rows in words."""
    return tell("rows", count=number)

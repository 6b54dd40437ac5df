"""Item entries of the result document: rules with their counts and first places, and indicators."""

from collections.abc import Iterator
from datetime import date
from typing import cast

from conformance.data.check.file import Examiner
from conformance.data.check.rule_catalogue import Rule, member_title, rule, rules
from conformance.data.check.tally import Tally, dimension
from conformance.data.report.document import (
    Dimension,
    IndicatorEntry,
    ItemEntry,
    RuleEntry,
    RuleVerdict,
    SampleEntry,
    Timeliness,
)
from conformance.data.rows import UNIQUE
from conformance.messages import Messages
from conformance.model.judgement import Verdict
from conformance.model.text import Message
from conformance.results.texts import rendered

DIMENSIONS: tuple[Dimension, ...] = ("readability", "completeness", "conformity", "consistency", "uniqueness")
READABILITY, UNIQUENESS, REFERENCE = "readability", "uniqueness", "/reference"


def item_entry(
    code: str, tally: Tally, examiner: Examiner, messages: Messages, *, complete: bool
) -> ItemEntry:
    """Entry of one item with all rules applied to its rows. `complete`: the check read everything."""
    item = tally.item
    broken = [rule(item, id_, tally.members[id_]) for id_ in tally.rules]
    rules_by_id = {r.id: r for r in (*(rules(item) if item else ()), *broken)}
    judge = examiner.judges.get(code)
    return ItemEntry(
        code=code,
        title=item.title if item else None,
        rows=tally.rows,
        bad=tally.bad,
        rules=[_rule(r, tally, messages, complete=complete) for r in rules_by_id.values()],
        indicators=[*_indicators(tally, messages, complete=complete)],
        timeliness=cast("dict[Timeliness, int]", dict(tally.timeliness)),
        latest_as_of=tally.latest,
        fresh=_is_fresh(tally, examiner),
        row_by_row=[
            rendered(
                messages,
                Message(
                    "bulk.inexpressible", {"where": construct.where or code, "construct": construct.construct}
                ),
            )
            for construct in (judge.plan.inexpressible if judge else ())
        ],
    )


def _is_fresh(tally: Tally, examiner: Examiner) -> bool | None:
    """True if the latest row is as recent as the update frequency requires; None if unknown."""
    checklist = examiner.standard.checklist
    days = checklist.fresh_days.get(tally.item.update_frequency) if tally.item else None
    if days is None or tally.latest is None:
        return None
    return (examiner.standard.as_of - date.fromisoformat(tally.latest[:10])).days <= days


def _rule(checked_rule: Rule, tally: Tally, messages: Messages, *, complete: bool) -> RuleEntry:
    return RuleEntry(
        id=checked_rule.id,
        member=checked_rule.member or None,
        title=member_title(tally.item, checked_rule.member),
        text=rendered(messages, checked_rule.says),
        dimension=cast("Dimension", dimension(checked_rule.reason)),
        verdict=_verdict(checked_rule, tally, complete=complete),
        rows=tally.rules.get(checked_rule.id, 0),
        samples=[
            SampleEntry(file=sample.source, line=sample.line, value=sample.value)
            for sample in tally.samples.get(checked_rule.id, ())
        ],
    )


def _verdict(checked_rule: Rule, tally: Tally, *, complete: bool) -> RuleVerdict:
    """Verdict of a rule; dangling references only warn, as the target may be in an earlier delivery."""
    reference = checked_rule.id.endswith(REFERENCE)
    if tally.rules.get(checked_rule.id):
        return Verdict.WARNED if reference else Verdict.FAILED
    unread = tally.rows == tally.kinds[READABILITY] and dimension(checked_rule.reason) != READABILITY
    # Rows are compared only when all are read, and an unreadable row contributes nothing.
    uncompared = (reference or checked_rule.reason == UNIQUE) and not complete
    return Verdict.NOT_VERIFIED if unread or uncompared else Verdict.PASSED


def _indicators(tally: Tally, messages: Messages, *, complete: bool) -> Iterator[IndicatorEntry]:
    """Yield quality indicators (GB/T 36344-2018) as counts of good rows and of all rows that count."""
    for name in DIMENSIONS:
        of = tally.rows - (0 if name == READABILITY else tally.kinds[READABILITY])
        of = of if complete or name != UNIQUENESS else 0
        yield _indicator(name, max(of - tally.kinds[name], 0), of, messages)
    dated = tally.timeliness["on_time"] + tally.timeliness["late"]
    if dated:
        yield _indicator("timeliness", tally.timeliness["on_time"], dated, messages)


def _indicator(name: Dimension, good: int, of: int, messages: Messages) -> IndicatorEntry:
    title_text = rendered(messages, Message(f"bulk.dimension_{name}"))
    return IndicatorEntry(id=name, title=title_text, good=good, of=of)

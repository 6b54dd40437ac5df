"""Items with the schema of their rows, and rows of them: good ones, and ones wrong in each way."""

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from conformance.data.check.judge import ItemJudge, judge_of
from conformance.model.standard import Standard
from conformance.synth.identities import uscc
from conformance.synth.records import invalid, valid
from tests.conformance.synth.record_judge import TODAY, obeys, world

__all__ = ["CODES", "TODAY", "judge", "rows", "standard"]


@cache
def standard() -> Standard:
    return world().on(TODAY, "")


CODES = tuple(item.code for item in standard().checklist.items)


@cache
def judge(code: str) -> ItemJudge:
    return judge_of(standard(), code)


def rows(code: str, random: Random, count: int) -> Iterator[dict[str, Any]]:
    """Good rows, in which optional members come and go."""
    item = standard().checklist.item(code)
    for _ in range(count):
        content = valid(standard(), item, random, None, TODAY, obeys=obeys)
        yield {**content, **_envelope(random)}


def wrong_rows(code: str, random: Random) -> Iterator[dict[str, Any]]:
    """Rows that are wrong in one way each, by the schema and by the rules."""
    item = standard().checklist.item(code)
    for one in invalid(standard(), item, random, None, TODAY, obeys=obeys):
        yield {**one.content, **_envelope(random)}


def _envelope(random: Random) -> dict[str, Any]:
    made = f"2026-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}T09:30:00+08:00"
    whole = {"record.as_of": made, "record.generated_at": made, "record.version": random.randrange(1, 9)}
    return {"subject.uscc": uscc(random, standard().reserved), **(whole if random.random() < 0.5 else {})}

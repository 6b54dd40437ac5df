"""Replies of a source that no platform may use: each is wrong in one way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from conformance.actors.provider import DataProvider
from conformance.actors.source import records_answer
from conformance.actors.subject import Subject, new_subject
from conformance.model.media_types import PROBLEM
from conformance.model.shapes import Item
from conformance.model.wire import StagedAnswer

BEYOND = 3.0
"""Seconds by which a slow source exceeds what the platform has."""
DRIP = 0.1
"""Seconds before each byte: no single read takes long, and the whole takes minutes."""
MOVED = "/moved"
"""Path to which a source redirects."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the source and its right answer."""

    provider: DataProvider
    item: Item
    subject: Subject
    record: Mapping[str, Any]
    limit: float
    """Seconds within which the source has to answer."""


FaultyReply = Callable[[Question], StagedAnswer]


def down(_: Question) -> StagedAnswer:
    """The connection is closed without a reply."""
    return StagedAnswer(status=0)


def slow(question: Question) -> StagedAnswer:
    """The right answer, after the time for it has passed."""
    return StagedAnswer(body=records_answer([question.record]).body, delay=question.limit + BEYOND)


def dripping(question: Question) -> StagedAnswer:
    """The right answer, byte by byte."""
    return StagedAnswer(body=records_answer([question.record]).body, pause=DRIP)


def failing(_: Question) -> StagedAnswer:
    """An error of the source."""
    return StagedAnswer(503, b'{"title":"maintenance","status":503}', PROBLEM, {"Retry-After": "60"})


def rubbish(_: Question) -> StagedAnswer:
    """A body that ends in the middle of its JSON."""
    return StagedAnswer(body=b'{"records": [')


def more_than_agreed(question: Question) -> StagedAnswer:
    """A member that the provider API does not have."""
    return StagedAnswer(body=orjson.dumps({"records": [question.record], "next": "see page 2"}))


def invalid_record(question: Question) -> StagedAnswer:
    """A record without one of its required fields."""
    return records_answer([without_required_field(question)])


def one_invalid_of_two(question: Question) -> StagedAnswer:
    """An invalid record beside a valid one."""
    invalid = without_required_field(question)
    return records_answer([question.provider.record(question.item, question.subject), invalid])


def another_subject(question: Question) -> StagedAnswer:
    """A record about another subject of the same type."""
    other = new_subject(question.provider.ctx, question.subject.type)
    return records_answer([question.provider.record(question.item, other)])


def another_item(question: Question) -> StagedAnswer:
    """A record of another item about the same subject."""
    subject = question.subject
    other_items = (i for i in question.provider.ctx.standard.checklist.items if i.code != question.item.code)
    other_item = next(i for i in other_items if subject.type in i.subject_types)
    return records_answer([question.provider.record(other_item, subject)])


def redirect(question: Question) -> StagedAnswer:
    """A redirect, whose body is what is found at the new address."""
    location = {"Location": f"{question.provider.ctx.target.provider_url}{MOVED}/v1/records"}
    return StagedAnswer(307, records_answer([question.record]).body, headers=location)


def without_required_field(question: Question) -> dict[str, Any]:
    """The record without the first required field of its item."""
    required = next(field.name for field in question.item.fields if field.required)
    content = {name: value for name, value in question.record["content"].items() if name != required}
    return {**question.record, "content": content}


FAULTY_REPLIES: Mapping[str, FaultyReply] = {
    reply.__name__: reply
    for reply in (
        down,
        slow,
        dripping,
        failing,
        rubbish,
        more_than_agreed,
        invalid_record,
        one_invalid_of_two,
        another_subject,
        another_item,
        redirect,
    )
}

"""Answers of a source that nobody may use: each is wrong in one way."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from conformance.actors.cast import Cast
from conformance.actors.sources import answered
from conformance.actors.subjects import Subject
from conformance.model.media_types import PROBLEM
from conformance.model.shapes import Item
from conformance.model.wire import Answer

BEYOND = 3.0
"""Seconds by which a slow source exceeds what the platform has."""
DRIP = 0.1
"""Seconds before each byte: no single read takes long, and the whole takes minutes."""
MOVED = "/moved"
"""Where the redirect of a source leads."""

Wrong = Callable[[Cast, Item, Subject, Mapping[str, Any], float], Answer]


def down(*_: Any) -> Answer:
    return Answer(status=0)


def slow(_cast: Cast, _item: Item, _subject: Subject, record: Mapping[str, Any], limit: float) -> Answer:
    return Answer(body=answered([record]).body, delay=limit + BEYOND)


def dripping(_cast: Cast, _item: Item, _subject: Subject, record: Mapping[str, Any], _limit: float) -> Answer:
    return Answer(body=answered([record]).body, pause=DRIP)


def failing(*_: Any) -> Answer:
    return Answer(503, b'{"title":"maintenance","status":503}', PROBLEM, {"Retry-After": "60"})


def rubbish(*_: Any) -> Answer:
    return Answer(body=b'{"records": [')


def more_than_agreed(
    _cast: Cast, _item: Item, _subject: Subject, record: Mapping[str, Any], _limit: float
) -> Answer:
    return Answer(body=orjson.dumps({"records": [record], "next": "see page 2"}))


def invalid_record(
    _cast: Cast, item: Item, _subject: Subject, record: Mapping[str, Any], _limit: float
) -> Answer:
    required = next(field.name for field in item.fields if field.required)
    content = {name: value for name, value in record["content"].items() if name != required}
    return answered([{**record, "content": content}])


def one_invalid_of_two(
    cast: Cast, item: Item, subject: Subject, record: Mapping[str, Any], limit: float
) -> Answer:
    wrong = orjson.loads(invalid_record(cast, item, subject, record, limit).body)["records"]
    return answered([cast.record(item, subject), *wrong])


def another_subject(
    cast: Cast, item: Item, subject: Subject, _record: Mapping[str, Any], _limit: float
) -> Answer:
    return answered([cast.record(item, cast.subject(subject.type))])


def another_item(
    cast: Cast, item: Item, subject: Subject, _record: Mapping[str, Any], _limit: float
) -> Answer:
    others = (i for i in cast.ctx.standard.checklist.items if i.code != item.code)
    other = next(i for i in others if subject.type in i.subject_types)
    return answered([cast.record(other, subject)])


def redirect(cast: Cast, _item: Item, _subject: Subject, record: Mapping[str, Any], _limit: float) -> Answer:
    """The body is what is found at the new address."""
    location = {"Location": f"{cast.ctx.target.provider_url}{MOVED}/v1/records"}
    return Answer(307, answered([record]).body, headers=location)


WRONG: Mapping[str, Wrong] = {
    wrong.__name__: wrong
    for wrong in (
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

"""The vocabulary of judgement."""

import json
from typing import Any

import pytest

from conformance import expect
from conformance.messages import load_messages
from conformance.model.text import Lang, Message
from conformance.model.wire import Reply

PROBLEM = "application/problem+json; charset=utf-8"


def reply(status: int = 200, body: Any = None, media_type: str = "application/json") -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, (("content-type", media_type),), content, 0.1, step=3)


def test_a_status_among_the_allowed_ones_is_accepted() -> None:
    expect.status(reply(201), 200, 201)


def test_another_status_names_place_expectation_and_observation() -> None:
    with pytest.raises(expect.Violation) as caught:
        expect.status(reply(500), 200, 201)
    finding = caught.value.finding
    assert (finding.step, finding.where, finding.expected, finding.actual) == (
        3,
        "reply.status",
        [200, 201],
        500,
    )


def test_the_message_reads_where_expected_received() -> None:
    with pytest.raises(expect.Violation) as caught:
        expect.status(reply(500), 200)
    rendered = load_messages().render(caught.value.finding.message, Lang.EN)
    assert rendered == "reply.status: expected 200, received 500"


@pytest.mark.parametrize(
    "judge", [lambda r: expect.status(r, 200), expect.json_object, lambda r: expect.at(r, "/a")]
)
def test_a_web_page_is_a_gateways_answer_and_no_verdict(judge: Any) -> None:
    with pytest.raises(expect.Inconclusive):
        judge(reply(502, b"<html>", "text/html; charset=utf-8"))


def test_a_problem_has_status_media_type_and_code() -> None:
    body = {"code": "not_found"}
    assert expect.problem(reply(404, body, PROBLEM), (403, 404), ("forbidden", "not_found")) == body


@pytest.mark.parametrize(
    "wrong",
    [
        reply(200, {"code": "not_found"}, PROBLEM),
        reply(404, {"code": "not_found"}),
        reply(404, {"code": "other"}, PROBLEM),
        reply(404, {}, PROBLEM),
        reply(404, b"{", PROBLEM),
        reply(404, [], PROBLEM),
    ],
)
def test_a_problem_that_lacks_one_of_them_is_a_violation(wrong: Reply) -> None:
    with pytest.raises(expect.Violation):
        expect.problem(wrong, 404, "not_found")


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1.0, True),
        (True, 1, False),
        ([0], [False], False),
        ({"a": [1, {"b": None}]}, {"a": (1, {"b": None})}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ("1", 1, False),
        (None, False, False),
        ([1, 2], [2, 1], False),
    ],
)
def test_equality_is_that_of_json(left: Any, right: Any, *, equal: bool) -> None:
    assert expect.same(left, right) is equal


def test_contains_and_absent_tell_members_from_parts_of_text() -> None:
    expect.contains(["a", 1], 1, "x")
    expect.absent([True], 1, "x")
    expect.absent("abc", "d", "x")
    with pytest.raises(expect.Violation):
        expect.absent("abc", "bc", "x")
    with pytest.raises(expect.Violation):
        expect.contains([], "a", "x")


def test_a_missing_member_is_the_platforms_fault() -> None:
    assert expect.at(reply(200, {"a/b": [{"c": 1}]}), "/a~1b/0/c") == 1
    with pytest.raises(expect.Violation) as caught:
        expect.at(reply(200, {"a": []}), "/a/0/c")
    assert caught.value.finding.where == "reply.body/a/0/c"


def test_a_false_condition_gives_its_own_message() -> None:
    message = Message("x.y", {"n": 1})
    expect.true([0], message)
    with pytest.raises(expect.Violation) as caught:
        expect.true(None, message, where="reply", reply=reply())
    assert caught.value.finding.message == message

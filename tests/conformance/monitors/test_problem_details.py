"""The problem monitor: each member that can be wrong, wrong once."""

from typing import Any

import pytest

from conformance.model.standard import Standard
from conformance.model.wire import Exchange
from conformance.monitors import ProblemDetails
from tests.conformance.monitors.exchanges import TEXT, failure, problem, query, with_header

GOOD = problem("forbidden", 403)


@pytest.fixture(scope="module")
def monitor(standard: Standard) -> ProblemDetails:
    return ProblemDetails(standard.api, standard.codes["problem"])


def keys(monitor: ProblemDetails, exchange: Exchange) -> list[str]:
    findings = monitor.observe(exchange)
    assert findings is not None
    return [finding.message.key.removeprefix("monitors.") for finding in findings]


def test_every_registered_problem_is_good(monitor: ProblemDetails, standard: Standard) -> None:
    for code in standard.codes["problem"].codes.values():
        status = int(code.properties["status"])
        assert keys(monitor, failure(problem(code.code, status), status)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"detail": "x", "instance": "/v1/queries/1"},
        {"errors": [{"pointer": "/purpose", "message": "x"}]},
        {"trace": "an extension member of RFC 9457"},
        {"detail_i18n": {**TEXT, "fr": "texte"}},
    ],
)
def test_optional_members_are_good(monitor: ProblemDetails, more: dict[str, Any]) -> None:
    assert keys(monitor, failure({**GOOD, **more}, 403)) == []


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"Forbidden", "problem_no_object"),
        (b"", "problem_no_object"),
        ([GOOD], "problem_no_object"),
        ({**GOOD, "status": 400}, "problem_status"),
        ({**GOOD, "status": "403"}, "problem_status"),
        (problem("secret", 403), "problem_code"),
        (problem("not_found", 403), "problem_code_status"),
        ({**GOOD, "type": "about:blank"}, "problem_type"),
        ({**GOOD, "type": "urn:fcsp:problem:not_found"}, "problem_type"),
        ({**GOOD, "detail_i18n": {"zh": "文"}}, "problem_language"),
        ({**GOOD, "detail_i18n": {"zh": " ", "en": "text"}}, "problem_language"),
        ({k: v for k, v in GOOD.items() if k != "title"}, "problem_shape"),
        ({**GOOD, "title": ""}, "problem_shape"),
        ({**GOOD, "errors": [{"pointer": "/x"}]}, "problem_shape"),
    ],
)
def test_each_wrong_member_is_found(monitor: ProblemDetails, body: Any, key: str) -> None:
    assert keys(monitor, failure(body, 403)) == [key]


def test_both_languages_are_missed_apart(monitor: ProblemDetails) -> None:
    body = {k: v for k, v in GOOD.items() if k != "detail_i18n"}
    assert keys(monitor, failure(body, 403)) == ["problem_language", "problem_language"]


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_another_media_type_is_found(monitor: ProblemDetails, media_type: str) -> None:
    wrong = with_header(failure(GOOD, 403), "content-type", media_type)
    assert keys(monitor, wrong) == ["problem_media_type"]


def test_a_body_that_hides_its_mistakes_is_still_judged_by_status(monitor: ProblemDetails) -> None:
    assert keys(monitor, failure(problem("forbidden", 403), 500)) == ["problem_status", "problem_code_status"]


def test_success_is_none_of_its_business(monitor: ProblemDetails) -> None:
    assert monitor.observe(query()) is None

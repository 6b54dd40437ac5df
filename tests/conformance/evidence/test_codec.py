"""Evidence survives being written and read: every field of every value of a result."""

import dataclasses
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.evidence import codec
from conformance.evidence.canonical import canonical
from conformance.model.judgement import Case, Fault, Finding, Result, Verdict
from conformance.model.text import Message, Text
from conformance.model.wire import (
    ClientAssertion,
    ClientToken,
    Exchange,
    FormBody,
    Incoming,
    LiteralToken,
    Raw,
    Reply,
    Request,
    StagedAnswer,
    SubjectAssertion,
    SubjectToken,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(0, 2**31)
TIMES = st.integers(0, 10**12).map(lambda microseconds: round(microseconds / 10**6, 6))
STRINGS = st.dictionaries(TEXTS, TEXTS, max_size=3)
HEADERS = st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXTS, JSON, max_size=3)
BYTES = st.binary(max_size=20) | TEXTS.map(str.encode)


def every_field(kind: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of a dataclass, each of whose fields has to be named."""
    assert set(fields) == {field.name for field in dataclasses.fields(kind)}
    return st.builds(kind, **fields)


SUBJECT_ASSERTIONS = every_field(
    SubjectAssertion,
    **dict.fromkeys(
        ("subject_type", "scheme", "value", "capacity", "assurance", "signer", "serial", "agent"), TEXTS
    ),
    audience=st.none() | TEXTS,
    expires_in=st.integers(-1000, 1000),
)
CLIENT_ASSERTIONS = every_field(
    ClientAssertion,
    **dict.fromkeys(("client_id", "signer", "serial", "algorithm"), TEXTS),
    audience=st.none() | TEXTS,
    expires_in=st.integers(-1000, 1000),
)
CREDENTIALS = st.one_of(
    st.none(),
    every_field(ClientToken, client_id=TEXTS, signer=TEXTS),
    every_field(SubjectToken, assertion=SUBJECT_ASSERTIONS),
    every_field(LiteralToken, value=TEXTS),
)
FORMS = every_field(
    FormBody, fields=st.dictionaries(TEXTS, TEXTS | SUBJECT_ASSERTIONS | CLIENT_ASSERTIONS, max_size=3)
)
REQUESTS = every_field(
    Request,
    operation=TEXTS,
    path=STRINGS,
    query=STRINGS,
    headers=STRINGS,
    body=JSON | FORMS | every_field(Raw, content=BYTES, media_type=TEXTS),
    credential=CREDENTIALS,
    valid=st.booleans(),
    patient=st.booleans(),
)
EXCHANGES = NUMBERS.flatmap(
    lambda step: every_field(
        Exchange,
        step=st.just(step),
        request=REQUESTS,
        method=TEXTS,
        url=TEXTS,
        reply=every_field(
            Reply,
            status=st.integers(100, 999),
            headers=HEADERS,
            body=BYTES,
            elapsed=TIMES,
            step=st.just(step),
        ),
        wait=NUMBERS,
        attempt=NUMBERS,
        retry=NUMBERS,
    )
)
MESSAGES = st.recursive(
    st.builds(Message, TEXTS, OBJECTS),
    lambda inner: st.builds(
        Message, TEXTS, st.dictionaries(TEXTS, inner | st.builds(Text, TEXTS, TEXTS), max_size=2)
    ),
    max_leaves=3,
)
RESULTS = every_field(
    Result,
    case=every_field(Case, requirement=TEXTS, check=TEXTS, parameter=TEXTS, exclusive=st.booleans()),
    verdict=st.sampled_from(Verdict),
    findings=st.lists(
        every_field(
            Finding,
            message=MESSAGES,
            step=st.none() | NUMBERS,
            where=TEXTS,
            expected=JSON,
            actual=JSON,
            fault=st.sampled_from(Fault),
        ),
        max_size=2,
    ).map(tuple),
    exchanges=st.lists(EXCHANGES, max_size=2).map(tuple),
    duration=TIMES,
    started=TIMES,
    lane=NUMBERS,
    received=st.lists(
        every_field(
            Incoming,
            operation=TEXTS,
            method=TEXTS,
            url=TEXTS,
            headers=HEADERS,
            body=BYTES,
            faults=st.lists(TEXTS, max_size=2).map(tuple),
            answer=every_field(
                StagedAnswer,
                status=NUMBERS,
                body=BYTES,
                media_type=TEXTS,
                headers=STRINGS,
                delay=TIMES,
                pause=TIMES,
            ),
            look=NUMBERS,
            place=TEXTS,
            number=NUMBERS,
            seconds=TIMES,
        ),
        max_size=2,
    ).map(tuple),
    marks=OBJECTS,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RESULTS)
def test_a_result_survives_being_written_and_read(result: Result) -> None:
    line = orjson.dumps(codec.write_result(result))
    assert codec.read_result(orjson.loads(line)) == result


CHANGED: list[dict[str, Any]] = [
    {"path": {"id": "1"}},
    {"query": {"q": "1"}},
    {"headers": {"h": "1"}},
    {"body": {"a": 1}},
    {"credential": LiteralToken("t")},
    {"valid": False},
    {"patient": False},
]


@pytest.mark.parametrize("fields", CHANGED, ids=lambda fields: next(iter(fields)))
def test_no_field_of_a_request_is_lost(fields: dict[str, Any]) -> None:
    changed = Request("createThing", **fields)
    exchange = Exchange(1, changed, "POST", "/", Reply(200, (), b"", 0.0, 1))
    written = codec.write_result(Result(Case("TOY-001", "a"), Verdict.PASSED, exchanges=(exchange,)))
    assert codec.read_result(written).exchanges[0].request == changed != Request("createThing")


def test_a_record_without_later_members_is_read_with_their_defaults() -> None:
    exchange = Exchange(1, Request("createThing"), "POST", "/", Reply(200, (), b"", 0.0, 1))
    result = Result(Case("TOY-001", "a"), Verdict.PASSED, exchanges=(exchange,))
    record = codec.write_result(result)
    for member in ("started", "lane", "received"):
        del record[member]
    del record["exchanges"][0]["request"]["patient"]
    assert codec.read_result(record) == result


def test_waiting_after_429_does_not_change_what_is_sent() -> None:
    reply = Reply(200, (), b"", 0.0, 1)
    patient, impatient = (
        canonical([Exchange(1, Request("createThing", patient=patient), "POST", "/", reply)])
        for patient in (True, False)
    )
    assert patient == impatient


def test_text_with_an_unpaired_surrogate_is_kept() -> None:
    request = Request("createThing", path={"id": "\ud800"}, query={"q": "\udfff"}, body={"name": "\ud800"})
    exchange = Exchange(1, request, "POST", "/\ud800", Reply(200, (("x", "\udc80"),), b"", 0.0, 1))
    finding = Finding(Message("a.b", {"value": "\ud800"}), where="reply.body/\ud800", actual=["\ud800"])
    result = Result(Case("TOY-001", "a"), Verdict.FAILED, (finding,), (exchange,))
    assert codec.read_result(codec.write_result(result)) == result

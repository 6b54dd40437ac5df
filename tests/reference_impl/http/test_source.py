"""The reference platform's client of sources: bounded, and deaf to what nobody may use."""

import time
from collections.abc import Iterator

import orjson
import pytest

from conformance.counterpart import Server
from conformance.counterpart.server import Arrived
from conformance.model.wire import StagedAnswer
from reference_impl.parts.source import SourceReply, post, read_answer
from reference_impl.policy.model import Subject
from reference_impl.policy.query import Grant
from reference_impl.policy.source import Consultation, Question, Unanswered, may_verify, question, usable

SECONDS, LIMIT = 0.6, 1_000
LONG = 60.0
"""Seconds that no reply takes, however busy the machine is."""
ASKED = Question("F08-01", "enterprise", frozenset({("uscc", "A")}), "pre_loan", ())


class Source:
    """A source that gives one answer."""

    def __init__(self) -> None:
        self.answer, self.urls = StagedAnswer(body=b"{}"), list[str]()
        self.bodies: list[bytes] = []

    def __call__(self, arrived: Arrived) -> StagedAnswer:
        self.urls.append(arrived.url)
        self.bodies.append(arrived.body)
        return self.answer


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def address(source: Source) -> Iterator[str]:
    with Server("127.0.0.1:0", source) as server:
        yield f"http://127.0.0.1:{server.port}/v1/records"


def test_a_reply_is_read(source: Source, address: str) -> None:
    source.answer = StagedAnswer(201, b"[1]", "application/json; charset=utf-8")
    assert post(address, b"{}", {}, LONG, LIMIT) == SourceReply(201, "application/json", b"[1]")


def test_a_body_in_parts_is_sent_in_chunks(source: Source, address: str) -> None:
    assert post(address, (b'{"a":', b"1}"), {}, LONG, LIMIT).status == 200
    assert source.bodies == [b'{"a":1}']


@pytest.mark.parametrize(
    "answer",
    [
        StagedAnswer(body=b"{}", delay=50),
        StagedAnswer(body=b" " * 500, pause=0.2),
        StagedAnswer(body=b" " * (LIMIT + 1)),
        StagedAnswer(status=0),
    ],
    ids=["slow", "drip", "large", "down"],
)
def test_what_takes_too_long_or_too_much_is_cut_off(
    source: Source, address: str, answer: StagedAnswer
) -> None:
    source.answer = answer
    started = time.monotonic()
    with pytest.raises(OSError):  # noqa: PT011 (of several kinds, all of them the network's)
        post(address, b"{}", {}, SECONDS, LIMIT)
    assert time.monotonic() - started < LONG / 2


def test_redirects_are_not_followed(source: Source, address: str) -> None:
    source.answer = StagedAnswer(307, headers={"Location": f"{address}/moved"})
    reply = post(address, b"{}", {}, LONG, LIMIT)
    assert (reply.status, source.urls) == (307, ["/v1/records"])
    assert read_answer(ASKED, reply, lambda _: True, lambda _: ()) is None


RECORD = {
    "item_code": "F08-01",
    "operation": "insert",
    "subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": "A"}]},
}


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, True),
        ({"item_code": "F08-02"}, False),
        ({"operation": "withdraw"}, False),
        ({"subject": {"type": "enterprise", "ids": [{"scheme": "uscc", "value": "B"}]}}, False),
        ({"subject": {"type": "individual_business", "ids": RECORD["subject"]["ids"]}}, False),  # type: ignore[index]
    ],
)
def test_only_records_about_what_was_asked_are_taken(change: dict[str, object], *, taken: bool) -> None:
    record = {**RECORD, **change}
    assert usable(ASKED, [RECORD, record], lambda _: ()) == ((RECORD, record) if taken else None)


def test_one_invalid_record_spoils_the_answer() -> None:
    body = orjson.dumps({"records": [RECORD, RECORD]})
    verdicts = iter(((), ("fault",)))
    assert (
        read_answer(
            ASKED, SourceReply(200, "application/json", body), lambda _: True, lambda _: next(verdicts)
        )
        is None
    )


@pytest.mark.parametrize(
    "reply",
    [
        SourceReply(200, "text/html", b"{}"),
        SourceReply(503, "application/json", b"{}"),
    ],
)
def test_other_replies_are_no_answer(reply: SourceReply) -> None:
    assert read_answer(ASKED, reply, lambda _: True, lambda _: ()) is None


def test_a_question_is_about_what_the_grant_opens() -> None:
    asked = Subject("enterprise", frozenset({("uscc", "A"), ("uscc", "B")}))
    opened = Grant(frozenset({("uscc", "A")}), {("uscc", "A"): "aut_1"}, frozenset())
    found = question("F08-01", asked, opened, "pre_loan")
    assert (found.ids, found.authorizations) == (frozenset({("uscc", "A")}), ("aut_1",))


def test_a_yes_needs_the_subject_and_the_person() -> None:
    class Field:
        name, person_role, identified_by = "id_no", "owner", "id_no"

    class Item:
        fields = (Field,)

    nobody = Grant(frozenset(), {}, frozenset({"P"}))
    subject = Grant(frozenset(), {("uscc", "A"): "aut_1"}, frozenset())
    subject_and_person = Grant(frozenset(), {("uscc", "A"): "aut_1"}, frozenset({"P"}))
    assert [may_verify(grant, Item, {"id_no": "P"}) for grant in (nobody, subject, subject_and_person)] == [
        False,
        False,
        True,
    ]


def test_a_consultation_ends_when_everything_was_asked() -> None:
    first = Consultation()
    assert first.ask(ASKED) is None
    assert first.ask(ASKED) is None
    with pytest.raises(Unanswered) as pending:
        first.close()
    assert pending.value.questions == (ASKED,)
    second = Consultation({ASKED: True}, final=True)
    assert second.ask(ASKED) is True
    second.close()

"""Items that stay at their source, asked and verified wrongly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.http.pipeline import Platform
from reference_impl.mutants import breaks
from reference_impl.parts.base import BaseParts
from reference_impl.parts.query import QueryParts
from reference_impl.parts.source import SourceParts, SourceReply
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.model import Document, Refusal, Subject
from reference_impl.policy.source import Answer, Question
from reference_impl.wire.message import Call

Result = dict[str, Any]
CACHED = "what is answered from a cache is not what the source says"
DAY = 86_400
PATIENCE = 4.0
"""Times the limit of a platform that obeys: more than a query may take."""


def with_answer(source: SourceParts, change: Callable[[Question, Answer], Answer]) -> SourceParts:
    """The parts with every answer of a source changed."""
    return replace(source, consult=lambda platform, asked: change(asked, source.consult(platform, asked)))


def with_result(query: QueryParts, change: Callable[[Call, Result, Subject], Result]) -> QueryParts:
    """The parts with the result of each item changed."""

    def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> Result:
        return change(call, query.query_item(call, code, asked, cited), asked)

    return replace(query, query_item=query_item)


def deaf_at_the_source(
    source: SourceParts, keep: Callable[[Question, Sequence[Document]], bool]
) -> SourceParts:
    """The parts with an edge at which some records of a source are not judged."""

    def read(
        question: Question,
        reply: SourceReply,
        obeys: Callable[[Any], bool],
        validate: Callable[[object], Sequence[Any]],
    ) -> Answer:
        answer = source.read_answer(question, reply, obeys, validate)
        if answer is not None or question.claims is not None:
            return answer
        lenient = source.read_answer(question, reply, obeys, lambda _record: ())
        return lenient if isinstance(lenient, tuple) and keep(question, lenient) else None

    return replace(source, read_answer=read)


# -- asking ----------------------------------------------------------------------------------------------


@breaks("COL-009")
def only_the_first_record_of_a_source_is_served(source: SourceParts) -> SourceParts:
    """Of several records that a source answers, the first is served: the client was made for one."""
    return with_answer(source, lambda _, answer: answer[:1] if isinstance(answer, tuple) else answer)


@breaks("COL-009", also={"COL-011": "a record that is gone at its source leaves the item empty"})
def a_source_without_records_was_never_collected(query: QueryParts) -> QueryParts:
    """Where the source has no record, the item is answered not_collected."""

    def change(call: Call, result: Result, _asked: Subject) -> Result:
        collected = call.parts[BaseParts].catalogue.items[result["item_code"]].collected
        return result if collected or result["status"] != "empty" else {**result, "status": "not_collected"}

    return with_result(query, change)


# -- authorization comes first ---------------------------------------------------------------------------


def asking_early(query: QueryParts, when: Callable[[Sequence[Authorization]], bool]) -> QueryParts:
    """The parts with an item's source asked before anything is decided."""

    def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> Result:
        if not call.parts[BaseParts].catalogue.items[code].collected and when(cited):
            purpose = call.body["purpose"]
            call.consultation.ask(Question(code, asked.type, asked.ids, purpose, ()))
        return query.query_item(call, code, asked, cited)

    return replace(query, query_item=query_item)


@breaks("COL-010")
def the_source_is_asked_before_the_decision(query: QueryParts) -> QueryParts:
    """The source is asked to save time while the authorization is still being looked up."""
    return asking_early(query, lambda _cited: True)


@breaks("COL-010")
def any_cited_authorization_lets_the_source_be_asked(query: QueryParts) -> QueryParts:
    """The source is asked as soon as some authorization is cited, whether it serves or not."""
    return asking_early(query, bool)


@breaks("COL-010")
def the_enterprise_vouches_for_its_people(source: SourceParts) -> SourceParts:
    """Values about a person are verified on the authorization of the enterprise."""
    return replace(source, may_verify=lambda grant, _item, _claims: bool(grant.opened))


# -- nothing is kept -------------------------------------------------------------------------------------


@breaks("COL-011", also={"COL-009": CACHED, "COL-012": CACHED, "COL-013": CACHED})
def answers_of_sources_are_cached(source: SourceParts) -> SourceParts:
    """What a source answered is served for the rest of the day."""
    cache: dict[Any, Answer] = {}

    def consult(platform: Any, asked: Question) -> Answer:
        key = (asked.item_code, asked.ids, asked.claims is None)
        if cache.get(key) is None:
            cache[key] = source.consult(platform, asked)
        return cache[key]

    return replace(source, consult=consult)


def remembering(source: SourceParts, instead: Callable[[Answer, Answer], Answer]) -> SourceParts:
    """The parts with records of a source remembered; `instead` says what is served."""
    memory: dict[Any, Answer] = {}

    def change(question: Question, answer: Answer) -> Answer:
        if question.claims is not None:
            return answer
        key = (question.item_code, question.ids)
        if answer:
            memory[key] = answer
        return instead(memory.get(key), answer)

    return with_answer(source, change)


@breaks("COL-011", also={"COL-012": "its answers are unusable after one that was good"})
def a_silent_source_is_answered_from_memory(source: SourceParts) -> SourceParts:
    """While a source does not answer, its last answer is served."""
    return remembering(source, lambda known, answer: known if answer is None else answer)


@breaks("COL-011")
def records_do_not_vanish(source: SourceParts) -> SourceParts:
    """A source that has nothing any more is taken to be mistaken: its last records go on being served."""
    return remembering(source, lambda known, answer: known if answer == () and known else answer)


@breaks("COL-011")
def a_yes_is_remembered(source: SourceParts) -> SourceParts:
    """Values that were once verified are never verified again."""
    confirmed: set[Question] = set()

    def consult(platform: Any, question: Question) -> Answer:
        if question in confirmed:
            return True
        answer = source.consult(platform, question)
        if answer is True:
            confirmed.add(question)
        return answer

    return replace(source, consult=consult)


# -- answers that nobody may use -------------------------------------------------------------------------


@breaks("COL-012", also={"COL-011": "the source falls silent there, too"})
def a_silent_source_has_no_records(source: SourceParts) -> SourceParts:
    """A source that does not answer counts as one without records."""

    def change(asked: Question, answer: Answer) -> Answer:
        return () if answer is None and asked.claims is None else answer

    return with_answer(source, change)


@breaks("COL-012")
def a_silent_source_means_no(source: SourceParts) -> SourceParts:
    """A verification without an answer is told as values that do not match."""

    def change(asked: Question, answer: Answer) -> Answer:
        return False if answer is None and asked.claims is not None else answer

    return with_answer(source, change)


@breaks("COL-012")
def records_of_sources_are_not_judged(source: SourceParts) -> SourceParts:
    """Records that a source answers are served whether they obey the item's schema or not."""

    def about_the_asked(asked: Question, records: Sequence[Document]) -> bool:
        return all(record["item_code"] == asked.item_code for record in records)

    return deaf_at_the_source(source, about_the_asked)


@breaks("COL-012")
def bad_records_of_sources_are_left_out(source: SourceParts) -> SourceParts:
    """Of an answer that holds an invalid record, the others are served as if they were all."""

    def read(
        question: Question,
        reply: SourceReply,
        obeys: Callable[[Any], bool],
        validate: Callable[[object], Sequence[Any]],
    ) -> Answer:
        answer = source.read_answer(question, reply, obeys, validate)
        lenient = source.read_answer(question, reply, obeys, lambda _record: ())
        if answer is not None or not isinstance(lenient, tuple):
            return answer
        return tuple(record for record in lenient if not validate(record)) or None

    return replace(source, read_answer=read)


@breaks("COL-012")
def whoever_the_source_speaks_of_is_served(source: SourceParts) -> SourceParts:
    """A source's records are served without comparing whom they are about with who was asked for."""

    def read(
        question: Question,
        reply: SourceReply,
        obeys: Callable[[Any], bool],
        validate: Callable[[object], Sequence[Any]],
    ) -> Answer:
        valid_records: list[Document] = []

        def note(record: Any) -> Sequence[Any]:
            found = validate(record)
            valid_records.extend(() if found else (record,))
            return found

        answer = source.read_answer(question, reply, obeys, note)
        of_item = [record for record in valid_records if record["item_code"] == question.item_code]
        return (
            tuple(of_item)
            if answer is None and of_item and len(of_item) == len(valid_records) == 1
            else answer
        )

    return replace(source, read_answer=read)


@breaks("COL-012")
def redirects_of_sources_are_followed(source: SourceParts) -> SourceParts:
    """The client follows redirects, to whatever address a source names."""

    def post(
        url: str, body: bytes | Iterable[bytes], headers: Mapping[str, str], seconds: float, limit: int
    ) -> SourceReply:
        reply: SourceReply = source.post(url, body, headers, seconds, limit)
        if not reply.location:
            return reply
        moved: SourceReply = source.post(reply.location, body, headers, seconds, limit)
        return moved

    return replace(source, post=post)


@breaks("COL-012")
def sources_are_waited_for(source: SourceParts) -> SourceParts:
    """A source gets more time than whoever asked has, since it usually answers in the end."""

    def ask_all(platform: Platform, questions: Sequence[Question]) -> dict[Question, Answer]:
        limits = platform.settings.limits
        limits = replace(limits, source_seconds=limits.source_seconds * PATIENCE)
        patient = replace(platform, settings=replace(platform.settings, limits=limits))
        return source.ask_sources(patient, questions)

    return replace(source, ask_sources=ask_all)


@breaks("COL-012", also={"COL-011": "the source falls silent there, too"})
def one_silent_source_fails_the_query(query: QueryParts) -> QueryParts:
    """A query of which one source does not answer is refused as a whole."""

    def arrange(results: list[Result]) -> list[Result]:
        if any(result["status"] == "source_unavailable" for result in results):
            raise Refusal("source_unavailable", headers={"Retry-After": "60"})
        return query.arrange(results)

    return replace(query, arrange=arrange)


@breaks("COL-012")
def after_a_silent_source_nothing_is_looked_up(query: QueryParts) -> QueryParts:
    """Items behind one whose source does not answer are not looked up any more."""

    def arrange(results: list[Result]) -> list[Result]:
        arranged = query.arrange(results)
        silent = [n for n, result in enumerate(arranged) if result["status"] == "source_unavailable"]
        if not silent:
            return arranged
        given_up = {"status": "source_unavailable", "records": []}
        return [{**result, **given_up} if n > silent[0] else result for n, result in enumerate(arranged)]

    return replace(query, arrange=arrange)

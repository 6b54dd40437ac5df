"""Items that stay at their source, asked and verified wrongly."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reference_impl.http.message import Call
from reference_impl.http.pipeline import Platform
from reference_impl.http.source import SourceReply
from reference_impl.mutants import breaks
from reference_impl.parts import Parts
from reference_impl.policy.authorization import Authorization
from reference_impl.policy.model import Document, Refusal, Subject
from reference_impl.policy.source import Answer, Question

Result = dict[str, Any]
CACHED = "what is answered from a cache is not what the source says"
DAY = 86_400
PATIENCE = 4.0
"""Times the limit of a platform that obeys: more than a query may take."""


def with_answer(parts: Parts, change: Callable[[Question, Answer], Answer]) -> Parts:
    """The parts with every answer of a source changed."""
    return replace(parts, consult=lambda platform, asked: change(asked, parts.consult(platform, asked)))


def with_result(parts: Parts, change: Callable[[Call, Result, Subject], Result]) -> Parts:
    """The parts with the result of each item changed."""

    def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> Result:
        return change(call, parts.query_item(call, code, asked, cited), asked)

    return replace(parts, query_item=query_item)


def deaf_at_the_source(parts: Parts, keep: Callable[[Question, Sequence[Document]], bool]) -> Parts:
    """The parts with an edge at which some records of a source are not judged."""

    def read(
        asked: Question,
        reply: SourceReply,
        obeys: Callable[[Any], bool],
        validate: Callable[[object], Sequence[Any]],
    ) -> Answer:
        judged = parts.read_source(asked, reply, obeys, validate)
        if judged is not None or asked.claims is not None:
            return judged
        lenient = parts.read_source(asked, reply, obeys, lambda _record: ())
        return lenient if isinstance(lenient, tuple) and keep(asked, lenient) else None

    return replace(parts, read_source=read)


# -- asking ----------------------------------------------------------------------------------------------


@breaks("COL-009")
def only_the_first_record_of_a_source_is_served(parts: Parts) -> Parts:
    """Of several records that a source answers, the first is served: the client was made for one."""
    return with_answer(parts, lambda _, answer: answer[:1] if isinstance(answer, tuple) else answer)


@breaks("COL-009", also={"COL-011": "a record that is gone at its source leaves the item empty"})
def a_source_without_records_was_never_collected(parts: Parts) -> Parts:
    """Where the source has no record, the item is answered not_collected."""

    def change(call: Call, result: Result, _asked: Subject) -> Result:
        collected = call.parts.catalogue.items[result["item_code"]].collected
        return result if collected or result["status"] != "empty" else {**result, "status": "not_collected"}

    return with_result(parts, change)


# -- authorization comes first ---------------------------------------------------------------------------


def asking_early(parts: Parts, when: Callable[[Sequence[Authorization]], bool]) -> Parts:
    """The parts with an item's source asked before anything is decided."""

    def query_item(call: Call, code: str, asked: Subject, cited: Sequence[Authorization]) -> Result:
        if not call.parts.catalogue.items[code].collected and when(cited):
            purpose = call.body["purpose"]
            call.consultation.ask(Question(code, asked.type, asked.ids, purpose, ()))
        return parts.query_item(call, code, asked, cited)

    return replace(parts, query_item=query_item)


@breaks("COL-010")
def the_source_is_asked_before_the_decision(parts: Parts) -> Parts:
    """The source is asked to save time while the authorization is still being looked up."""
    return asking_early(parts, lambda _cited: True)


@breaks("COL-010")
def any_cited_authorization_lets_the_source_be_asked(parts: Parts) -> Parts:
    """The source is asked as soon as some authorization is cited, whether it serves or not."""
    return asking_early(parts, bool)


@breaks("COL-010")
def the_enterprise_vouches_for_its_people(parts: Parts) -> Parts:
    """Values about a person are verified on the authorization of the enterprise."""
    return replace(parts, may_verify=lambda grant, _item, _claims: bool(grant.opened))


# -- nothing is kept -------------------------------------------------------------------------------------


@breaks("COL-011", also={"COL-009": CACHED, "COL-012": CACHED, "COL-013": CACHED})
def answers_of_sources_are_cached(parts: Parts) -> Parts:
    """What a source answered is served for the rest of the day."""
    kept: dict[Any, Answer] = {}

    def consult(platform: Any, asked: Question) -> Answer:
        key = (asked.item_code, asked.ids, asked.claims is None)
        if kept.get(key) is None:
            kept[key] = parts.consult(platform, asked)
        return kept[key]

    return replace(parts, consult=consult)


def remembering(parts: Parts, instead: Callable[[Answer, Answer], Answer]) -> Parts:
    """The parts with records of a source remembered; `instead` says what is served."""
    kept: dict[Any, Answer] = {}

    def change(asked: Question, answer: Answer) -> Answer:
        if asked.claims is not None:
            return answer
        key = (asked.item_code, asked.ids)
        if answer:
            kept[key] = answer
        return instead(kept.get(key), answer)

    return with_answer(parts, change)


@breaks("COL-011", also={"COL-012": "its answers are unusable after one that was good"})
def a_silent_source_is_answered_from_memory(parts: Parts) -> Parts:
    """While a source does not answer, its last answer is served."""
    return remembering(parts, lambda known, answer: known if answer is None else answer)


@breaks("COL-011")
def records_do_not_vanish(parts: Parts) -> Parts:
    """A source that has nothing any more is taken to be mistaken: its last records go on being served."""
    return remembering(parts, lambda known, answer: known if answer == () and known else answer)


@breaks("COL-011")
def a_yes_is_remembered(parts: Parts) -> Parts:
    """Values that were once verified are never verified again."""
    confirmed: set[Question] = set()

    def consult(platform: Any, asked: Question) -> Answer:
        if asked in confirmed:
            return True
        answer = parts.consult(platform, asked)
        if answer is True:
            confirmed.add(asked)
        return answer

    return replace(parts, consult=consult)


# -- answers that nobody may use -------------------------------------------------------------------------


@breaks("COL-012", also={"COL-011": "the source falls silent there, too"})
def a_silent_source_has_no_records(parts: Parts) -> Parts:
    """A source that does not answer counts as one without records."""

    def change(asked: Question, answer: Answer) -> Answer:
        return () if answer is None and asked.claims is None else answer

    return with_answer(parts, change)


@breaks("COL-012")
def a_silent_source_means_no(parts: Parts) -> Parts:
    """A verification without an answer is told as values that do not match."""

    def change(asked: Question, answer: Answer) -> Answer:
        return False if answer is None and asked.claims is not None else answer

    return with_answer(parts, change)


@breaks("COL-012")
def records_of_sources_are_not_judged(parts: Parts) -> Parts:
    """Records that a source answers are served whether they obey the item's schema or not."""

    def about_the_asked(asked: Question, records: Sequence[Document]) -> bool:
        return all(record["item_code"] == asked.item_code for record in records)

    return deaf_at_the_source(parts, about_the_asked)


@breaks("COL-012")
def bad_records_of_sources_are_left_out(parts: Parts) -> Parts:
    """Of an answer that holds an invalid record, the others are served as if they were all."""

    def read(
        asked: Question,
        reply: SourceReply,
        obeys: Callable[[Any], bool],
        validate: Callable[[object], Sequence[Any]],
    ) -> Answer:
        answer = parts.read_source(asked, reply, obeys, validate)
        lenient = parts.read_source(asked, reply, obeys, lambda _record: ())
        if answer is not None or not isinstance(lenient, tuple):
            return answer
        return tuple(record for record in lenient if not validate(record)) or None

    return replace(parts, read_source=read)


@breaks("COL-012")
def whoever_the_source_speaks_of_is_served(parts: Parts) -> Parts:
    """A source's records are served without comparing whom they are about with who was asked for."""

    def read(
        asked: Question,
        reply: SourceReply,
        obeys: Callable[[Any], bool],
        validate: Callable[[object], Sequence[Any]],
    ) -> Answer:
        seen: list[Document] = []

        def note(record: Any) -> Sequence[Any]:
            found = validate(record)
            seen.extend(() if found else (record,))
            return found

        answer = parts.read_source(asked, reply, obeys, note)
        others = [record for record in seen if record["item_code"] == asked.item_code]
        return tuple(others) if answer is None and others and len(others) == len(seen) == 1 else answer

    return replace(parts, read_source=read)


@breaks("COL-012")
def redirects_of_sources_are_followed(parts: Parts) -> Parts:
    """The client follows redirects, to whatever address a source names."""

    def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float, limit: int) -> SourceReply:
        reply: SourceReply = parts.post_source(url, body, headers, seconds, limit)
        if not reply.location:
            return reply
        moved: SourceReply = parts.post_source(reply.location, body, headers, seconds, limit)
        return moved

    return replace(parts, post_source=post)


@breaks("COL-012")
def sources_are_waited_for(parts: Parts) -> Parts:
    """A source gets more time than whoever asked has, since it usually answers in the end."""

    def ask_all(platform: Platform, questions: Sequence[Question]) -> dict[Question, Answer]:
        limits = platform.settings.limits
        limits = replace(limits, source_seconds=limits.source_seconds * PATIENCE)
        patient = replace(platform, settings=replace(platform.settings, limits=limits))
        return parts.ask_sources(patient, questions)

    return replace(parts, ask_sources=ask_all)


@breaks("COL-012", also={"COL-011": "the source falls silent there, too"})
def one_silent_source_fails_the_query(parts: Parts) -> Parts:
    """A query of which one source does not answer is refused as a whole."""

    def arrange(results: list[Result]) -> list[Result]:
        if any(result["status"] == "source_unavailable" for result in results):
            raise Refusal("source_unavailable", headers={"Retry-After": "60"})
        return parts.arrange(results)

    return replace(parts, arrange=arrange)


@breaks("COL-012")
def after_a_silent_source_nothing_is_looked_up(parts: Parts) -> Parts:
    """Items behind one whose source does not answer are not looked up any more."""

    def arrange(results: list[Result]) -> list[Result]:
        arranged = parts.arrange(results)
        silent = [n for n, result in enumerate(arranged) if result["status"] == "source_unavailable"]
        if not silent:
            return arranged
        given_up = {"status": "source_unavailable", "records": []}
        return [{**result, **given_up} if n > silent[0] else result for n, result in enumerate(arranged)]

    return replace(parts, arrange=arrange)

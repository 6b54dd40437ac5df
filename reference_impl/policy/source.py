"""Items that stay at their source: questions, and the answers that count."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from reference_impl.policy.model import Document, Identifier, Subject
from reference_impl.policy.query import Grant

TOKEN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a source, about identifiers that an authorization opened."""

    item_code: str
    subject_type: str
    ids: frozenset[Identifier]
    purpose: str
    authorizations: tuple[str, ...]
    claims: bytes | None = None
    """The claimed values as JSON with sorted names; None where records are asked for."""


Answer = tuple[Document, ...] | bool | None
"""Records, or whether the claims match; None where the source gave no answer that can be used."""


class Unanswered(Exception):  # noqa: N818 (not a fault: the sources have to be asked first)
    """Questions to sources that came up during a request."""

    def __init__(self, questions: Iterable[Question]) -> None:
        super().__init__("sources have to be asked first")
        self.questions = tuple(questions)


@dataclass(slots=True)
class Consultation:
    """Answers of sources so far, and open questions."""

    answers: Mapping[Question, Answer] = field(default_factory=dict)
    final: bool = False
    """Nothing more is asked: what has no answer now stays without."""
    questions: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        """The answer, or None for now: whoever carries out the request comes back with one."""
        if question in self.answers or self.final:
            return self.answers.get(question)
        self.questions.append(question)
        return None

    def close(self) -> None:
        """Raises Unanswered unless everything that was asked has its answer."""
        if self.questions:
            raise Unanswered(dict.fromkeys(self.questions))


def question(
    item_code: str, subject: Subject, grant: Grant, purpose: str, claims: Document | None = None
) -> Question:
    """The question that a grant allows, about the identifiers that it opens alone."""
    authorization_ids = tuple(sorted({name for name in grant.opened.values() if name}))
    claims_json = None if claims is None else orjson.dumps(claims, option=orjson.OPT_SORT_KEYS)
    return Question(item_code, subject.type, grant.visible, purpose, authorization_ids, claims_json)


def request(question: Question, checklist_version: str) -> dict[str, Any]:
    """The body of the request to the source."""
    body: dict[str, Any] = {
        "item_code": question.item_code,
        "checklist_version": checklist_version,
        "subject": {
            "type": question.subject_type,
            "ids": [{"scheme": scheme, "value": value} for scheme, value in sorted(question.ids)],
        },
        "purpose": question.purpose,
        "authorizations": list(question.authorizations),
    }
    return body if question.claims is None else {**body, "claims": orjson.loads(question.claims)}


def token_claims(issuer: str, audience: str, now: int) -> dict[str, Any]:
    """Claims of the token by which the platform shows who it is; its identifier is added."""
    return {"iss": issuer, "sub": issuer, "aud": audience, "iat": now, "exp": now + TOKEN_SECONDS}


def usable(
    question: Question, records: Sequence[Document], validate: Callable[[object], Sequence[Any]]
) -> tuple[Document, ...] | None:
    """The records, if each is valid and answers the question; None where one is not."""
    return tuple(records) if all(_answers(question, record, validate) for record in records) else None


def _answers(question: Question, record: Document, validate: Callable[[object], Sequence[Any]]) -> bool:
    return (
        not validate(record)
        and record["item_code"] == question.item_code
        and record["operation"] != "withdraw"
        and record["subject"]["type"] == question.subject_type
        and bool(Subject.of(record["subject"]).ids & question.ids)
    )


def may_verify(grant: Grant, item: Any, claims: Document) -> bool:
    """True if claims may be verified: authorized by the subject, and by each person about own fields."""
    return bool(grant.opened) and all(
        field.person_role is None or claims.get(field.identified_by) in grant.persons
        for field in item.fields
        if field.name in claims
    )

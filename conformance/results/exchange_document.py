"""Exchanges in a result document; of a credential only its kind and the name of its key."""

from conformance.results.document_model import Count, DocumentModel, Seconds

Headers = list[tuple[str, str]]


class BodyEntry(DocumentModel):
    text: str
    bytes: Count
    truncated: bool


class RequestEntry(DocumentModel):
    method: str
    url: str
    headers: Headers
    credential: dict[str, str] | None
    """Which credential was presented, never the credential itself."""
    body: BodyEntry


class ReplyEntry(DocumentModel):
    status: int
    headers: Headers
    body: BodyEntry
    elapsed_seconds: Seconds


class ExchangeEntry(DocumentModel):
    step: int
    operation: str
    request: RequestEntry
    reply: ReplyEntry


class AnswerEntry(DocumentModel):
    status: int
    body: BodyEntry


class IncomingEntry(DocumentModel):
    """A request of the platform to a party that the suite played, and what that party answered."""

    operation: str
    method: str
    url: str
    headers: Headers
    body: BodyEntry
    faults: list[str]
    """Faults of the credential that the platform presented, each in one word."""
    answer: AnswerEntry

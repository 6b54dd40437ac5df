"""The replaceable parts of a platform. Each field is one decision; replacing one gives another platform."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reference_impl.policy.admission import Rule as AdmissionRule
from reference_impl.policy.authorization import Authorization, Condition
from reference_impl.policy.collection import Incoming, Line, Stored
from reference_impl.policy.consent import Rule as ConsentRule
from reference_impl.policy.docking import Notice
from reference_impl.policy.model import Caller, Client, Document, Problem, Subject
from reference_impl.policy.query import Grant
from reference_impl.policy.source import Answer, Question
from reference_impl.policy.tokens import ClaimCheck
from reference_impl.settings import Source, Trust
from reference_impl.store.query_batches import QueryBatch, QueryLine
from reference_impl.store.records import Freshness
from reference_impl.wire.contract import Operation
from reference_impl.wire.message import Call, Reply, Request

Body = dict[str, Any]
Codes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a platform is made of, by the part of the standard that each field serves."""

    # what everything stands on
    catalogue: Any
    codes: Codes
    operator: Mapping[str, str]
    clock: Callable[[], datetime]
    new_id: Callable[[str, Document], str]
    """An identifier for a new thing of this kind; it must not tell what the thing is about."""
    new_secret: Callable[[], str]

    # the wire
    problem: Callable[[Problem], Reply]
    negotiate: Callable[[Operation, Request], None]
    """Refuse a media type that is not taken, or not offered."""
    read_body: Callable[[AsyncIterator[bytes], int], Awaitable[bytes]]
    parse: Callable[[bytes], Any]
    request_errors: Callable[[str, str, Any], list[dict[str, str]]]
    finish: Callable[[str, Reply], Reply]
    """The last look at a reply before it leaves."""

    # docking
    describe: Callable[[Call], Body]
    stops: Callable[[str, str], bool]
    after_notice: Callable[[str, str], str]
    order_notices: Callable[[Sequence[Notice]], Sequence[Notice]]
    referral: Callable[[Document], Body]
    """What a problem of a retired platform says of its successor, by the notice of retirement."""

    # admission
    admission_rules: Mapping[str, AdmissionRule]
    """All of them must find nothing wrong with an admission."""
    sound_code: Callable[[str], bool]
    admit: Callable[[str, Document, Document | None, str], Body]
    may_become: Callable[[str, str], bool]
    """Whether a status of an institution can be changed to another."""
    institution_view: Callable[[Document], Body]
    standing: Callable[[str], str | None]
    """Problem code for a party of this status."""
    throttle: Callable[[str, str], float]
    """Seconds for which a client has to wait with an operation; 0 lets it pass and counts it."""
    effective_status: Callable[[Document, Document | None], str]
    """The status of an institution in view of its head office."""
    present_role: Callable[[Call, Document], str]
    """The role of a token's holder now."""
    check_standing: Callable[[Call, Caller], None]
    """Asked on every request, after the token is known."""

    # security
    find_client: Callable[[Call, str], Client | None]
    find_issuer: Callable[[Trust, object], Document | None]
    peek: Callable[[str], Document]
    verify: Callable[[str, Document], Document | None]
    first_use: Callable[[Any, str, str, int, int], bool]
    client_checks: Mapping[str, ClaimCheck]
    subject_checks: Mapping[str, ClaimCheck]
    granted_scopes: Callable[[str, str | None], frozenset[str]]
    authenticate: Callable[[Call], Caller]
    permits: Callable[[Operation, Caller], bool]
    seal: Callable[[Document, int, str], Body]

    # authorization
    parameters: Mapping[str, Any]
    """Named numbers and levels of the standard, by name."""
    check_grant: Callable[[Caller, Document], None]
    consent_rules: Mapping[str, ConsentRule]
    """All of them must hold for a consent to be recorded."""
    same_consent: Callable[[Document, Document], bool]
    """Whether a recorded authorization and a new one on the same evidence say the same."""
    authorization_record: Callable[[Caller, Document, str, str], Body]
    state: Callable[[Authorization, datetime], str]
    is_final: Callable[[str], bool]
    own_authorizations: Callable[[Call, int, int], list[tuple[int, Body]]]
    replace_older: Callable[[Call, Authorization], None]
    supersede: Callable[[Authorization, Authorization], Body | None]
    reinstate: Callable[[Authorization, Authorization, datetime], Body | None]
    lapse_all: Callable[[Call, str], None]
    may_read: Callable[[Caller, Authorization], bool]
    may_revoke: Callable[[Caller, Authorization], bool]
    revoke: Callable[[Authorization, str], Body]
    conditions: Mapping[str, Condition]
    """All of them must hold for an authorization to serve a query."""

    # collection
    idempotency_key: Callable[[Request], str | None]
    recall: Callable[[Call, str], tuple[str, Any] | None]
    """The digest of the request and the reply that an idempotency key of the caller stands for."""
    same_request: Callable[[str, str], bool]
    read_lines: Callable[[bytes], Iterable[Line]]
    validate_record: Callable[[object], Sequence[Any]]
    collect: Callable[[Call, Iterable[Line]], list[Body]]
    supersedes: Callable[[Incoming, Stored], bool]
    record_conflict: Callable[..., str | None]
    hides: Callable[[Incoming], bool]
    """Whether a version ends the service of its record."""
    repeats_locally: Callable[[Any, str], bool]
    """Whether a channel brings again what an item's headquarters share already."""
    prevailing: Callable[[Any, list[tuple[Document, str]]], list[tuple[Document, str]]]
    """Of records with the moment they came, those that are served."""
    own_batch: Callable[[Caller, str], bool]
    in_force: Callable[[Document], bool]
    serve_until: Callable[[Any, Document], str | None]
    """The last day on which a record is served."""
    timeliness: Callable[[Document | None, Document], str | None]
    """Whether a record came within the limit that its item sets."""
    reserved_identity: Callable[[Document], str | None]
    refuse_reserved: Callable[[Document], None]

    # catalog
    knows_item: Callable[[str], bool]
    asked_edition: Callable[[Call], Any]
    """The version of the checklist that a request is about."""
    overlay: Callable[[Any], Body | None]
    """What the province adds to an item."""
    checklist_versions: Callable[[Call], list[Body]]
    """The versions that the descriptor tells of."""
    catalog: Callable[[Call], list[Body]]
    catalog_entry: Callable[[Call, Any, Freshness], Body]

    # items that stay at their source
    find_source: Callable[[Trust, str], Source | None]
    source_address: Callable[[Source, str, Document], str]
    source_claims: Callable[[str, str, int], Body]
    post_source: Callable[..., Any]
    read_source: Callable[..., Answer]
    source_request: Callable[[Question, str], Body]
    ask_sources: Callable[[Any, Sequence[Question]], dict[Question, Answer]]
    """The answers to several questions, in bounded time."""
    consult: Callable[[Any, Question], Answer]
    """What a source says to one question: whom to ask, asking, and judging what came back."""
    may_verify: Callable[[Grant, Any, Document], bool]

    # query and desensitization
    check_query: Callable[[Call], None]
    """Refuse a query that obeys the contract and that nobody could answer."""
    contradictions: Callable[[Sequence[Mapping[str, str]]], Sequence[str]]
    concerns: Callable[[Document, Iterable[tuple[str, str]]], bool]
    """Whether a record can be about the subject that these identifiers name."""
    check_line: Callable[[Call], None]
    """Refuse a query of a batch by itself."""
    fit_batch: Callable[[Sequence[Any], int], Sequence[Any]]
    """The queries of a batch that is not larger than the limit."""
    hand_out: Callable[[Call, QueryBatch, QueryLine], Body]
    keep_until: Callable[[int, int], int]
    may_read_query_batch: Callable[[Caller, QueryBatch], bool]
    find_records: Callable[[Call, str, Iterable[tuple[str, str]], str], Iterable[tuple[Any, str]]]
    """Records in force on a day of an item about any of these identifiers, with the time of collection."""
    is_own: Callable[[Caller, Subject], bool]
    query_item: Callable[[Call, str, Subject, Sequence[Authorization]], Body]
    grant: Callable[[Caller, Subject, str, Sequence[Authorization]], Grant]
    serves: Callable[[str], bool]
    """Whether this audience is given records through a query at all."""
    view: Callable[..., Body]
    """The disclosed fields of one record, by the disclosure matrix."""
    token_key: bytes
    """Key of the tokens that stand for values."""
    served: Callable[[Document, str, Document], Body]
    arrange: Callable[[list[Body]], list[Body]]
    query_reply: Callable[[str, Caller, Document, str, Iterable[Document]], Body]
    note_query: Callable[[Call, str, Sequence[Body]], None]
    preview: Callable[[str, str, Any, str], Body]
